"""The words that a step passes to its script, as argparse reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from contract_lint.api import HOLE, Argument, Launch, Written

#: Hyperparameters that the SDK and its containers use themselves.
OWN_HYPERPARAMETERS = "sagemaker_"
HELP = ("-h", "--help")


@dataclass(slots=True)
class Passed:
    """``uncertain``: some word may be a flag, or a flag's name is not known in full."""

    given: list[Argument] = field(default_factory=list)
    values: list[tuple[Argument, Written]] = field(default_factory=list)
    unknown: list[Written] = field(default_factory=list)
    uncertain: bool = False


def resolve(flag: str, arguments: Sequence[Argument], abbreviates: bool) -> Argument | None:
    """The argument that a flag names, in full or by an unambiguous beginning."""
    exact = [argument for argument in arguments if flag in argument.flags]
    if exact:
        return exact[0]
    if not abbreviates or not flag.startswith("--"):
        return None
    begun = [argument for argument in arguments if any(name.startswith(flag) for name in argument.flags if name.startswith("--"))]
    return begun[0] if len(begun) == 1 else None


def passed_to(launch: Launch, arguments: Sequence[Argument], abbreviates: bool) -> Passed:
    """What becomes of the arguments and hyperparameters of a launch."""
    passed = Passed()
    expecting: Argument | None = None
    fresh = False
    for word in launch.arguments:
        text = word.text
        if text is not None and text.startswith("-") and not _is_number(text):
            name, equals, value = text.partition("=")
            expecting = None
            if HOLE in name:
                passed.uncertain = True
            elif (found := resolve(name, arguments, abbreviates)) is not None:
                passed.given.append(found)
                expecting, fresh = (found, True) if found.takes_value and not equals else (None, False)
                if equals and HOLE not in value:
                    passed.values.append((found, Written(value, word.span)))
            elif not _short_with_value(name, arguments) and name not in HELP and name != "--":
                passed.unknown.append(Written(name, word.span))
                expecting = None
        elif expecting is not None:
            if fresh:
                passed.values.append((expecting, word))
            fresh = False
        elif text is None or text.startswith(HOLE):
            passed.uncertain = True
    for setting in launch.hyperparameters:
        name = setting.name.text or HOLE
        if name.startswith(OWN_HYPERPARAMETERS):
            continue
        flag = f"--{name}" if len(name) > 1 else f"-{name}"
        if HOLE in name:
            passed.uncertain = True
        elif (found := resolve(flag, arguments, abbreviates)) is not None:
            passed.given.append(found)
            passed.values.append((found, setting.value))
        else:
            passed.unknown.append(Written(flag, setting.name.span))
    return passed


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _short_with_value(name: str, arguments: Sequence[Argument]) -> bool:
    """``-n5``, ``-xvf``: short flags that are written together."""
    return not name.startswith("--") and len(name) > 2 and any(name[:2] in argument.flags for argument in arguments)
