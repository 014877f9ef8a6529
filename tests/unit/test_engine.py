"""The engine: which rules are found and selected, and what a run makes of their drafts."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hand_built import contract, output, project, span
from msgspec.structs import replace

from contract_lint.api import ContractView, CrashView, Draft, FileView, ProjectView, Rule, Severity, View, rule
from contract_lint.engine import check, load_rules, select, with_severities
from contract_lint.model.errors import ConfigError, ContractLintError
from contract_lint.model.project import UnreadableFile


@dataclass(frozen=True, slots=True)
class Note:
    text: str
    hint: str | None = None

    def message(self) -> str:
        return self.text

    def help(self) -> str | None:
        return self.hint


@rule("CL991", "every-contract", Severity.WARNING, view=ContractView, facts=Note)
def every_contract(view: ContractView) -> Iterator[Draft]:
    yield Draft(Note(f"saw {view.contract.name}"), view.contract.span, view.contract.name, "seen")


@rule("CL992", "crashes-on-outputs", Severity.ERROR, view=ContractView, facts=Note)
def crashes_on_outputs(view: ContractView) -> Iterator[Draft]:
    yield Draft(Note("before the crash"), view.contract.span, view.contract.name, "before")
    view.contract.outputs[0]
    yield Draft(Note("after the crash"), view.contract.span, view.contract.name, "after")


@rule("CL981", "seldom-wanted", Severity.NOTE, view=ProjectView, facts=Note, off=True)
def seldom_wanted(view: ProjectView) -> Iterator[Draft]:
    yield Draft(Note("the project"), view.place, "project", "all")


RULES = (*load_rules(), every_contract, crashes_on_outputs, seldom_wanted)


def crash_rule() -> Rule:
    return next(known for known in load_rules() if known.view is CrashView)


def ids(rules: tuple[Rule, ...]) -> list[str]:
    return [known.id for known in rules]


def test_built_in_rules_are_found_in_the_package() -> None:
    found = load_rules()
    assert {"CL001", "CL002", "CL008", "CL009", "CL101", "CL103", "CL111", "CL201", "CL202", "CL206"} <= set(ids(found))
    assert ids(found) == sorted(ids(found))
    assert len({known.name for known in found}) == len(found)


def test_a_broken_rule_module_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "broken_rules_for_engine_test"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "cl990_broken.py").write_text("from contract_lint.api import no_such_name\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(
        ContractLintError, match=r"broken_rules_for_engine_test\.cl990_broken cannot be loaded: ImportError: .*no_such_name"
    ):
        load_rules(package.name)
    (package / "cl990_broken.py").unlink()
    with pytest.raises(ContractLintError, match="holds no rule"):
        load_rules(package.name)
    with pytest.raises(ContractLintError, match="cannot be loaded: ModuleNotFoundError"):
        load_rules("no_such_package_of_rules")
    sys.modules.pop(package.name, None)


def test_two_rules_with_one_id_end_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "twin_rules_for_engine_test"
    package.mkdir()
    (package / "__init__.py").write_text("")
    text = (
        "from contract_lint.api import ProjectView, Severity, rule\n"
        "@rule('CL990', '{name}', Severity.NOTE, view=ProjectView, facts=Severity)\n"
        "def check(view):\n    return ()\n"
    )
    (package / "one.py").write_text(text.replace("{name}", "first"))
    (package / "two.py").write_text(text.replace("{name}", "second"))
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(
        ContractLintError, match=r"twin_rules_for_engine_test\.two: the rule CL990 \(second\) is defined in twin_rules_for_engine_test\.one"
    ):
        load_rules(package.name)


def test_select_takes_ids_names_and_areas() -> None:
    assert "CL981" not in ids(select(RULES)) and "CL991" in ids(select(RULES))
    assert ids(select(RULES, ["CL201"])) == ["CL008", "CL201"]
    assert ids(select(RULES, ["unknown-property", "cl111"])) == ["CL008", "CL111", "CL201"]
    assert ids(select(RULES, ["CL2"])) == ["CL008", *(id for id in ids(RULES) if id.startswith("CL2"))]
    assert ids(select(RULES, ["CL11"])) == ["CL008", *(id for id in ids(RULES) if id.startswith("CL11"))]


def test_off_rules_run_only_when_named() -> None:
    assert "CL981" in ids(select(RULES, ["CL9"]))
    assert "CL981" in ids(select(RULES, ["seldom-wanted"]))
    everything = ids(select(RULES, extend_select=["CL98"]))
    assert "CL981" in everything and "CL201" in everything


def test_ignore_beats_select_unless_select_is_narrower() -> None:
    assert "CL201" not in ids(select(RULES, ["CL2"], ["CL201"]))
    assert "CL201" in ids(select(RULES, ["CL201"], ["CL2"]))
    assert ids(select(RULES, ["CL201", "CL202"], ["CL202"])) == ["CL008", "CL201"]
    assert "CL008" in ids(select(RULES, ignore=["CL008"])), "a crash is never silent"


@pytest.mark.parametrize(
    ("chosen", "ignored", "near"),
    [
        (["unknown-propertey"], [], "unknown-property"),
        ([], ["unresolved-import"], "unresolved-project-import"),
        (["CL2O1"], [], "CL201"),
        ([], ["CL7"], None),
        (["CL"], [], None),
        ([""], [], None),
    ],
)
def test_an_unknown_name_is_refused(chosen: list[str], ignored: list[str], near: str | None) -> None:
    with pytest.raises(ConfigError) as raised:
        select(load_rules(), chosen, ignored)
    assert (raised.value.key, raised.value.near) == ("select" if chosen else "ignore", near)


def test_ignoring_everything_is_refused() -> None:
    with pytest.raises(ConfigError, match="no rule is left"):
        select(load_rules(), ["CL2"], ["CL2"])


def test_findings_are_sorted_and_do_not_depend_on_the_order_of_the_project() -> None:
    contracts = [contract(name, line=line, path=path) for name, line, path in [("B", 9, "b.py"), ("A", 2, "b.py"), ("C", 5, "a.py")]]
    expected = check(project(contracts=tuple(contracts)), (every_contract,)).findings
    assert [(f.span.path, f.span.line, f.message) for f in expected] == [("a.py", 5, "saw C"), ("b.py", 2, "saw A"), ("b.py", 9, "saw B")]
    for seed in range(5):
        shuffled = contracts[:]
        random.Random(seed).shuffle(shuffled)
        assert check(project(contracts=tuple(shuffled)), (every_contract,)).findings == expected


def test_repetitions_are_dropped_and_equal_anchors_numbered() -> None:
    twice = contract("A", line=3)
    outcome = check(project(contracts=(twice, replace(twice, class_name="Other"), contract("A", line=1))), (every_contract,))
    assert [(f.span.line, f.anchor) for f in outcome.findings] == [(1, "A.seen"), (3, "A.seen#2")]
    elsewhere = check(project(contracts=(twice, contract("A", path="other.py"))), (every_contract,))
    assert [f.anchor for f in elsewhere.findings] == ["A.seen", "A.seen"], "ordinals count within one file"


def test_the_fingerprint_survives_moved_lines() -> None:
    before, after = (check(project(contracts=(contract("A", line=line),)), (every_contract,)).findings[0] for line in (3, 300))
    assert before.fingerprint == after.fingerprint and before.span != after.span


def test_only_places_in_scope_are_reported() -> None:
    seen = project(contracts=(contract("A", path="src/a.py"), contract("B", path="lib/b.py")))
    assert [f.span.path for f in check(seen, (every_contract,), lambda path: path.startswith("src/")).findings] == ["src/a.py"]


def test_a_crash_is_a_finding_and_everything_else_goes_on() -> None:
    whole, empty = contract("Whole", outputs=(output("model"),), line=1), contract("Empty", line=2)
    outcome = check(project(contracts=(whole, empty)), (crash_rule(), every_contract, crashes_on_outputs))
    assert outcome.crashed == ("CL992",)
    assert [(f.rule, f.span.line) for f in outcome.findings if f.rule != "CL008"] == [
        ("CL991", 1),
        ("CL992", 1),
        ("CL992", 1),
        ("CL991", 2),
        ("CL992", 2),
    ]
    (crash,) = [f for f in outcome.findings if f.rule == "CL008"]
    assert crash.span == span(2)
    for part in ("CL992 (crashes-on-outputs)", "IndexError: tuple index out of range", "test_engine:", "view.contract.outputs[0]"):
        assert part in crash.message
    assert crash.anchor == "CL992.IndexError"


def test_one_defect_that_crashes_everywhere_is_one_finding_whatever_the_scope() -> None:
    empty = tuple(contract(f"Empty{line}", line=line) for line in range(1, 9))
    outcome = check(project(contracts=empty), (crash_rule(), crashes_on_outputs), lambda path: False)
    (crash,) = outcome.findings
    assert "and at 7 more" in crash.message and len(crash.related) == 5
    assert outcome.crashed == ("CL992",)


def test_a_crash_is_known_even_without_the_rule_that_reports_it() -> None:
    assert check(project(contracts=(contract(),)), (crashes_on_outputs,)).crashed == ("CL992",)


class Silent(Exception):
    def __str__(self) -> str:
        raise ValueError("not even this")


@dataclass(frozen=True, slots=True)
class BrokenText:
    def message(self) -> str:
        raise Silent

    def help(self) -> str | None:
        return None


@rule("CL993", "broken-text", Severity.ERROR, view=FileView, facts=BrokenText)
def broken_text(view: FileView) -> Iterator[Draft]:
    yield Draft(BrokenText(), view.place, "x", "y")


def test_facts_that_cannot_be_told_are_a_crash_too() -> None:
    seen = project(unreadable=(UnreadableFile("CL001", span(4), "invalid syntax"),))
    outcome = check(seen, (crash_rule(), broken_text))
    assert outcome.crashed == ("CL993",)
    assert "Silent, at" in outcome.findings[0].message


def test_a_rule_sees_only_its_view() -> None:
    seen: list[View] = []

    @rule("CL994", "collector", Severity.NOTE, view=ContractView, facts=Note)
    def collector(view: ContractView) -> tuple[Draft, ...]:
        seen.append(view)
        return ()

    check(project(contracts=(contract(),), unreadable=(UnreadableFile("CL001", span(4), "invalid syntax"),)), (collector,))
    assert [type(view) for view in seen] == [ContractView]


@rule("CL995", "contracts-and-files", Severity.WARNING, view=ContractView, facts=Note, also=(FileView,))
def contracts_and_files(view: ContractView | FileView) -> Iterator[Draft]:
    if isinstance(view, FileView):
        yield Draft(Note("a file"), view.place, "file", "seen", severity=Severity.NOTE)
    else:
        yield Draft(Note("a contract"), view.place, "contract", "seen", severity=Severity.ERROR)


SEVERAL = project(contracts=(contract(line=2),), unreadable=(UnreadableFile("CL001", span(9), "invalid syntax"),))


def test_a_rule_may_see_several_views_and_its_findings_may_be_milder_than_it() -> None:
    findings = check(SEVERAL, (contracts_and_files,)).findings
    assert [(f.message, f.severity, f.span.line) for f in findings] == [("a contract", Severity.WARNING, 2), ("a file", Severity.NOTE, 9)]


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (Severity.ERROR, [Severity.ERROR, Severity.NOTE]),
        (Severity.WARNING, [Severity.WARNING, Severity.NOTE]),
        (Severity.NOTE, [Severity.NOTE, Severity.NOTE]),
    ],
)
def test_a_configured_severity_caps_all_findings_of_a_rule(level: Severity, expected: list[Severity]) -> None:
    rules = with_severities((contracts_and_files,), {"CL995": level})
    assert [f.severity for f in check(SEVERAL, rules).findings] == expected


def test_a_crash_over_a_further_view_is_told_at_its_place() -> None:
    @rule("CL996", "crashes-over-files", Severity.ERROR, view=ContractView, facts=Note, also=(FileView,))
    def crashes_over_files(view: ContractView | FileView) -> Iterator[Draft]:
        if isinstance(view, FileView):
            raise KeyError("file")
        yield Draft(Note("a contract"), view.place, "contract", "seen")

    outcome = check(SEVERAL, (crash_rule(), crashes_over_files))
    assert [(f.rule, f.span.line) for f in outcome.findings] == [("CL996", 2), ("CL008", 9)]
