"""What ``init`` looks for in a project: where imports start, the framework's base classes, and files that are none of its own."""

from __future__ import annotations

import builtins
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct

from contract_lint.analysis import Analysis, Files, analyse
from contract_lint.config import KNOWN_BASES, Config
from contract_lint.frontends import profile
from contract_lint.python import summary as ir
from contract_lint.python.modules import INSTALLED
from contract_lint.python.parse import run_with_deep_stack
from contract_lint.sources.scope import shadow_component

#: Folders that often hold code which nobody here wrote, or which is no code yet, by what they are taken for.
FOREIGN = {
    "generated code": frozenset({"generated", "_generated", "autogen", "gen"}),
    "code of others": frozenset({"vendor", "_vendor", "vendored", "third_party", "thirdparty"}),
    "templates": frozenset({"template", "templates", "skeleton", "scaffold", "cookiecutter"}),
    "retired code": frozenset({"archive", "archived", "attic", "deprecated", "legacy", "old"}),
}
#: What would not stand for itself in a glob.
GLOBS = frozenset("*?[]{}!\\")
GENERATED_FILES = ("_pb2.py", "_pb2_grpc.py")

#: What a class defines that builds steps.
MARKS = frozenset((*profile.CONTRACT_METHODS, profile.INPUT_SCHEMA, profile.OUTPUT_SCHEMA, profile.OUTPUT_PROPERTIES))


class Base(Struct, frozen=True):
    """A class that builders inherit from: ``origin`` is the module it is imported from, None if this project defines it."""

    name: str
    origin: str | None
    builders: int

    @property
    def known(self) -> bool:
        return self.name in KNOWN_BASES


class Place(Struct, frozen=True):
    """Files that could be left out: ``glob`` matches them, ``needed`` says why they should not be, None if nothing needs them."""

    glob: str
    what: str
    files: int
    needed: str | None


class Survey(Struct, frozen=True):
    """What was found below ``root``; ``shadows`` are tests, backups and copies with their numbers of files.

    ``config`` is what to set, ``before`` and ``after`` are the step builders seen without and with it, ``pipelines`` the pipelines.
    """

    files: int
    skipped: int
    src: tuple[str, ...]
    imported: tuple[str, ...]
    bases: tuple[Base, ...]
    places: tuple[Place, ...]
    shadows: tuple[tuple[str, int], ...]
    config: Config
    before: int
    after: int
    pipelines: int


def survey(root: Path) -> Survey:
    """Look at the project below ``root`` (resolved), without regard to any configuration."""
    before = analyse(root, [root], Config())
    classes = run_with_deep_stack(partial(_classes, before))
    folders = _source_folders(before)
    contracts = {contract.class_name for contract in before.project.contracts}
    bases = tuple(base for base in find_bases(classes) if base.known or base.name not in contracts)
    places = tuple(_places(before))
    config, after = _best(
        root,
        before,
        src=tuple(folders),
        exclude=tuple(place.glob for place in places if place.needed is None),
        builder_bases=tuple(base.name for base in bases if not base.known),
    )
    return Survey(
        files=len(before.discovery.files),
        skipped=len(before.discovery.skipped),
        src=config.src,
        imported=tuple(sorted({name for folder, names in folders.items() if folder in config.src for name in names})),
        bases=bases,
        places=places,
        shadows=tuple(_shadows(before)),
        config=config,
        before=len(before.project.contracts),
        after=len(after.project.contracts),
        pipelines=len(after.project.wirings),
    )


def _best(
    root: Path, before: Analysis, *, src: tuple[str, ...], exclude: tuple[str, ...], builder_bases: tuple[str, ...]
) -> tuple[Config, Analysis]:
    """The fullest configuration with which nothing is seen less well than without, and its analysis."""
    wishes = (
        Config(src=src, exclude=exclude, builder_bases=builder_bases),
        Config(src=src, builder_bases=builder_bases),
        Config(builder_bases=builder_bases),
    )
    for wish in dict.fromkeys((w.src, w.exclude, w.builder_bases) for w in wishes):
        config = Config(src=wish[0], exclude=wish[1], builder_bases=wish[2])
        after = before if config == Config() else analyse(root, [root], config)
        if not _worse(before, after):
            return config, after
    return Config(), before


