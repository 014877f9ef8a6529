"""Write what the classes and functions of the SageMaker SDK are called and take (`just sdk-signatures PYTHON_V2 PYTHON_V3`).

The two versions of the SDK exclude each other, so each is read by an interpreter of its own, in which it is installed:
`python -m venv v2 && v2/bin/pip install sagemaker==2.257.7`, and likewise `v3` with `sagemaker==3.27.0`. Nothing is called but `import`
and `inspect.signature`; contract-lint itself need not be installed there.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import gzip
import importlib
import inspect
import json
import logging
import os
import pkgutil
import subprocess
import sys
import types
import warnings
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypedDict, cast

TARGET = Path(__file__).resolve().parent.parent / "contract_lint" / "sagemaker" / "data" / "sdk_signatures.json.gz"

#: Where the SDK's classes are defined; only names below the first are listed.
PACKAGES = ("sagemaker", "sagemaker_core")
#: Distributions whose versions the file names.
DISTRIBUTIONS = ("sagemaker", "sagemaker-core", "sagemaker-train", "sagemaker-serve", "sagemaker-mlops")

#: Modules that are never imported: programs, what runs inside jobs, and what no definition of a pipeline uses.
LEFT_OUT = """
    sagemaker.amtviz sagemaker.cli sagemaker.content_types sagemaker.jumpstart sagemaker.local sagemaker.telemetry sagemaker.user_agent
    sagemaker.remote_function sagemaker.serve.app sagemaker.serve.detector sagemaker.serve.marshalling sagemaker.serve.model_server
    sagemaker.serve.save_retrive sagemaker.serve.utils sagemaker.serve.validations sagemaker.serverless.model sagemaker.partner_app
    sagemaker.modules.train.container_drivers sagemaker.modules.train.sm_recipes sagemaker.modules.local_core sagemaker.feature_store
    sagemaker.interactive_apps sagemaker.ai_registry sagemaker.utilities
    sagemaker.core.local sagemaker.core.jumpstart sagemaker.core.telemetry sagemaker.core.remote_function sagemaker.core.tools
    sagemaker.core.main.code_injection sagemaker.core.modules.local_core sagemaker.core.interactive_apps sagemaker.core.resources
    sagemaker.core.utils.code_injection sagemaker.train.container_drivers sagemaker.train.sm_recipes sagemaker.train.local
    sagemaker.train.remote_function sagemaker.mlops.local sagemaker.mlops.feature_store sagemaker.lineage sagemaker.core.lineage
    sagemaker.train.training_session sagemaker.train.rft sagemaker.serve.ai_inference_recommender sagemaker.aws_batch
    sagemaker.train.aws_batch sagemaker.experiments sagemaker.core.experiments sagemaker.mlflow sagemaker.core.mlflow
    sagemaker.apiutils sagemaker.core.apiutils
