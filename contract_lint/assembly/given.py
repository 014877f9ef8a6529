"""What the code, or the configuration, says of single inputs: T0."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

from contract_lint.assembly.names import form
from contract_lint.assembly.offers import Offer, Offers, path_keys
from contract_lint.assembly.options import MatchOptions
from contract_lint.model.contract import HOLE, Direction, PathText, Port
from contract_lint.model.evidence import judge
from contract_lint.model.pipeline import Given, GivenInput, Pipeline, Step
from contract_lint.model.property_path import PropertyPath, parse
from contract_lint.model.reasons import sentence
from contract_lint.model.types import UNKNOWN
from contract_lint.model.wiring import Candidate, Reach, Refusal, Tier
from contract_lint.sagemaker.step_kinds import kind_named

#: A step and the name of its input.
Key = tuple[str, str]
IN_CONFIG = "the configuration"


class Placed(Struct, frozen=True):
    """What is given to which input, and what is given to inputs that do not exist."""

    by_input: Mapping[Key, GivenInput]
    unplaced: tuple[GivenInput, ...]


class Referred(Struct, frozen=True):
    """Where a reference leads: the output, or why not, as far as that is known."""

    candidate: Candidate | None = None
    refused: tuple[Refusal, ...] = ()
    open: str | None = None
    says: str | None = None


def place_given(pipeline: Pipeline, steps: Mapping[str, Step], options: MatchOptions) -> Placed:
    """Find the inputs that are meant: by name, else by another name of theirs. The configuration wins over the code."""
    found: dict[Key, list[GivenInput]] = defaultdict(list)
    unplaced: list[GivenInput] = []
    for one in sorted(pipeline.given, key=_order):
        port = _input(steps[one.step], one.input) if one.step in steps else None
        if port is None:
            unplaced.append(one)
        else:
            found[one.step, port.name].append(one)
    placed = {key: _agreed(several) for key, several in found.items()}
    for override in options.overrides:
        for step in steps.values():
            port = _input(step, override.input) if form(step.name) == form(override.step) else None
            if port is not None:
                external = override.producer is None
                given = Given.EXTERNAL if external else Given.REFERENCE
                producer = _named(steps, override.producer)
                placed[step.name, port.name] = GivenInput(
                    step.name, port.name, port.origin, given, producer, override.output, says=IN_CONFIG if external else None
                )
    return Placed(placed, tuple(unplaced))


def _order(one: GivenInput) -> tuple[str, str, str, int, int, str]:
    return one.step, one.input, one.span.path, one.span.cell or 0, one.span.line, f"{one.span.column:06} {_said(one)}"


def _said(one: GivenInput) -> tuple[str, str, str, str, str]:
    """What is given, wherever it is written."""
    return one.given.value, one.producer or "", one.output or "", one.path.text if one.path else "", one.says or ""


def _agreed(several: Sequence[GivenInput]) -> GivenInput:
    """The one thing that an input is given; what differs from place to place is not known."""
    first = several[0]
    if all(_said(one) == _said(first) for one in several):
        return first
    return GivenInput(first.step, first.input, first.span, Given.UNKNOWN, says="it is given different values at different places")


def _input(step: Step, name: str) -> Port | None:
    """The input of this name, or the only one that has it as another name."""
    exact = [port for port in step.inputs if port.name == name]
    other = [port for port in step.inputs if name in port.aliases]
    if exact:
        return exact[0]
    return other[0] if len(other) == 1 else None


def _named(steps: Mapping[str, Step], name: str | None) -> str | None:
    """The step that the configuration means: the one called so, or the only one whose name is spelled differently."""
    if name is None or name in steps:
        return name
    same = [one for one in steps if form(one) == form(name)]
    return same[0] if len(same) == 1 else name


# --- where a reference leads ---


def refer(
    given: GivenInput, input: Port, offers: Offers, steps: Mapping[str, Step], places: Mapping[str, int], open_steps: str | None
) -> Referred:
    """The output that a reference means."""
    name = given.producer
    if name is None:
        return Referred(open="which step it refers to is not known")
    if name not in steps:
        says = f"{name!r} is no step of the pipeline"
        return Referred(open=f"{says} as far as it is known: {sentence(open_steps)}" if open_steps is not None else None, says=says)
    if name == given.step:
        return Referred(says="it refers to its own step")
    own = offers.at[places[name]]
    offer = _output(given, own, steps[name])
    if offer is not None and not _reads_another(given, _default_or_own(offer.port, steps[name], len(own))):
        return Referred(_stated(given, input, name, offer.port, places[name]))
    if given.output is None and given.path is not None and HOLE not in given.path.text:
        read = Port(_plain(given.path), Direction.OUTPUT, given.path.origin, property_path=given.path, typing=given.typing)
        return Referred(_stated(given, input, name, read, places[name]))
    if given.output is None:
        return Referred(open=f"what it reads of {name!r} is not known")
    says = f"{name!r} has no output {given.output!r}"
    opened = offers.providers[places[name]].opened
    near = tuple(
        Refusal(name, one.port, Tier.EXPLICIT, "name", f"a reference takes the name as it is written: {given.output!r}")
        for one in own
        if form(given.output) in (one.name.form, *(alias.name.form for alias in one.aliases))
    )
    return Referred(refused=near, open=f"{says} as far as it is known: {sentence(opened)}" if opened is not None else None, says=says)


def _stated(given: GivenInput, input: Port, step: str, output: Port, place: int) -> Candidate:
    via = "a reference in the code" if given.span != input.origin else f"a reference ({IN_CONFIG})"
    return Candidate(step, output, Tier.EXPLICIT, Reach.EXPLICIT, 1, place, via, given.span, judge(output.typing, input.typing))


def _output(given: GivenInput, offers: Sequence[Offer], step: Step) -> Offer | None:
    """The output by the name that is given, else by its property path, else by the key in the path; names as they are written."""
    if given.output is not None:
        exact = [one for one in offers if one.port.name == given.output]
        return next(iter(exact), None) or _only([one for one in offers if given.output in _other_names(one.port)])
    if given.path is None:
        return None
    read = _plain(given.path)
    same = [one for one in offers if _default_or_own(one.port, step, len(offers)) == read]
    if same:
        return _only(same)
    keys = path_keys(given.path)
    return _only([one for one in offers if len(keys) == 1 and keys[0] in (one.port.name, *_other_names(one.port))])


def _reads_another(given: GivenInput, path: str | None) -> bool:
    """Whether another property of the output is read than the one at ``path``, and it is known what that is."""
    if given.output is not None or given.path is None or path is None or given.typing.type == UNKNOWN:
        return False
    return HOLE not in given.path.text and _plain(given.path) != path


def _other_names(port: Port) -> tuple[str, ...]:
    return (*port.aliases, *(path_keys(port.property_path) if port.property_path is not None else ()))


def _only(offers: Sequence[Offer]) -> Offer | None:
    return offers[0] if len(offers) == 1 else None


def _default_or_own(port: Port, step: Step, outputs: int) -> str | None:
    """The property path of an output: its own, or the one that the step's kind gives it."""
    if port.property_path is not None:
        return _plain(port.property_path)
    kind = kind_named(step.kinds[0]) if len(step.kinds) == 1 else None
    if kind is None or kind.default_path is None or (kind.default_for_sole_output and outputs != 1):
        return None
    return kind.default_path.replace("{output}", port.name)


def _plain(path: PathText) -> str:
    """A path without its prefix, as the SDK prints it."""
    parsed = parse(path.text)
    return str(parsed) if isinstance(parsed, PropertyPath) else path.text
