"""The evaluator against real Python on generated projects: what it claims is true, and it knows most of what can be known.

``CONTRACT_LINT_SOAK`` gives the number of modules to try; without it there are a few thousand, always the same.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, seed, settings
from property.examine import Asker, Report, examine, summarized
from property.generated import Project, projects

#: Each part is a test of its own, so that they run side by side.
PARTS = 4
MODULES = int(os.environ.get("CONTRACT_LINT_SOAK", "4000"))
MODULES_OF_A_PROJECT = 10
#: Of the values that depend on nothing unknown.
KNOWN_AT_LEAST = 0.95


def settled(part: int, examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The same examples in every run."""

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        chosen = settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=False)
        return seed(part)(chosen(test))

    return decorate


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_claims_are_true_and_most_is_known(part: int, record_property: Callable[[str, object], None]) -> None:
    total = Report()

    @settled(part, MODULES // MODULES_OF_A_PROJECT // PARTS)
    @given(projects())
    def compare(project: Project) -> None:
        report = examine(project)
        total.add(report)
        assert not report.false, "\n".join(report.false)

    compare()
    record_property("asked", total.asked)
    record_property("known", total.known)
    record_property("gaps", dict(total.gaps))
    assert total.asked >= MODULES // MODULES_OF_A_PROJECT // PARTS
    assert total.known / total.asked >= KNOWN_AT_LEAST, total.gaps.most_common()


@pytest.mark.slow
@settled(0, 40)
@given(projects())
def test_answers_depend_on_no_order(project: Project) -> None:
    """Neither on the order in which modules are loaded nor on what was asked before."""
    summaries = summarized(project)
    expected = Asker(project, summaries, project.modules).everything(project.questions)
    shuffled = random.Random(0)
    for _ in range(2):
        modules, questions = list(project.modules), list(project.questions)
        shuffled.shuffle(modules)
        shuffled.shuffle(questions)
        assert Asker(project, summaries, modules).everything(questions) == expected
