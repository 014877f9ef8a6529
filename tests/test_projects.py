"""Whole step-builder projects in three house styles, and a broken twin of each.

``fixtures/projects/<style>/clean`` is a project without findings. ``broken`` holds only the files that differ: laid over the
clean tree they make its twin. In ``broken``, ``expected.txt`` is what the tool says (``pytest tests/test_projects.py --rewrite``
writes it), and ``planned.txt`` lists the mistakes that were planted, one line each: ``path:line rule``; the line is that of the
finding or of one of its related places.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from test_fixtures import lines_of

from contract_lint.engine import check, load_rules, select
from contract_lint.model.finding import Finding
from contract_lint.run import Reading, Request, read

PROJECTS = Path(__file__).parent / "fixtures" / "projects"
STYLES = sorted(style.name for style in PROJECTS.iterdir() if style.is_dir())
KNOWN = frozenset(rule.id for rule in load_rules())
NOTES = ("expected.txt", "planned.txt", "__pycache__")
_PLANNED = re.compile(r"(?P<path>\S+):(?P<line>\d+) (?P<rule>CL\d{3})")


def project(style: str, twin: str, target: Path) -> Path:
    """The project outside this repository, so that nothing around it counts as its root."""
    for part in dict.fromkeys(("clean", twin)):
        shutil.copytree(PROJECTS / style / part, target / style, ignore=shutil.ignore_patterns(*NOTES), dirs_exist_ok=True)
    return target / style


def reading(root: Path) -> Reading:
    return read(Request(paths=(root,), root=root, isolated=True))


def findings(root: Path) -> tuple[Finding, ...]:
    """What the rules find that are on by default."""
    found = reading(root)
    return check(found.whole, select(load_rules()), found.scope).findings


@pytest.mark.parametrize("twin", ["clean", "broken"])
@pytest.mark.parametrize("style", STYLES)
def test_project(style: str, twin: str, tmp_path: Path, rewrite: bool) -> None:
    lines = lines_of(findings(project(style, twin, tmp_path)))
    expected = PROJECTS / style / twin / "expected.txt"
    if rewrite and twin == "broken":
        expected.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    assert lines == expected.read_text(encoding="utf-8").splitlines()
    assert bool(lines) == (twin == "broken")


@pytest.mark.parametrize("style", STYLES)
def test_every_builder_of_a_clean_project_is_known(style: str, tmp_path: Path) -> None:
    found = reading(project(style, "clean", tmp_path)).project
    assert 6 <= len(found.contracts) <= 10
    assert all(contract.made and contract.made_unknown is None for contract in found.contracts)
    assert found.coverage.known_ports == found.coverage.ports


@pytest.mark.parametrize("style", STYLES)
def test_every_planted_mistake_of_a_known_rule_is_found(style: str, tmp_path: Path) -> None:
    planned = [_PLANNED.fullmatch(line) for line in (PROJECTS / style / "broken" / "planned.txt").read_text(encoding="utf-8").splitlines()]
    assert 8 <= len(planned) <= 12
    reported = findings(project(style, "broken", tmp_path))
    seen = {(f.rule, at.path, at.line) for f in reported for at in (f.span, *(place.span for place in f.related))}
    for plan in planned:
        assert plan is not None
        assert plan["rule"] not in KNOWN or (plan["rule"], plan["path"], int(plan["line"])) in seen, plan[0]


@pytest.mark.parametrize("style", STYLES)
def test_a_broken_twin_holds_only_files_that_differ(style: str) -> None:
    clean, broken = PROJECTS / style / "clean", PROJECTS / style / "broken"
    for file in broken.rglob("*.py"):
        same = clean / file.relative_to(broken)
        assert same.is_file() and same.read_bytes() != file.read_bytes(), file
