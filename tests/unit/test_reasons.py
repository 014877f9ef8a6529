"""Every reason that the evaluator and the frontends give for an unknown has a sentence."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract_lint.model.reasons import SENTENCES, sentence

PACKAGE = Path(__file__).resolve().parents[2] / "contract_lint"
CODE = re.compile(r"[a-z]+(-[a-z]+)*")


def reasons_given() -> Iterator[str]:
    """The texts that stand where a reason does: an argument of ``Unknown`` and the like, or the end of ``opened or "…"``."""
    for file in (*PACKAGE.glob("python/**/*.py"), *PACKAGE.glob("frontends/*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            parts: list[ast.AST] = []
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
                parts = list(node.args) if name.lower() in ("unknown", "opaque") else []
            elif isinstance(node, ast.BoolOp) and isinstance(node.values[0], ast.Name) and node.values[0].id in ("opened", "reason"):
                parts = list(node.values[1:])
            for part in parts:
                for text in [part] if isinstance(part, ast.Constant) else [*ast.walk(part)] if isinstance(part, ast.IfExp) else []:
                    if isinstance(text, ast.Constant) and isinstance(text.value, str) and CODE.fullmatch(text.value):
                        yield text.value


def test_every_reason_has_a_sentence() -> None:
    given = set(reasons_given())
    assert {"unknown-key", "base-class-outside", "too-deep", "unknown-step-class"} <= given
    assert sorted(given - SENTENCES.keys() - {"running"}) == []


@pytest.mark.parametrize("reason", sorted(SENTENCES))
def test_a_sentence_follows_a_colon(reason: str) -> None:
    text = sentence(reason)
    assert text[0].islower() or text[0] in "'_"
    assert not text.endswith(".") and len(text) > 12


def test_other_reasons_are_spelled_out() -> None:
    assert sentence("quite-new") == "quite new"
    assert sentence("unmodelled FormattedString") == "it is written with syntax that is not followed (FormattedString)"
