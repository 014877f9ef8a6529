"""Inputs that a builder gives itself: it stores something under their name, in whatever dict, before or while it makes its step."""

from __future__ import annotations

from collections.abc import Iterator

from contract_lint.frontends.subject import Subject
from contract_lint.python import summary as ir
from contract_lint.python.values import ClassObj, FunctionValue
from contract_lint.python.walk import nodes

#: What dicts of inputs are called.
INPUTS = "inputs"
#: Stands for a name that is only known at run time.
ANY = "*"


def stored_names(subject: Subject) -> frozenset[str]:
    """The texts under which methods of the builder, and of its bases in the project, store something: ``inputs["model"] = …``,
    ``inputs.update({"model": …})``, ``{"model": …, **inputs}``, ``ChainMap(inputs, {"model": …})``.

    ``ANY`` among them says that something is stored in a dict of inputs under a name that is computed.
    """
    found: set[str] = set()
    frame = subject.made.frame
    for base in subject.builder.cls.lineage:
        obj = frame.read(base)
        for value in obj.attributes.values() if isinstance(obj, ClassObj) else ():
            if isinstance(value, FunctionValue) and isinstance(value.node, ir.FunctionDef):
                found.update(_stored(tuple(nodes(subject.ev.body_of(value.module, value.node)))))
    return frozenset(found)


def _merged(body: tuple[object, ...]) -> Iterator[str]:
    """The keys of what a dict of inputs is merged with."""
    for node in body:
        if isinstance(node, ir.Dict) and any(item.key is None and _is_inputs(item.value) for item in node.items):
            yield from _keys(node)
        elif isinstance(node, ir.Call):
            receiver = node.func.value if isinstance(node.func, ir.Attribute) and node.func.name == "update" else None
            given = [argument.value for argument in node.args]
            if (receiver is not None and _is_inputs(receiver)) or any(map(_is_inputs, given)):
                for argument in node.args:
                    yield from _keys(argument.value)
                    yield from [argument.name] if argument.name is not None else []


def _is_inputs(node: object) -> bool:
    return isinstance(node, ir.Name) and node.id.endswith(INPUTS)


def _keys(node: object) -> Iterator[str]:
    for item in node.items if isinstance(node, ir.Dict) else ():
        if isinstance(item.key, ir.Const) and isinstance(item.key.value, str):
            yield item.key.value


def _stored(body: tuple[object, ...]) -> Iterator[str]:
    """The keys of item assignments and merges; a variable stands for the texts that the function gives it."""
    yield from _merged(body)
    texts: dict[str, set[str]] = {}
    stores: list[ir.Subscript] = []
    for node in body:
        if not isinstance(node, ir.Assign):
            continue
        for target in node.targets:
            if isinstance(target, ir.Name) and isinstance(node.value, ir.Const) and isinstance(node.value.value, str):
                texts.setdefault(target.id, set()).add(node.value.value)
            elif isinstance(target, ir.Subscript):
                stores.append(target)
    for store in stores:
        key = store.key
        if isinstance(key, ir.Const) and isinstance(key.value, str):
            yield key.value
        elif isinstance(key, ir.Name) and key.id in texts:
            yield from sorted(texts[key.id])
        elif isinstance(store.value, ir.Name) and store.value.id.endswith(INPUTS):
            yield ANY
