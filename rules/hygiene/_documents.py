"""What the rules on documents share: the reader has judged, each rule tells of one kind of mistake."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import DocumentView, Draft, Related


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """``text`` says what is wrong, ``hint`` what to do, if there is something to say."""

    text: str
    hint: str | None = None

    def message(self) -> str:
        return self.text

    def help(self) -> str | None:
        return self.hint


def drafts(view: DocumentView, rule: str) -> Iterator[Draft]:
    """The finding, if it is one of the rule's."""
    problem = view.problem
    if problem.rule == rule:
        related = tuple(Related(span, text) for span, text in problem.related)
        yield Draft(DocumentFacts(problem.message, problem.help), problem.span, problem.span.path, problem.subject, related)
