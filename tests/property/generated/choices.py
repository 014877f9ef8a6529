"""Choices from which a project is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


class Choices:
    """Choices made by ``below(n)``, a number less than ``n``; the first option is the simplest one.

    ``fresh`` gives names that no other call gives.
    """

    def __init__(self, below: Callable[[int], int]) -> None:
        self._below = below
        self._count = 0

    def below(self, n: int) -> int:
        return self._below(n) if n > 1 else 0

    def pick(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]

    def chance(self, percent: int) -> bool:
        return self.below(100) >= 100 - percent

    def weighted(self, table: Sequence[tuple[int, T]]) -> T:
        at = self.below(sum(weight for weight, _ in table))
        for weight, option in table:
            at -= weight
            if at < 0:
                return option
        raise AssertionError

    def some(self, options: Sequence[T], low: int, high: int) -> list[T]:
        """From ``low`` to ``high`` different options, in any order."""
        rest = list(options)
        return [rest.pop(self.below(len(rest))) for _ in range(min(len(rest), low + self.below(high - low + 1)))]

    def fresh(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}{self._count}"