""".split()
#: Modules below these that are read all the same.
KEPT = ("sagemaker.jumpstart.estimator", "sagemaker.jumpstart.model")

#: Values of these modules' types that stand in a module and are no export: loggers, type variables, `from __future__ import`.
NO_EXPORTS = ("typing", "typing_extensions", "logging", "_thread", "__future__")

#: Classes of these modules are too many: those that another module exports are read, and the shapes that their fields are made of.
VAST = ("sagemaker.core.shapes", "sagemaker.core.shapes.shapes", "sagemaker_core")


class Described(TypedDict, total=False):
    """One class: the constructor, the dotted names of its bases inside the SDK, and the methods that it defines itself."""

    init: str
    mro: list[str]
    methods: dict[str, str]


class Sdk(TypedDict):
    """One version of the SDK; see ``contract_lint.sagemaker.signatures`` for the form of the texts.

    ``unread`` are packages and modules that are not listed, or not in full.
    """

    versions: dict[str, str]
    modules: dict[str, str]
    classes: dict[str, Described]
    functions: dict[str, str]
    unread: list[str]


def below(name: str, packages: Iterable[str]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def wanted(module: str) -> bool:
    """Whether a module is imported and listed."""
    path = module.split(".")
    return (not below(module, LEFT_OUT) or module in KEPT) and not any(part.startswith("_") for part in path)


def import_all(path: Iterable[str], prefix: str) -> Iterator[types.ModuleType]:
    """All wanted modules below a package; one that wants another package installed is left out."""
    for found in pkgutil.iter_modules(path, prefix):
        inside = [kept for kept in KEPT if kept.startswith(f"{found.name}.")]
        if not wanted(found.name) and not inside:
            continue
        try:
            module = importlib.import_module(found.name)
        except (Exception, SystemExit) as error:
            print(f"left out: {found.name}: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}", file=sys.stderr)
            continue
        if wanted(found.name):
            yield module
        if found.ispkg:
            yield from import_all(module.__path__, f"{found.name}.")


def encode(signature: inspect.Signature, *, bound: bool) -> str:
    """`a,b=,*rest,c,d=,**more`: a name with `=` has a default, a lone `*` begins the keyword-only ones, `/` ends the positional-only."""
    parts: list[str] = []
    last: inspect._ParameterKind | None = None
    for parameter in list(signature.parameters.values())[int(bound) :]:
        kind = parameter.kind
        if last is inspect.Parameter.POSITIONAL_ONLY and kind is not last:
            parts.append("/")
        if kind is inspect.Parameter.KEYWORD_ONLY and last not in (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_POSITIONAL):
            parts.append("*")
        star = "*" if kind is inspect.Parameter.VAR_POSITIONAL else "**" if kind is inspect.Parameter.VAR_KEYWORD else ""
        parts.append(f"{star}{parameter.name}{'' if parameter.default is inspect.Parameter.empty else '='}")
        last = kind
    if last is inspect.Parameter.POSITIONAL_ONLY:
        parts.append("/")
    return ",".join(parts)


def signature_of(thing: object, *, bound: bool = False) -> str | None:
    """The encoded signature; None if Python knows none."""
    try:
        return encode(inspect.signature(thing), bound=bound)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


def methods_of(cls: type) -> dict[str, str]:
    """The public methods that the class itself defines; `@` marks those that need no instance."""
    found: dict[str, str] = {}
    for name, value in vars(cls).items():
        if name.startswith("_") or name == "model_post_init":  # of pydantic
            continue
        static = isinstance(value, (staticmethod, classmethod))
        if static or inspect.isfunction(value):
            text = signature_of(getattr(cls, name), bound=not static)
            if text is not None:
                found[name] = "@" + text if static else text
    return dict(sorted(found.items()))


def exported(module: types.ModuleType) -> Iterator[tuple[str, object]]:
    """The public names of a module with their values, those included that a `__getattr__` of it imports when they are asked for."""
    lazy = getattr(vars(module).get("__getattr__"), "__code__", None)
    words = lazy.co_consts if lazy is not None else ()
    names = {*vars(module), *(word for word in words if isinstance(word, str) and word.isidentifier())}
    for name in sorted(names):
        if not name.startswith("_"):
            with contextlib.suppress(AttributeError, ImportError):
                yield name, getattr(module, name)


class Reader:
    """Collects what the modules export."""

    def __init__(self) -> None:
        self.modules: dict[str, str] = {}
        self.classes: dict[str, Described] = {}
        self.functions: dict[str, str] = {}

    def read(self, module: types.ModuleType) -> None:
        """List a module's public names, and describe the classes and functions of the SDK among them."""
        vast = below(module.__name__, VAST)
        own: list[str] = []
        others: dict[str, list[str]] = {}
        for name, value in exported(module):
            made = value.func if isinstance(value, functools.partial) else None
            if isinstance(made, type) or isinstance(value, type) or inspect.isfunction(value):
                canonical = canonical_name(value) if made is None else f"{made.__module__}.{name}"
                if canonical is not None and below(canonical, PACKAGES) and not (vast and canonical not in self.classes):
                    self._describe(canonical, value)
                    home, _, called = canonical.rpartition(".")
                    there = own if home == module.__name__ and called == name else others.setdefault(home, [])
                    there.append(name if called == name else f"{called}>{name}")
            elif not isinstance(value, types.ModuleType) and not below(type(value).__module__, NO_EXPORTS) and name != "TYPE_CHECKING":
                own.append(f".{name}")
        self.modules[module.__name__] = " ".join([*own, *(f"{home}:{','.join(names)}" for home, names in sorted(others.items()))])

    def _describe(self, canonical: str, value: object) -> None:
        if isinstance(value, functools.partial):
            self._describe_partial(canonical, value)
            return
        if not isinstance(value, type):
            if canonical not in self.functions and (text := signature_of(value)) is not None:
                self.functions[canonical] = text
            return
        if canonical in self.classes:
            return
        bases = sdk_bases(value)
        self.classes[canonical] = described(signature_of(value) or "*args,**kwargs", bases, methods_of(value))
        for base in bases:
            self._describe(str(canonical_name(base)), base)
        for shape in shapes_inside(value):
            self._describe(str(canonical_name(shape)), shape)

    def _describe_partial(self, name: str, value: functools.partial[object]) -> None:
        made = cast("type", value.func)
        self._describe(str(canonical_name(made)), made)
        self.classes[name] = described(signature_of(value) or "*args,**kwargs", [made, *sdk_bases(made)], {})


