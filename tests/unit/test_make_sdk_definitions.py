"""How the script reads a notebook and evens out what the SDK makes, without an SDK; and what the shipped definitions hold."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path

import pytest

from scripts.make_sdk_definitions import EXAMPLE, EXAMPLES, TARGET, cells, normalised


def test_magics_are_left_out_and_written_files_are_written(tmp_path: Path) -> None:
    notebook: dict[str, list[dict[str, object]]] = {
        "cells": [
            {"cell_type": "markdown", "source": ["text"]},
            {"cell_type": "code", "source": ["%pip install x\n", "a = 1\n", "!ls\n", "b = 2"]},
            {"cell_type": "code", "source": "%%writefile made/job.py\nprint(1)\n"},
            {"cell_type": "code", "source": "%%bash\nls\n"},
        ]
    }
    assert list(cells(notebook, tmp_path)) == ["\na = 1\n\nb = 2"]
    assert (tmp_path / "made" / "job.py").read_text() == "print(1)\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"s3://b/code/{'0a' * 32}/x.py", "s3://b/code/CODE_HASH/x.py"),
        ("xgboost-2026-01-31-08-15-00-123/x", "xgboost-TIMESTAMP/x"),
        ("code-20260131081500/x", "code-TIMESTAMP/x"),
        (f"{tempfile.gettempdir()}/tmpab_1/example/jobs", "TEMPORARY/example/jobs"),
        ("arn:aws:iam::111122223333:role/x", "arn:aws:iam::111122223333:role/x"),
    ],
)
def test_what_differs_from_run_to_run_is_replaced(text: str, expected: str) -> None:
    assert json.loads(normalised(json.dumps([text]))) == [expected]


@pytest.mark.parametrize("name", EXAMPLES)
def test_shipped_definitions(name: str) -> None:
    text = (TARGET / f"{name}.json").read_text(encoding="utf-8")
    assert text == normalised(text)
    assert not any(word in text for word in (str(EXAMPLE), str(Path.home()), tempfile.gettempdir()))
    assert not re.search(r"/(home|root|Users|tmp|var)/", text)
    steps = [step["Name"] for step in json.loads(text)["Steps"]]
    assert steps == ["Preprocess", "Train", "Evaluate", "IsGoodEnough"]
