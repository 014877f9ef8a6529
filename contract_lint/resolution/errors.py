"""Why a property has no value that can be told."""

from __future__ import annotations

from collections.abc import Iterable

from contract_lint.model.errors import ContractLintError


class ResolutionError(ContractLintError, ValueError):
    """A property that cannot be resolved: the one kind of error that resolution raises of its own.

    ``problem`` says what is wrong, ``near`` which names were perhaps meant, ``todo`` what to do about it; the text is all three.
    It is a ValueError, as in the first design.
    """

    def __init__(self, problem: str, todo: str = "", *, near: Iterable[str] = ()) -> None:
        super().__init__(problem)
        self.problem, self.todo, self.near = problem, todo, tuple(near)

    def __str__(self) -> str:
        *others, last = map(repr, self.near or [""])
        meant = f"{', '.join(others)} or {last}" if others else last
        hint = f" (did you mean {meant}?)" if self.near else ""
        return f"{self.problem}{hint}{f'; {self.todo}' if self.todo else ''}"


class Missing(ResolutionError):
    """What is asked about does not exist, or not any more."""
