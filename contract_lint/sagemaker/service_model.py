"""The extract of botocore's service models: shapes by service and name."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypedDict

from msgspec import Struct, field

_NO_MEMBERS: Mapping[str, str] = MappingProxyType({})


class _RawType(TypedDict):
    type: str


class _RawShape(_RawType, total=False):
    members: dict[str, str]
    member: str
    key: str
    value: str
    required: list[str]
    enum: list[str]
    pattern: str
    min: float
    max: float


class _RawService(TypedDict):
    api_version: str
    shapes: dict[str, _RawShape]


class _RawModel(TypedDict):
    botocore: str
    services: dict[str, _RawService]


class Shape(Struct, frozen=True):
    """One shape of a service model.

    ``type`` is botocore's (``structure``, ``list``, ``map``, ``string``, ``integer``, ``long``, ``float``, ``double``, ``boolean``,
    ``timestamp``). ``members`` maps names to shape names; ``item`` is the shape of a list's members or a map's values, ``key`` that
    of a map's keys. ``minimum`` and ``maximum`` bound the value of a number, the length of anything else. ``pattern`` is in the
    service's dialect, which is not always Python's.
    """

    service: str
    name: str
    type: str
    members: Mapping[str, str] = field(default_factory=lambda: _NO_MEMBERS)
    item: str | None = None
    key: str | None = None
    required: frozenset[str] = frozenset()
    enum: tuple[str, ...] = ()
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None


class ServiceModel:
    """The shapes, and the versions that they were taken from."""

    __slots__ = ("_services", "version")

    def __init__(self, raw: _RawModel) -> None:
        self.version = f"botocore {raw['botocore']}"
        self._services = raw["services"]

    @property
    def services(self) -> tuple[str, ...]:
        return tuple(self._services)

    def api_version(self, service: str) -> str:
        """The date that names the service's interface; KeyError for a service that the extract lacks."""
        return self._services[service]["api_version"]

    def shape(self, service: str, name: str) -> Shape:
        """The shape of this name; KeyError for one that the extract lacks."""
        raw = self._services[service]["shapes"][name]
        return Shape(
            service,
            name,
            raw["type"],
            members=MappingProxyType(raw["members"]) if "members" in raw else _NO_MEMBERS,
            item=raw.get("member", raw.get("value")),
            key=raw.get("key"),
            required=frozenset(raw.get("required", ())),
            enum=tuple(raw.get("enum", ())),
            pattern=raw.get("pattern"),
            minimum=raw.get("min"),
            maximum=raw.get("max"),
        )


@functools.cache
def service_model() -> ServiceModel:
    """The model shipped with the package, read at the first call."""
    raw: _RawModel = json.loads(Path(__file__).with_name("service_model.json").read_bytes())
    return ServiceModel(raw)
