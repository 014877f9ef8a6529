"""What the classes and functions of the SageMaker SDK are called and take, in version 2 and in version 3.

`scripts/make_sdk_signatures.py` reads them off the installed SDKs. A signature is a text: ``a,b=,*rest,c,d=,**more``. A name with ``=``
has a default, a lone ``*`` begins the keyword-only parameters, ``/`` ends the positional-only ones; a method's ``self`` is left out, and
``@`` marks a method that needs no instance. A module is a text of words: ``Name`` is defined there, ``.NAME`` is neither a class nor a
function of the SDK, ``home:Name,Name>alias`` comes from another module.
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import msgspec
from msgspec import Struct, field

T = TypeVar("T")

#: What the evaluator writes behind a callee for the object that its call returned.
CALLED = "()."
_GZIP = 31
#: Made from the service model: many of their classes are called like those that people use.
_GENERATED = frozenset(
    {"sagemaker.core.resources", "sagemaker.core.shapes.shapes", "sagemaker_core.main.resources", "sagemaker_core.main.shapes"}
)
_ROOTS = ("sagemaker", "sagemaker_core")


class Passed(Enum):
    """How a parameter may be given."""

    EITHER = "by position or name"
    POSITION = "by position alone"
    NAME = "by name alone"
    #: ``*args``.
    REST = "*"
    #: ``**kwargs``.
    MORE = "**"


class Parameter(Struct, frozen=True):
    """One parameter of a callable."""

    name: str
    passed: Passed
    has_default: bool


class SdkFunction(Struct, frozen=True):
    """A function, or a method as it is called: without ``self``, unless it is named through its class and needs an instance.

    ``name`` is the dotted name of its definition; ``versions`` are all major versions that know the name which was asked for, and the
    first is the one described.
    """

    name: str
    versions: tuple[str, ...]
    parameters: tuple[Parameter, ...]


class SdkClass(Struct, frozen=True):
    """A class: ``parameters`` are those of its constructor. ``mro`` are the dotted names of its bases inside the SDK, nearest first."""

    name: str
    versions: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    mro: tuple[str, ...]

    @property
    def bases(self) -> tuple[str, ...]:
        """The simple names of all its bases inside the SDK, nearest first."""
        return tuple(name.rpartition(".")[2] for name in self.mro)

    def method(self, name: str) -> SdkFunction | None:
        """A public method, its own or inherited, as an instance of it is asked."""
        found = _sdks()[self.versions[0]].method(self.name, name)
        return SdkFunction(found[0], self.versions, _parameters(found[1].removeprefix("@"))) if found is not None else None


class _Described(Struct, frozen=True):
    init: str
    mro: tuple[str, ...] = ()
    methods: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@functools.cache
def _described(raw: bytes) -> _Described:
    return msgspec.json.decode(raw, type=_Described)


class _Sdk(Struct):
    """One version, as it stands in the file."""

    versions: Mapping[str, str]
    modules: Mapping[str, str]
    #: Read one by one: few are ever asked for.
    classes: Mapping[str, msgspec.Raw]
    functions: Mapping[str, str]
    #: Packages and modules that are not listed, or not in full.
    unread: tuple[str, ...]

    def described(self, cls: str) -> _Described | None:
        raw = self.classes.get(cls)
        return _described(bytes(raw)) if raw is not None else None

    def cls(self, canonical: str) -> SdkClass | None:
        described = self.described(canonical)
        return SdkClass(canonical, (self.major,), _parameters(described.init), described.mro) if described is not None else None

    def method(self, cls: str, name: str) -> tuple[str, str] | None:
        """The dotted name and the signature of a class's method."""
        described = self.described(cls)
        for one in (cls, *described.mro) if described is not None else ():
            base = self.described(one)
            if base is not None and name in base.methods:
                return f"{one}.{name}", base.methods[name]
        return None

    def find(self, dotted: str) -> SdkClass | SdkFunction | None:
        """What an importable name, or the name of a method of a class, means here."""
        module, rest = dotted, ""
        while module and module not in self.modules:
            module, _, last = module.rpartition(".")
            rest = f"{last}.{rest}" if rest else last
        name, _, member = rest.partition(".")
        home = _exports(self.modules[module]).get(name) if module else None
        if home is None:
            return self._named(dotted)
        canonical = home or f"{module}.{name}"
        return self._named(canonical) if not member else self._member(canonical, member)

    def _named(self, canonical: str) -> SdkClass | SdkFunction | None:
        cls = self.cls(canonical)
        if cls is not None:
            return cls
        text = self.functions.get(canonical)
        return SdkFunction(canonical, (self.major,), _parameters(text)) if text is not None else None

    def _member(self, cls: str, name: str) -> SdkFunction | None:
        found = self.method(cls, name)
        if found is None:
            return None
        own = () if found[1].startswith("@") else (Parameter("self", Passed.EITHER, False),)
        return SdkFunction(found[0], (self.major,), (*own, *_parameters(found[1].removeprefix("@"))))

    @property
    def major(self) -> str:
        return self.versions["sagemaker"].partition(".")[0]


class _File(Struct):
    sdks: Mapping[str, _Sdk]


@functools.cache
def _sdks() -> Mapping[str, _Sdk]:
    """The SDKs by their major versions, read at the first call."""
    packed = (Path(__file__).parent / "data" / "sdk_signatures.json.gz").read_bytes()
    return msgspec.json.decode(zlib.decompress(packed, _GZIP), type=_File).sdks