def _worse(before: Analysis, after: Analysis) -> bool:
    old, new = before.project, after.project
    lost = {(c.span, c.class_name) for c in old.contracts} - {(c.span, c.class_name) for c in new.contracts}
    troubles = [len(project.unresolved_imports) + len(project.unreadable) for project in (old, new)]
    return bool(lost) or new.coverage.known_ports < old.coverage.known_ports or troubles[1] > troubles[0]


# --- classes ---


class SeenClass(Struct, frozen=True):
    """A class at module level: its bases' last names, each with the module that it is imported from (None: this project's)."""

    name: str
    bases: tuple[tuple[str, str | None], ...]
    builds: bool


def _classes(analysis: Analysis) -> list[SeenClass]:
    """The classes of all files that could define step builders, whether or not their base is known yet."""
    words = [word.encode() for word in (*profile.TELLING_WORDS, *KNOWN_BASES, profile.CREATE_STEP)]
    scanned = Files(analysis.root, sources=dict(analysis.files.sources), summaries=dict(analysis.files.summaries))
    own = frozenset(part for path in analysis.discovery.files for part in path.removesuffix(".py").split("/"))
    found: list[SeenClass] = []
    for path in analysis.discovery.files:
        if shadow_component(path) is None and (scanned.summaries.get(path) or scanned.telling(path, words)):
            summary = scanned.summary(path)
            found += _in_module(summary, own) if summary is not None else ()
    return found


def _in_module(summary: ir.ModuleSummary, own: frozenset[str]) -> Iterator[SeenClass]:
    origins = _origins(summary)
    bases = {index.name: index.bases for index in summary.classes}
    for node in summary.body:
        if isinstance(node, ir.ClassDef):
            defined = {part.name for part in node.body if isinstance(part, ir.FunctionDef)}
            defined |= {target.id for part in node.body for target in _targets(part)}
            named = node.name.endswith(profile.SUFFIXES) and profile.CREATE_STEP in defined
            dotted = [base for base in bases.get(node.name, ()) if base is not None]
            yield SeenClass(node.name, tuple(_base(base, origins, own) for base in dotted), named or bool(defined & MARKS))


def _targets(part: ir.Stmt) -> Iterator[ir.Name]:
    targets = part.targets if isinstance(part, ir.Assign) else (part.target,) if isinstance(part, ir.AnnAssign) else ()
    yield from (target for target in targets if isinstance(target, ir.Name))


def _origins(summary: ir.ModuleSummary) -> dict[str, str]:
    """Imported names with the modules they are from; relative imports keep their dots."""
    origins: dict[str, str] = {}
    for node in summary.imports:
        for one in node.names:
            if isinstance(node, ir.ImportFrom):
                origins[one.alias or one.name] = "." * node.level + node.module
            else:
                origins[one.alias or one.name.partition(".")[0]] = one.name
    return origins


def _base(dotted: str, origins: Mapping[str, str], own: frozenset[str]) -> tuple[str, str | None]:
    first, _, _ = dotted.partition(".")
    origin = origins.get(first)
    local = origin is None or origin.startswith(".") or origin.partition(".")[0] in own
    return dotted.rpartition(".")[2], None if local else origin


def find_bases(classes: Sequence[SeenClass]) -> list[Base]:
    """The classes at the top of the step builders' families, those with most builders first."""
    by_name: dict[str, list[SeenClass]] = defaultdict(list)
    for cls in classes:
        by_name[cls.name].append(cls)
    members: Counter[str] = Counter()
    origins: dict[str, str | None] = {}
    for cls in classes:
        for name, origin in dict(_tops(cls, by_name)).items() if cls.builds else ():
            members[name] += 1
            origins[name] = origins.get(name) or origin
    return [Base(name, origins[name], count) for name, count in sorted(members.items(), key=lambda item: (-item[1], item[0]))]