def sdk_bases(cls: type) -> list[type]:
    return [base for base in cls.__mro__[1:] if below(base.__module__, PACKAGES) and canonical_name(base) is not None]


def described(init: str, bases: Iterable[type], methods: dict[str, str]) -> Described:
    entry: Described = {"init": init}
    if mro := [str(canonical_name(base)) for base in bases]:
        entry["mro"] = mro
    if methods:
        entry["methods"] = methods
    return entry


def shapes_inside(cls: type) -> Iterator[type]:
    """The classes of the vast modules that the fields of a pydantic model may hold."""
    fields = getattr(cls, "model_fields", None)
    queue = [field.annotation for field in fields.values()] if isinstance(fields, dict) else []
    for annotation in queue:
        queue.extend(getattr(annotation, "__args__", ()))
        if isinstance(annotation, type) and below(annotation.__module__, VAST) and canonical_name(annotation) is not None:
            yield annotation


def canonical_name(value: object) -> str | None:
    """The name under which a class or function of the SDK is defined; None if it is another's, or if it cannot be reached there."""
    module, name = str(getattr(value, "__module__", "")), str(getattr(value, "__qualname__", ""))
    if not below(module, PACKAGES) or not name.isidentifier():
        return None
    return f"{module}.{name}" if getattr(sys.modules.get(module), name, None) is value else None


def read_installed() -> Sdk:
    """The SDK that this interpreter has installed."""
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    os.environ.setdefault("SAGEMAKER_SUPPRESS_V2_WARNING", "1")
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    with contextlib.redirect_stdout(sys.stderr):
        import sagemaker  # type: ignore[import-not-found,unused-ignore]

        modules = [sagemaker, *import_all(sagemaker.__path__, "sagemaker.")]
        reader = Reader()
        for module in sorted(modules, key=lambda one: (below(one.__name__, VAST), one.__name__)):
            reader.read(module)
    return {
        "versions": dict(installed_versions()),
        "modules": {name: text for name, text in sorted(reader.modules.items()) if text},
        "classes": dict(sorted(reader.classes.items())),
        "functions": dict(sorted(reader.functions.items())),
        "unread": sorted({*LEFT_OUT, *VAST}),
    }


def installed_versions() -> Iterator[tuple[str, str]]:
    for name in DISTRIBUTIONS:
        with contextlib.suppress(PackageNotFoundError):
            yield name, version(name)


def read_with(python: Path) -> Sdk:
    """The SDK that another interpreter has installed."""
    command = [str(python), str(Path(__file__).resolve()), "--read"]
    ran = subprocess.run(command, stdout=subprocess.PIPE, check=True, encoding="utf-8")
    found: Sdk = json.loads(ran.stdout)
    return found


def render(sdks: dict[str, Sdk]) -> bytes:
    """The file: compressed, because nobody reads it line by line; without the time, so that the same SDKs make the same bytes."""
    text = json.dumps({"sdks": sdks}, separators=(",", ":"), sort_keys=True) + "\n"
    return gzip.compress(text.encode(), mtime=0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pythons", nargs="*", type=Path, help="interpreters with sagemaker 2.x and 3.x")
    parser.add_argument("--read", action="store_true", help="print what this interpreter has installed")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the file would change")
    arguments = parser.parse_args()
    if arguments.read:
        print(json.dumps(read_installed()))
        return 0
    found = [read_with(python) for python in arguments.pythons]
    sdks = {sdk["versions"]["sagemaker"].partition(".")[0]: sdk for sdk in found}
    if sorted(sdks) != ["2", "3"]:
        parser.error("one interpreter with sagemaker 2.x and one with 3.x are needed")
    made = render(sdks)
    if arguments.check:
        return int(not TARGET.exists() or gzip.decompress(TARGET.read_bytes()) != gzip.decompress(made))
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(made)
    print(f"{TARGET.name}: {', '.join(sdk['versions']['sagemaker'] for sdk in found)}; {len(made):,} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