@functools.cache
def _exports(text: str) -> Mapping[str, str | None]:
    """The names of a module; each with the dotted name of the definition: "" if it is the module's own, None if it is a mere value."""
    found: dict[str, str | None] = {}
    for word in text.split():
        home, colon, names = word.partition(":")
        if not colon:
            found[word.removeprefix(".")] = None if word[0] == "." else ""
            continue
        for one in names.split(","):
            name, _, alias = one.partition(">")
            found[alias or name] = f"{home}.{name}"
    return MappingProxyType(found)


@functools.cache
def _parameters(text: str) -> tuple[Parameter, ...]:
    return tuple(_parsed(text))


def _parsed(text: str) -> Iterator[Parameter]:
    words = text.split(",") if text else []
    only_by_name, positional = False, words.index("/") if "/" in words else 0
    for position, word in enumerate(words):
        name = word.strip("*=")
        if word.startswith("**"):
            yield Parameter(name, Passed.MORE, False)
        elif word.startswith("*"):
            only_by_name = True
            if name:
                yield Parameter(name, Passed.REST, False)
        elif word != "/":
            passed = Passed.NAME if only_by_name else Passed.POSITION if position < positional else Passed.EITHER
            yield Parameter(name, passed, word.endswith("="))


@functools.cache
def _by_simple_name(major: str) -> Mapping[str, str | None]:
    """Simple name of a class -> dotted name; None where several are called so. A generated class counts where no other is called so."""
    found: dict[str, str | None] = {}
    generated: dict[str, str | None] = {}
    for dotted in _sdks()[major].classes:
        module, _, name = dotted.rpartition(".")
        names = generated if module in _GENERATED else found
        names[name] = None if name in names else dotted
    return MappingProxyType({**generated, **found})


def sdk_versions() -> Mapping[str, Mapping[str, str]]:
    """Major version -> distribution -> the version that was read."""
    return MappingProxyType({major: sdk.versions for major, sdk in _sdks().items()})


def module_names(module: str) -> Mapping[str, frozenset[str]]:
    """The public names in a module, by the major versions that have it; submodules, and what is imported from elsewhere, are left out."""
    return MappingProxyType({major: frozenset(_exports(sdk.modules[module])) for major, sdk in _sdks().items() if module in sdk.modules})


def resolve(dotted: str, version: str | None = None) -> SdkClass | SdkFunction | None:
    """The class, function or method that a callee is; None if it is none of the SDK's or not certain.

    A method of an instance is spelled ``sagemaker.processing.Processor().run``. A name that both versions have means version 3's, unless
    ``version`` (``"2"``, ``"3"``) says otherwise. A name below ``sagemaker`` that none has means the only class of that simple name:
    earlier versions had classes in other modules.
    """
    found = _resolve_all(dotted)
    wanted = next((one for one in found if version in (None, one.versions[0])), None)
    if wanted is None:
        return None
    return msgspec.structs.replace(wanted, versions=tuple(sorted((one.versions[0] for one in found), key=wanted.versions[0].__ne__)))


@functools.lru_cache(maxsize=4096)
def _resolve_all(spelled: str) -> tuple[SdkClass | SdkFunction, ...]:
    """What a callee is in each version that knows it, the newest first."""
    dotted, called, method = spelled.partition(CALLED)
    if dotted.partition(".")[0] not in _ROOTS or not dotted.replace(".", "").isidentifier():
        return ()
    found = tuple(one for _, sdk in sorted(_sdks().items(), reverse=True) if (one := sdk.find(dotted)) is not None) or _moved(dotted)
    if not called:
        return found
    return tuple(made for one in found if isinstance(one, SdkClass) and (made := one.method(method)) is not None)


def _moved(dotted: str) -> tuple[SdkClass, ...]:
    """The only class of that simple name in the version whose package it would be in; version 2's if that does not say.

    None for a name that a package which was not read may have.
    """
    *package, name = dotted.split(".")
    sdks = _sdks()
    if any(f"{dotted}.".startswith(f"{unread}.") for sdk in sdks.values() for unread in sdk.unread):
        return ()
    home = [major for major, sdk in sorted(sdks.items()) if ".".join(package[:2]) in sdk.modules]
    for major in home if len(home) == 1 else sorted(sdks):
        canonical = _by_simple_name(major).get(name)
        cls = sdks[major].cls(canonical) if canonical is not None else None
        if cls is not None:
            return (cls,)
    return ()


def positional(callee: str) -> tuple[str, ...]:
    """The names of the parameters that a callee takes by position, as far as all versions that know it agree; see `resolve`."""
    orders = [[one.name for one in found.parameters if one.passed in (Passed.EITHER, Passed.POSITION)] for found in _resolve_all(callee)]
    agreed: list[str] = []
    for names in zip(*orders, strict=False):
        if len(set(names)) > 1:
            break
        agreed.append(names[0])
    return tuple(agreed)


def bind(callee: str, args: Sequence[T], kwargs: Mapping[str, T]) -> dict[str, T]:
    """The arguments of a call by name; positional ones that no name is known for (see `positional`) are left out."""
    order = positional(callee) if args else ()
    return {**dict(zip(order, args, strict=False)), **kwargs}
