"""Says after a soak how much the evaluator knew, and why it did not know the rest."""

from __future__ import annotations

import os
from collections import Counter

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if "CONTRACT_LINT_SOAK" not in os.environ:
        return
    asked, known, gaps = 0, 0, Counter[str]()
    for report in [*terminalreporter.stats.get("passed", []), *terminalreporter.stats.get("failed", [])]:
        found = dict(report.user_properties)
        asked += found.get("asked", 0)
        known += found.get("known", 0)
        gaps.update(found.get("gaps", {}))
    if asked:
        terminalreporter.write_line(f"known: {known} of {asked} values ({known / asked:.1%})")
        for reason, count in gaps.most_common():
            terminalreporter.write_line(f"{count:6}  {reason}")
