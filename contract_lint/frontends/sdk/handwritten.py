"""References that the code spells out itself: ``Properties(step_name="Train", …)`` and ``{"Get": "Steps.Train.…"}``."""

from __future__ import annotations

import re

from msgspec import Struct

from contract_lint.model.sdk import Literal, Made, Mapped, Read, SdkScene, SdkValue

#: How a definition writes what is read of a step.
_GET = re.compile(r"Steps\.(?P<step>[^.\[\]{}\s]+)(?P<path>(?:[.\[].*)?)", re.DOTALL)
KEY = "Get"


class Written(Struct, frozen=True):
    """``step`` is the name of a step as the code writes it, ``path`` what is read of the step, as in Python."""

    step: str
    path: str


def written_reference(scene: SdkScene, value: SdkValue) -> Written | None:
    """The step that a value names, and what it reads of it; None if it is no such reference, or its text is not known."""
    if isinstance(value, Mapped):
        return _of_definition(scene, value)
    owner = scene.object(value.of) if isinstance(value, Read) else scene.object(value) if isinstance(value, Made) else None
    if owner is None or owner.name != "Properties" or owner.method is not None or not owner.callee.endswith(".properties.Properties"):
        return None
    name = scene.text(owner.get("step_name") or owner.get("path"))
    if name is None:
        return None
    own = _parsed(name) if name.startswith("Steps.") else Written(name, ".properties")
    return Written(own.step, f"{own.path}{value.path}") if own is not None and isinstance(value, Read) else own


def is_get(value: SdkValue) -> bool:
    """Whether a value is a dict as a definition has it for a reference."""
    if not isinstance(value, Mapped) or value.open is not None or len(value.members) != 1:
        return False
    key = value.members[0].key
    return isinstance(key, Literal) and key.value == KEY


def _of_definition(scene: SdkScene, value: Mapped) -> Written | None:
    text = scene.text(value.members[0].value) if is_get(value) else None
    return _parsed(text) if text is not None else None


def _parsed(text: str) -> Written | None:
    found = _GET.fullmatch(text)
    if found is None:
        return None
    path = found["path"]
    if path.startswith(".OutputParameters["):
        path = f".Outputs{path.removeprefix('.OutputParameters')}"
    return Written(found["step"], f".properties{path}")
