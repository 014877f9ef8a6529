"""Select rules, show each its views, and collect what they find."""

from __future__ import annotations

import importlib
import linecache
import pkgutil
import re
import traceback
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from contract_lint.api import Draft, Rule
from contract_lint.config import check_rules
from contract_lint.model.errors import ConfigError, ContractLintError
from contract_lint.model.finding import Finding, Severity
from contract_lint.model.project import Project
from contract_lint.model.span import Span
from contract_lint.viewing import views_of
from contract_lint.views import CrashView, View

#: Where the built-in rules are installed. They are found by name: no type checker and no import chain follows the mapped folder.
BUILT_IN = "contract_lint.rules"


class Outcome(Struct, frozen=True):
    """What a run of the rules brought: sorted findings, and the ids of the rules that crashed on the way."""

    findings: tuple[Finding, ...]
    crashed: tuple[str, ...] = ()


def load_rules(package: str = BUILT_IN) -> tuple[Rule, ...]:
    """All rules in a package, sorted by id: every module below it is imported, whose name has no leading underscore.

    Raises ContractLintError if a module cannot be imported, if two rules share an id or a name, or if there is no rule at all.
    """
    rules: dict[str, Rule] = {}
    for module in _modules(package):
        for value in vars(importlib.import_module(module)).values():
            if not isinstance(value, Rule) or value.module != module:
                continue
            for other in rules.values():
                if value.id == other.id or value.name == other.name:
                    raise ContractLintError(f"{module}: the rule {value.id} ({value.name}) is defined in {other.module} too")
            rules[value.id] = value
    if not rules:
        raise ContractLintError(f"the package {package} holds no rule")
    return tuple(rules[id] for id in sorted(rules))


def _modules(package: str) -> Iterator[str]:
    """The dotted names of a package and all modules below it, each imported."""
    try:
        found = importlib.import_module(package)
    except Exception as error:
        raise ContractLintError(f"the rule module {package} cannot be loaded: {_one_line(error)}") from error
    yield package
    for child in sorted(pkgutil.iter_modules(getattr(found, "__path__", ())), key=lambda info: info.name):
        if not child.name.startswith("_"):
            yield from _modules(f"{package}.{child.name}")


def select(
    rules: Sequence[Rule], select: Collection[str] = (), ignore: Collection[str] = (), extend_select: Collection[str] = ()
) -> tuple[Rule, ...]:
    """The rules to run; each name is an id, a rule's name, or an area (``CL2``, ``CL20``).

    Without ``select`` all rules run that are not off; ``extend_select`` adds to either. A narrower name beats a wider one
    (``CL201`` is selected although ``CL2`` is ignored), and ``ignore`` beats an equal one. The rule that reports crashes stays.
    Raises ConfigError for a name that stands for no rule, with the nearest name.
    """
    for key, names in (("select", select), ("ignore", ignore), ("extend-select", extend_select)):
        check_rules(names, _names(rules), key=key)
    chosen = tuple(rule for rule in rules if rule.view is CrashView or _chosen(rule, select, ignore, extend_select))
    if all(rule.view is CrashView for rule in chosen):
        raise ConfigError("no rule is left to run", key="select" if select else "ignore")
    return chosen


def with_severities(rules: Sequence[Rule], severities: Mapping[str, Severity]) -> tuple[Rule, ...]:
    """The rules with other severities; each name is an id, a rule's name, or an area, and the narrowest counts, of equals the last.

    Raises ConfigError for a name that stands for no rule, with the nearest name.
    """
    check_rules(severities, _names(rules), key="severity")
    return tuple(replace(rule, severity=_severity(rule, severities)) for rule in rules)


def _severity(rule: Rule, severities: Mapping[str, Severity]) -> Severity:
    best, found = 1, rule.severity
    for name, severity in severities.items():
        width = _width(rule, name)
        if width >= best:
            best, found = width, severity
    return found


def _names(rules: Iterable[Rule]) -> Mapping[str, str]:
    return {rule.id: rule.name for rule in rules}


def _chosen(rule: Rule, select: Collection[str], ignore: Collection[str], extend_select: Collection[str]) -> bool:
    wanted = max((_width(rule, name) for name in (*select, *extend_select)), default=0)
    unwanted = max((_width(rule, name) for name in ignore), default=0)
    if wanted:
        return wanted > unwanted
    return not (unwanted or select or rule.off)


