"""The configuration: its model, and how it is loaded and checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from contract_lint.model.errors import ConfigError, UsageError
from contract_lint.model.finding import Severity
from contract_lint.model.spelling import nearest
from contract_lint.sources.config_file import ConfigFile, find_config, read_config

_AREA = re.compile(r"CL[0-9]{1,2}")
#: An area without rules is like no other area.
_LOOKALIKES = str.maketrans("OIL", "011")
_BARE = re.compile(r"CL[0-9]{0,2}")

#: The base classes of the frameworks that are known; a project adds its own.
KNOWN_BASES = ("StepBuilderBase", "ContractAwareStepBuilder")


def _setting(default: tuple[str, ...], description: str) -> tuple[str, ...]:
    value: tuple[str, ...] = field(default=default, metadata={"description": description})
    return value


@dataclass(frozen=True)
class Config:
    """What a project sets; in the file the names have hyphens (``builder-bases``). pydantic judges what a file says."""

    exclude: tuple[str, ...] = _setting((), "Globs of files and folders to leave out, relative to this file.")
    src: tuple[str, ...] = _setting((), "Folders from which absolute imports start, relative to this file.")
    select: tuple[str, ...] = _setting((), "Rules to run instead of all that are on by default: ids, names, or areas such as CL2.")
    extend_select: tuple[str, ...] = _setting(
        (), "Rules to run beside those: ids, names, or areas. A rule that is off by default runs only if it is named."
    )
    ignore: tuple[str, ...] = _setting((), "Rules not to run: ids, names, or areas such as CL2.")
    severity: dict[str, Severity] = field(
        default_factory=dict,
        metadata={"description": "Severities other than the rules' own: ids, names, or areas; the narrowest counts."},
    )
    builder_bases: tuple[str, ...] = _setting(
        KNOWN_BASES, f"Base classes whose subclasses are step builders, beside {' and '.join(KNOWN_BASES)}."
    )
    fail_on: Severity = field(default=Severity.ERROR, metadata={"description": "The mildest severity that makes the run fail."})

    def __post_init__(self) -> None:
        object.__setattr__(self, "builder_bases", tuple(dict.fromkeys((*KNOWN_BASES, *self.builder_bases))))


@dataclass(frozen=True, slots=True)
class LoadedConfig:
    """A configuration and the file it is from; ``path`` is None where the defaults hold."""

    config: Config
    path: Path | None


def load_config(start: Path, *, config_file: Path | None = None, isolated: bool = False) -> LoadedConfig:
    """Load ``config_file`` if it is given, else the nearest configuration at or above ``start``, else the defaults.

    Raises ConfigError with the file, the line and the nearest accepted key; UsageError for a file in isolation.
    """
    if isolated:
        if config_file is not None:
            raise UsageError("--isolated and --config cannot be combined")
        return LoadedConfig(Config(), None)
    found = read_config(config_file) if config_file is not None else find_config(start)
    return LoadedConfig(Config(), None) if found is None else LoadedConfig(validate_config(found), found.path)


def validate_config(file: ConfigFile) -> Config:
    """Judge what a file says. Raises ConfigError for the first key, in the file's order, that is unknown or has a wrong value."""
    from pydantic import TypeAdapter, ValidationError  # only where there is a file: it takes a tenth of a second

    accepted = [one.name.replace("_", "-") for one in fields(Config)]
    for key in file.table:
        if key not in accepted:
            line = _line(file, key)
            raise ConfigError(
                f"unknown key '{key}'", path=str(file.path), key=key, near=next(iter(nearest(key, accepted)), None), line=line
            )
    try:
        config = TypeAdapter(Config).validate_python({key.replace("-", "_"): value for key, value in file.table.items()})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = str(first["loc"][0]).replace("_", "-")
        place = key + "".join(f"[{part}]" for part in first["loc"][1:])
        raise ConfigError(f"{place}: {_wish(first['type'], first['msg'])}", path=str(file.path), key=key, line=_line(file, key)) from None
    for key in file.table:
        values = getattr(config, key.replace("-", "_"))
        if isinstance(values, tuple) and any(not value.strip() for value in values):
            raise ConfigError(f"{key}: must not hold an empty string", path=str(file.path), key=key, line=_line(file, key))
    return config


def check_rules(rules: Iterable[str], known: Mapping[str, str], *, key: str, file: ConfigFile | Path | None = None) -> None:
    """Check the rules of ``select``, ``ignore`` or another setting named ``key``; ``known`` maps each rule's id to its name.

    A rule is named by id, by name, or with its area (``CL2``, ``CL20``) if any rule is in it, in any case. Raises ConfigError.
    """
    names = {word.casefold() for word in (*known, *known.values())}
    for rule in rules:
        folded = rule.strip()
        if folded.casefold() in names or (_AREA.fullmatch(folded.upper()) and any(id.startswith(folded.upper()) for id in known)):
            continue
        source = _reread(file) if isinstance(file, Path) else file
        raise ConfigError(
            f"{key}: unknown rule '{rule}'",
            path=str(source.path) if source else None,
            key=key,
            near=None if _BARE.fullmatch(folded.upper()) else _near(folded, known),
            line=_line(source, key, rule) if source else None,
        )


def _near(rule: str, known: Mapping[str, str]) -> str | None:
    """The rule that is meant: with digits for the letters that look like them, else the nearest name."""
    typed = rule.upper()[:2] + rule.upper()[2:].translate(_LOOKALIKES)
    return typed if typed in known else next(iter(nearest(rule, [*known, *known.values()])), None)


def _reread(file: Path) -> ConfigFile | None:
    try:
        return read_config(file)
    except ConfigError:
        return None


def _wish(kind: str, message: str) -> str:
    """pydantic's message in the words of a TOML file."""
    return {
        "tuple_type": "must be a list of strings",
        "string_type": "must be a string",
        "dict_type": "must be a table of rules and severities",
        "enum": "must be one of " + ", ".join(f"'{level.value}'" for level in Severity),
    }.get(kind, message)


def _line(file: ConfigFile, key: str, value: str | None = None) -> int | None:
    """The 1-based line where ``key`` is set (with ``value``: where that text stands from there on); None if it cannot be found."""
    lines = file.text.split("\n")
    start = 0
    if file.path.name == "pyproject.toml":
        start = next((index for index, line in enumerate(lines) if "contract-lint" in line.split("#", 1)[0]), 0)
    pattern = re.compile(rf"""(?:^|[\s.{{,\[])["']?{re.escape(key)}["']?\s*[=\].]""")
    found = next((index for index in range(start, len(lines)) if pattern.search(lines[index])), None)
    if found is None or value is None:
        return None if found is None else found + 1
    quoted = (f'"{value}"', f"'{value}'", f"{value} =", f"{value}=")
    return next((index for index in range(found, len(lines)) if any(text in lines[index] for text in quoted)), found) + 1
