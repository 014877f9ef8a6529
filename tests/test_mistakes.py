"""The table of mistakes is true: every row has a rule with a case that it reports, a rule to come, or a reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from contract_lint.engine import load_rules

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "tests" / "fixtures"
ROWS = [
    [cell.strip() for cell in line.strip("|\n").split(" | ")]
    for line in (ROOT / "docs" / "mistakes.md").read_text(encoding="utf-8").splitlines(keepends=True)
    if re.match(r"\| \d+ \|", line)
]
#: As many kinds of mistake are told apart.
MISTAKES = 101
RULES = {rule.id for rule in load_rules()}


def test_every_mistake_has_a_row() -> None:
    assert [int(row[0]) for row in ROWS] == list(range(1, MISTAKES + 1))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row[0]))
def test_a_row_keeps_its_promise(row: list[str]) -> None:
    _, mistake, sdk, rule, case = row
    assert mistake and sdk
    named = re.findall(r"CL\d{3}", rule)
    if rule.startswith("not by reading: "):
        assert not case and not named
    elif rule.startswith("later: "):
        assert not case and named and RULES.isdisjoint(named), "the rule exists: name its case"
    else:
        assert set(named) <= RULES
        first = named[0]
        expected = (FIXTURES / case.strip("`") / "expected.txt").read_text(encoding="utf-8")
        assert case.strip("`").startswith(f"{first}/bad_")
        assert f" {first} " in expected