def _width(rule: Rule, name: str) -> int:
    """How narrowly a name means a rule: 0 not at all, 1 by its area, 2 by the area's tens, 3 by id or name."""
    folded = name.strip().casefold()
    if folded in (rule.id.casefold(), rule.name.casefold()):
        return 3
    if re.fullmatch(r"cl[0-9]{1,2}", folded) and rule.id.casefold().startswith(folded):
        return len(folded) - 2
    return 0


class _Crash(Struct, frozen=True):
    rule: Rule
    exception: str
    trace: str
    place: Span


def check(project: Project, rules: Iterable[Rule], scope: Callable[[str], bool] = lambda path: True) -> Outcome:
    """Run the rules over a project; a finding is kept if ``scope`` accepts the path of its place.

    A rule that raises is reported (CL008, wherever it looked) and everything else goes on.
    """
    ordered = sorted(rules, key=lambda rule: rule.id)
    found: list[tuple[Rule, Draft]] = []
    crashes: list[_Crash] = []
    for rule in ordered:
        for kind in (rule.view, *rule.also):
            for view in views_of(kind, project):
                _run(rule, view, found, crashes)
    kept = [(rule, draft) for rule, draft in found if scope(draft.span.path)]
    crashed = tuple(sorted({crash.rule.id for crash in crashes}))
    reported: list[tuple[Rule, Draft]] = []
    for rule in ordered:
        if rule.view is CrashView:
            for view in _crash_views(crashes):
                _run(rule, view, reported, [])
    return Outcome(_finish(kept + reported), crashed)


def _run(rule: Rule, view: View, found: list[tuple[Rule, Draft]], crashes: list[_Crash]) -> None:
    """Add what a rule yields for a view; after a crash, what it had yielded before stays."""
    try:
        for draft in rule.check(view):
            draft.facts.message()  # a crash while telling it is a crash too
            draft.facts.help()
            found.append((rule, draft))
    except Exception as error:
        crashes.append(_Crash(rule, _one_line(error), _last_line(error, rule), view.place))


def _crash_views(crashes: Sequence[_Crash]) -> Iterator[CrashView]:
    """One view for each way in which a rule crashed."""
    alike: dict[tuple[str, str, str, str], list[Span]] = defaultdict(list)
    for crash in crashes:
        alike[crash.rule.id, crash.rule.name, crash.exception, crash.trace].append(crash.place)
    for (id, name, exception, trace), places in sorted(alike.items()):
        yield CrashView(id, name, exception, trace, tuple(sorted(set(places))))


def _last_line(error: Exception, rule: Rule) -> str:
    """The last place inside the rule's module that the exception came through: ``module:line: source``."""
    walked = [
        (frame.f_globals.get("__name__", "?"), frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    inside = [step for step in walked if step[0] == rule.module] or walked[-1:]
    if not inside:
        return rule.module
    module, file, line = inside[-1]
    source = linecache.getline(file, line).strip()
    return f"{module}:{line}: {source}" if source else f"{module}:{line}"


def _one_line(error: Exception) -> str:
    """Type and text of an exception, whatever its own ``__str__`` does."""
    try:
        text = " ".join(str(error).split())
    except Exception:
        text = ""
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _finish(drafts: Iterable[tuple[Rule, Draft]]) -> tuple[Finding, ...]:
    """Findings without repetition, sorted; equal anchors of one rule in one file are numbered in the order of places."""
    unique: dict[tuple[str, str, Span], Finding] = {}
    for finding in sorted((_finding(rule, draft) for rule, draft in drafts), key=_all_of):
        unique.setdefault((finding.rule, finding.anchor, finding.span), finding)
    counts: dict[tuple[str, str, str], int] = defaultdict(int)
    numbered: list[Finding] = []
    for finding in sorted(unique.values(), key=lambda finding: finding.sort_key):
        equals = (finding.rule, finding.span.path, finding.anchor)
        counts[equals] += 1
        numbered.append(replace(finding, anchor=f"{finding.anchor}#{counts[equals]}") if counts[equals] > 1 else finding)
    return tuple(sorted(numbered, key=lambda finding: finding.sort_key))


def _finding(rule: Rule, draft: Draft) -> Finding:
    facts = draft.facts
    milder = draft.severity is not None and draft.severity.rank < rule.severity.rank
    severity = draft.severity if draft.severity is not None and milder else rule.severity
    return Finding(rule.id, rule.name, severity, draft.span, facts.message(), facts.help(), draft.anchor, draft.related)


def _all_of(finding: Finding) -> tuple[tuple[Span, str, str, str], str, tuple[tuple[Span, str], ...]]:
    """A total order, so that which of two repetitions stays depends on nothing but their content."""
    return finding.sort_key, finding.help or "", tuple((related.span, related.message) for related in finding.related)
