"""Every rule on small real trees, and the examples of its page.

``fixtures/CL201/bad_x/`` holds a tree and ``expected.txt``, one line a finding, ``path:line:column CL201 message``, with the severity
behind the rule if it is not the rule's own; a ``good_x`` tree has no findings at all. ``pytest tests/test_fixtures.py --rewrite``
writes what the tool says.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from injected_rule import FirstOutput, first_output_named_model

from contract_lint.api import CrashView, Rule
from contract_lint.engine import check, load_rules, select
from contract_lint.model.finding import Finding
from contract_lint.run import Request, read

FIXTURES = Path(__file__).parent / "fixtures"
TREES = sorted(tree for area in FIXTURES.glob("CL*") for tree in area.iterdir() if tree.is_dir())
RULES = load_rules()
SEVERITIES = {known.id: known.severity for known in RULES}
SECTIONS = ("What it reports", "Why it matters", "Bad", "Good", "How to fix", "When it stays silent")
_BLOCK = re.compile(r"^```(python|yaml)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def findings_in(tree: Path, *injected: Rule, about: str = "CL008") -> tuple[Finding, ...]:
    """What all rules find, with the rule that the tree is ``about`` even if it is off."""
    reading = read(Request(paths=(tree,), root=tree, isolated=True))
    return check(reading.whole, (*select(RULES, extend_select=[about]), *injected), reading.scope).findings


def lines_of(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{finding.span} {finding.rule}{_weight(finding)} {finding.message}" for finding in findings]


def _weight(finding: Finding) -> str:
    """The severity, where it is not the rule's own."""
    return "" if finding.severity is SEVERITIES.get(finding.rule, finding.severity) else f" ({finding.severity.value})"


def copied(tree: Path, target: Path) -> Path:
    """The tree outside this repository, so that nothing around it counts as its project."""
    return Path(shutil.copytree(tree, target / tree.name, ignore=shutil.ignore_patterns("expected.txt", "__pycache__")))


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: f"{tree.parent.name}-{tree.name}")
def test_tree(tree: Path, tmp_path: Path, rewrite: bool) -> None:
    injected = (first_output_named_model,) if tree.parent.name == "CL008" else ()
    lines = lines_of(findings_in(copied(tree, tmp_path), *injected, about=tree.parent.name))
    expected = tree / "expected.txt"
    if rewrite:
        expected.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8") if lines else expected.unlink(missing_ok=True)
    assert lines == (expected.read_text(encoding="utf-8").splitlines() if expected.exists() else [])
    if tree.name.startswith("bad_"):
        assert any(f" {tree.parent.name} " in line for line in lines)
    else:
        assert not lines


def test_every_rule_has_trees_and_every_tree_a_rule() -> None:
    names: dict[str, list[str]] = {known.id: [] for known in RULES}
    for tree in TREES:
        assert tree.parent.name in names, f"{tree.parent.name} is no rule"
        assert tree.name.startswith(("bad_", "good_")), f"{tree}: neither bad nor good"
        names[tree.parent.name].append(tree.name)
    for id, trees in names.items():
        assert sum(name.startswith("bad_") for name in trees) >= 2, f"{id} needs two bad trees"
        assert sum(name.startswith("good_") for name in trees) >= 2, f"{id} needs two good trees"


@pytest.mark.parametrize("known", RULES, ids=lambda known: known.id)
def test_a_page_has_all_sections_in_order(known: Rule) -> None:
    assert tuple(re.findall(r"^## (.*)$", known.page, re.MULTILINE)) == SECTIONS
    first, second, *_ = known.page.splitlines()
    assert first.endswith(".") and second == ""
    assert len(blocks(known, "Bad")) == len(blocks(known, "Good")) == 1
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", known.name)


def blocks(known: Rule, section: str) -> list[str]:
    return [text for _, text in _BLOCK.findall(known.page.split(f"## {section}\n")[1].split("\n## ")[0])]


def lay_out(block: str, folder: Path) -> None:
    """Write an example: one file, or several of which each begins with a comment that names it; what begins with a name is YAML."""
    first, *named = re.split(r"^# (\S+\.py)$\n", block, flags=re.MULTILINE)
    alone = "pipeline.yaml" if block.startswith("name:") else "builders.py"
    for name, text in zip(named[::2], named[1::2], strict=True) if named else [(alone, first)]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("known", [known for known in RULES if known.view is not CrashView], ids=lambda known: known.id)
@pytest.mark.parametrize("section", ["Bad", "Good"])
def test_the_example_of_a_page_says_what_the_page_says(known: Rule, section: str, tmp_path: Path) -> None:
    lay_out(blocks(known, section)[0], tmp_path)
    found = [finding.rule for finding in findings_in(tmp_path, about=known.id)]
    assert found == ([known.id] if section == "Bad" else [])


@pytest.mark.parametrize("section", ["Bad", "Good"])
def test_the_example_of_the_crash_page(section: str, tmp_path: Path) -> None:
    crash = next(known for known in RULES if known.view is CrashView)
    names: dict[str, object] = {"__name__": __name__, "FirstOutput": FirstOutput}
    exec(blocks(crash, section)[0], names)
    example = names["first_output_named_model"]
    assert isinstance(example, Rule)
    copied(FIXTURES / "CL008" / "bad_builder_without_outputs", tmp_path)
    assert [finding.rule for finding in findings_in(tmp_path, example)] == (["CL008"] if section == "Bad" else [])
