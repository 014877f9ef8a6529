"""One output is registered twice with different property paths.

## What it reports

Two or more registrations (`register_property_path`, `register_instance_property_path`) of one step type and one output name
whose paths differ. The place is the last registration of the module, which overrides the others; they are the related places.
Where the registrations stand in different modules, which one wins depends on the order of imports.

## Why it matters

The registry keeps one path for a key, and the last one silently wins. Consumers then read another output than the one that
most of the code, and its author, believe in; the pipeline is valid and the run reads the wrong data.

## Bad

```python
from steps_framework import StepBuilderBase

StepBuilderBase.register_property_path(
    "PackagingStep",
    "PackagedModel",
    "properties.ProcessingOutputConfig.Outputs['PackagedModel'].S3Output.S3Uri",
)
StepBuilderBase.register_property_path(
    "PackagingStep",
    "PackagedModel",
    "properties.ProcessingOutputConfig.Outputs['ModelPackage'].S3Output.S3Uri",
)


class PackagingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"PackagedModel": "S3 path of the packaged model"}
```

## Good

```python
from steps_framework import StepBuilderBase

StepBuilderBase.register_property_path(
    "PackagingStep",
    "PackagedModel",
    "properties.ProcessingOutputConfig.Outputs['PackagedModel'].S3Output.S3Uri",
)


class PackagingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"PackagedModel": "S3 path of the packaged model"}
```

## How to fix

Keep the registration whose path is right and delete the others. If both outputs exist, give each its own name.

A method that does not exist registers nothing: such calls fail, and the finding says so. Give the path in the way that the base
class has now.

## When it stays silent

Where the paths are equal; where the step type, the name or one of the two paths is only known at run time; between a module's
own level and its functions, and between two functions, as either may never run; across modules as soon as one of
them already disagrees with itself, and where one of them registers for another module's builder (CL118).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contract_lint.api import Draft, Mechanism, PathDeclaration, RegistrationView, Related, Severity, joined, rule, scope_of, shown_path

from ._registrations import foreign, missing_method, text_of


@dataclass(frozen=True, slots=True)
class ConflictingPaths:
    """``winner`` is the path that counts in the end; None where that depends on the order of imports or on the run.

    ``missing`` is the registering method, if its class does not have it.
    """

    name: str
    step_types: tuple[str, ...]
    paths: int
    winner: str | None
    modules: int
    missing: str | None

    def message(self) -> str:
        of = f" of {joined(self.step_types, 'and')}" if self.step_types else ""
        where = f" in {self.modules} modules" if self.modules > 1 else ""
        if self.missing is not None:
            by = f"by calls of '{self.missing}', which does not exist"
            return f"'{self.name}'{of} is given {self.paths} different property paths{where}, {by}"
        wins = f"; the last one wins: {self.winner}" if self.winner is not None else "; which one wins is not fixed"
        return f"'{self.name}'{of} is registered with {self.paths} different property paths{where}{wins}"

    def help(self) -> str:
        if self.missing is not None:
            return "keep one path, and give it in the way that the base class has now"
        return "keep one registration, or give the other output a name of its own"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Registrations of one key in the order in which they are made; the last is the one that wins."""

    earlier: tuple[PathDeclaration, ...]
    last: PathDeclaration
    settled: bool


@rule("CL103", "conflicting-property-paths", Severity.ERROR, view=RegistrationView, facts=ConflictingPaths)
def conflicting_property_paths(view: RegistrationView) -> Iterator[Draft]:
    keys: dict[tuple[str, ...], list[PathDeclaration]] = defaultdict(list)
    for declaration in (given.declaration for given in view.given):
        if declaration.mechanism is Mechanism.INSTANCE_REGISTRY:
            key = (declaration.mechanism.value, *declaration.owners)
            keys[key].append(declaration)
        elif declaration.mechanism is Mechanism.CLASS_REGISTRY and declaration.step_type is not None:
            keys[declaration.mechanism.value, declaration.step_type].append(declaration)
    elsewhere = {given.declaration for given in foreign(view)}
    merged: dict[PathDeclaration, list[Conflict]] = defaultdict(list)
    for declarations in keys.values():
        inside = list(_inside_one_module(declarations))
        for conflict in inside or _across_modules([one for one in declarations if one not in elsewhere]):
            merged[_keyless(conflict.last)].append(conflict)
    for conflicts in merged.values():
        yield _draft(view.name, conflicts)


def _keyless(declaration: PathDeclaration) -> PathDeclaration:
    """The statement alone: a loop over step types makes one registration for each, and is one defect."""
    return PathDeclaration(declaration.mechanism, None, declaration.name, declaration.path, declaration.span, declaration.scope, 0)


def _inside_one_module(declarations: Sequence[PathDeclaration]) -> Iterator[Conflict]:
    groups: dict[tuple[str, str], list[PathDeclaration]] = defaultdict(list)
    for declaration in declarations:
        groups[declaration.span.path, declaration.scope].append(declaration)
    for (_, scope), group in groups.items():
        known = [declaration for declaration in group if text_of(declaration.path) is not None]
        if not known:
            continue
        last = known[-1]
        # One call inside a function may be seen once for each class that inherits it: these are not made one after the other.
        earlier = [d for d in known[:-1] if not scope or d.span != last.span]
        if any(text_of(declaration.path) != text_of(last.path) for declaration in earlier):
            yield Conflict(tuple(earlier), last, settled=group[-1] is last)


def _across_modules(declarations: Sequence[PathDeclaration]) -> Iterator[Conflict]:
    """Modules that each give one path at their own level, but not the same."""
    modules: dict[str, list[PathDeclaration]] = defaultdict(list)
    for declaration in declarations:
        if not declaration.scope:
            modules[declaration.span.path].append(declaration)
    texts = [{text_of(declaration.path) for declaration in group} for group in modules.values()]
    if len(set().union(*texts)) > 1 and all(len(group) == 1 and None not in group for group in texts):
        *earlier, last = [group[-1] for _, group in sorted(modules.items())]
        yield Conflict(tuple(earlier), last, settled=False)


def _draft(name: str, conflicts: Sequence[Conflict]) -> Draft:
    last = conflicts[0].last
    earlier = list(dict.fromkeys(d for conflict in conflicts for d in conflict.earlier))
    modules = {declaration.span.path for declaration in (*earlier, last)}
    texts = {text_of(declaration.path) for declaration in (*earlier, last)}
    step_types = tuple(dict.fromkeys(c.last.step_type for c in conflicts if c.last.step_type is not None))
    winner = text_of(last.path) if all(conflict.settled for conflict in conflicts) else None
    related = dict.fromkeys(Related(d.span, f"registers {shown_path(d.path)}") for d in earlier if d.path is not None)
    facts = ConflictingPaths(name, step_types, len(texts), winner, len(modules), missing_method((*earlier, last)))
    scope = scope_of(last) if len(conflicts) == 1 else last.scope or last.span.path
    return Draft(facts, last.span, scope, ".".join(["+".join(step_types), name]) if step_types else name, tuple(related))
