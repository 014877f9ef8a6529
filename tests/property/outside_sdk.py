"""An installed package that generated projects call: what it does depends on ``seed``, and nobody who only reads them can know."""

from __future__ import annotations

import random

_random = random.Random(0)


def reset(seed: int) -> None:
    _random.seed(seed)


def argument() -> str:
    """What a caller passes."""
    return _random.choice(["model_input", "", "data", "x/y_out"])


def fetch(key: object) -> str:
    return _random.choice(["model", "data", "", "DATA", "other"])


def flag() -> bool:
    return _random.random() < 0.5


def maybe_raise() -> None:
    if flag():
        raise KeyError("outside")


def poke(*targets: object, **named: object) -> None:
    """Does to the dicts and lists that it gets what it likes."""
    for target in (*targets, *named.values()):
        if isinstance(target, dict):
            if flag():
                target["poked"] = "p"
            if flag():
                target["data"] = "poked"
            if flag():
                target.pop("model_input", None)
        elif isinstance(target, list):
            nested = [one for one in target if isinstance(one, dict)]
            poke(*nested)
            if flag():
                target.insert(0, "poked")


class Handle:
    @property
    def label(self) -> str:
        return fetch("label")

    def put(self, target: object) -> None:
        poke(target)

    def __enter__(self) -> Handle:
        return self

    def __exit__(self, *error: object) -> None:
        return None