def _tops(cls: SeenClass, by_name: Mapping[str, Sequence[SeenClass]]) -> Iterator[tuple[str, str | None]]:
    """The topmost bases of a class that are no class of Python's or of a library's."""
    pending, seen = [cls], {cls.name}
    while pending:
        below = pending.pop()
        above = [(name, origin) for name, origin in below.bases if not _common(name, origin)]
        if not above and below is not cls:
            yield below.name, None
        for name, origin in above:
            if name in seen:
                continue
            seen.add(name)
            if name in by_name:
                pending += by_name[name]
            else:
                yield name, origin


def _common(name: str, origin: str | None) -> bool:
    return hasattr(builtins, name) or (origin is not None and origin.partition(".")[0] in INSTALLED)


# --- files ---


def _source_folders(analysis: Analysis) -> dict[str, set[str]]:
    """The folders, other than the root, from which absolute imports start, with the packages imported from there."""
    files = [path for path in analysis.discovery.files if shadow_component(path) is None]
    packages = {path.rpartition("/")[0] for path in files if path.endswith("__init__.py")}
    homes: dict[str, set[str]] = defaultdict(set)
    for path in files:
        parts = path.removesuffix(".py").split("/")
        for depth, part in enumerate(parts):
            homes[part].add("/".join(parts[:depth]))
    heads = {head for summary in analysis.files.summaries.values() if summary is not None for head in _heads(summary)}
    found: dict[str, set[str]] = defaultdict(set)
    for head in sorted(heads - INSTALLED):
        folders = sorted(folder for folder in homes.get(head, ()) if folder not in packages)
        if len(folders) == 1 and folders[0]:
            found[folders[0]].add(head)
    if any(path.startswith("src/") and path.endswith("/__init__.py") for path in files) and "src" not in packages and "src" not in heads:
        found["src"] |= {path.split("/")[1] for path in files if path.startswith("src/") and path.count("/") > 1}
    return dict(sorted(found.items()))


def _heads(summary: ir.ModuleSummary) -> Iterator[str]:
    for node in summary.imports:
        if isinstance(node, ir.ImportFrom):
            yield from [node.module.partition(".")[0]] if not node.level else []
        else:
            yield from (one.name.partition(".")[0] for one in node.names)


def _places(analysis: Analysis) -> Iterator[Place]:
    """Folders and files that could be excluded, the outermost folders only."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in analysis.discovery.files:
        found = _foreign(path)
        if found is not None and shadow_component(path) is None and path.isprintable() and not GLOBS.intersection(path):
            groups[found].append(path)
    builders = Counter(contract.span.path for contract in analysis.project.contracts)
    for (glob, what), paths in sorted(groups.items()):
        steps = sum(builders[path] for path in paths)
        parsed = sum(analysis.files.summaries.get(path) is not None for path in paths)
        needed = f"{counted(steps, 'step builder')} in there" if steps else "the step builders' code reaches into it" if parsed else None
        yield Place(glob, what, len(paths), needed)


def _foreign(path: str) -> tuple[str, str] | None:
    parts = path.split("/")
    for depth, part in enumerate(parts[:-1]):
        for what, names in FOREIGN.items():
            if part.lower() in names:
                return f"{'/'.join(parts[: depth + 1])}/**", what
    suffix = next((suffix for suffix in GENERATED_FILES if path.endswith(suffix)), None)
    return (f"**/*{suffix}", "generated code") if suffix is not None else None


def _shadows(analysis: Analysis) -> Iterable[tuple[str, int]]:
    return sorted(Counter(shadow for path in analysis.discovery.files if (shadow := shadow_component(path)) is not None).items())


def counted(number: int, noun: str) -> str:
    """``1 file``, ``2 files``, ``2 classes``."""
    plural = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"
