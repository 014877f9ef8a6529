"""Where the configuration stands: the nearest file with a table of ours, read but not yet judged."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from contract_lint.model.errors import ConfigError

#: A TOML value as far as we look into one; dates and times are objects that the configuration's model refuses.
Toml: TypeAlias = "str | int | float | bool | object | list[Toml] | dict[str, Toml]"

OWN_FILE = "contract-lint.toml"
PROJECT_FILE = "pyproject.toml"


class ConfigFile(Struct, frozen=True):
    """A configuration file: ``table`` is what stands under our name, ``text`` the whole file."""

    path: Path
    table: Mapping[str, Toml]
    text: str


def find_config(start: Path) -> ConfigFile | None:
    """The nearest configuration at or above the folder ``start``; a pyproject.toml without our table does not count.

    Raises ConfigError for a file that is not TOML (a pyproject.toml only where it mentions us).
    """
    folder = start.resolve()
    for place in (folder, *folder.parents):
        for name in (OWN_FILE, PROJECT_FILE):
            file = place / name
            if file.is_file() and (found := _read(file, required=False)) is not None:
                return found
    return None


def read_config(file: Path) -> ConfigFile:
    """The configuration in a file named by the user. Raises ConfigError if there is none."""
    found = _read(file, required=True)
    assert found is not None
    return found


def _read(file: Path, *, required: bool) -> ConfigFile | None:
    import tomli

    in_project = file.name == PROJECT_FILE
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror or error}", path=str(file)) from None
    try:
        text = data.decode("utf-8")
        document: dict[str, Toml] = tomli.loads(text)
    except (ValueError, RecursionError) as error:
        if in_project and not required and b"contract-lint" not in data:
            return None
        raise _broken(file, data, error) from None
    if not in_project:
        return ConfigFile(file, document, text)
    tools = document.get("tool")
    table = tools.get("contract-lint") if isinstance(tools, dict) else None
    if table is None:
        if required:
            raise ConfigError("has no table [tool.contract-lint]", path=str(file))
        return None
    if not isinstance(table, dict):
        raise ConfigError("tool.contract-lint must be a table", path=str(file), key="tool.contract-lint")
    return ConfigFile(file, table, text)


def _broken(file: Path, data: bytes, error: ValueError | RecursionError) -> ConfigError:
    import tomli

    match error:
        case tomli.TOMLDecodeError():
            return ConfigError(f"is not valid TOML: {error.msg}", path=str(file), line=error.lineno)
        case UnicodeDecodeError():
            return ConfigError("is not valid UTF-8", path=str(file), line=data.count(b"\n", 0, error.start) + 1)
        case RecursionError():
            return ConfigError("is nested too deeply", path=str(file))
    return ConfigError(f"is not valid TOML: {error}", path=str(file))
