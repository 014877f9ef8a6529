"""Names as they are compared: what two spellings of one name have in common.

A name's **form** has its case, its `-`, `_` and spaces taken away: `inputPath`, `input_path` and `INPUT-PATH` are one name. Between
two digits a separator stays, so `fold_1_2` is not `fold_12`. A last word that is a job type and is set off by a separator is kept
apart (`data_training` is `data` for training; `XGBoostTraining` has no job type); so is, in names of steps, the word `Step` at the
end. Names are equal if their forms are: nothing here measures likeness.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from msgspec import Struct

#: The job types that frameworks append to the names of steps and ports.
JOB_TYPES = ("training", "calibration", "validation", "testing")

_SEPARATORS = re.compile(r"(?P<between_digits>(?<=[0-9])[-_\s]+(?=[0-9]))|[-_\s]+")
_STEP = re.compile(r"(?<=[^\W_])(?:[-_\s]+[Ss][Tt][Ee][Pp]|Step)$")
_LAST_WORD = re.compile(r"(?<=[^\W_])[-_\s]+([A-Za-z]+)$")
_BOUNDARY = re.compile(r"[\W_]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class Canonical(Struct, frozen=True):
    """A name without its job type, in the form in which names are compared, and the job type."""

    form: str
    job_type: str | None = None


def parse_name(name: str, *, step: bool = False, job_types: Collection[str] = JOB_TYPES) -> Canonical:
    """The canonical form of a port's name, or of a step's; ``job_types`` are in lower case."""
    text = _normal(name)
    found: str | None = None
    while True:
        last = _LAST_WORD.search(text) if found is None else None
        suffix = _STEP.search(text) if step else None
        if last is not None and last[1].lower() in job_types:
            text, found = text[: last.start()], last[1].lower()
        elif suffix is not None:
            text = text[: suffix.start()]
        else:
            return Canonical(form(text), found)


def form(name: str) -> str:
    """A whole name in the form in which names are compared; of separators alone, the name itself."""
    text = _normal(_normal(name).casefold())
    return _SEPARATORS.sub(lambda found: "_" if found["between_digits"] else "", text) or name


def canonical(name: str) -> str:
    """The form of a step's name, less its job type and the word `Step`."""
    return parse_name(name, step=True).form


def job_type(name: str) -> str | None:
    """The job type at the end of a step's name; None if there is none."""
    return parse_name(name, step=True).job_type


def words(name: str) -> tuple[str, ...]:
    """The words of a name, in lower case and in order: `modelArtifacts_s3` is model, artifacts, s3."""
    return tuple(word.casefold() for word in _BOUNDARY.split(_normal(name)) if word)


def _normal(text: str) -> str:
    """A text in which look-alikes that mean the same letter are one."""
    return unicodedata.normalize("NFKC", text)
