"""What annotations name."""

from __future__ import annotations

from contract_lint.python import summary as ir

#: Names of container types.
CONTAINERS = frozenset("""
    dict Dict list List set Set tuple Tuple Mapping MutableMapping Sequence Iterable FrozenSet frozenset DefaultDict
""".split())  # fmt: skip


def mentions(annotation: ir.Expr, names: frozenset[str]) -> bool:
    """Whether an annotation uses one of the names, in quotes or not."""
    if isinstance(annotation, ir.Name):
        return annotation.id in names
    if isinstance(annotation, ir.Attribute):
        return annotation.name in names
    if isinstance(annotation, ir.Subscript):
        return mentions(annotation.value, names) or mentions(annotation.key, names)
    if isinstance(annotation, ir.Sequence):
        return any(mentions(item, names) for item in annotation.items)
    if isinstance(annotation, ir.Chain):
        return mentions(annotation.first, names) or any(mentions(operand, names) for _, operand in annotation.rest)
    if isinstance(annotation, ir.Const) and isinstance(annotation.value, str):
        return any(name in annotation.value for name in names)
    return False


def annotation_names(annotation: ir.Expr | None) -> list[str]:
    """The dotted names in an annotation, container and typing names included."""
    if isinstance(annotation, ir.Name):
        return [annotation.id]
    if isinstance(annotation, ir.Attribute):
        outer = annotation_names(annotation.value)
        return [f"{outer[0]}.{annotation.name}"] if len(outer) == 1 else []
    if isinstance(annotation, ir.Subscript):
        head = annotation_names(annotation.value)
        if head and head[0].rpartition(".")[2] in ("Optional", "Union", "Annotated", "Type"):
            return annotation_names(annotation.key) if head[0].rpartition(".")[2] != "Type" else []
        return head
    if isinstance(annotation, ir.Sequence):
        return [name for item in annotation.items for name in annotation_names(item)]
    if isinstance(annotation, ir.Chain):
        return [name for part in (annotation.first, *(operand for _, operand in annotation.rest)) for name in annotation_names(part)]
    if isinstance(annotation, ir.Const) and isinstance(annotation.value, str):
        text = annotation.value.strip()
        inner = text[len("Optional[") : -1] if text.startswith("Optional[") and text.endswith("]") else text
        return [part.strip() for part in inner.split("|") if part.strip().replace(".", "").replace("_", "").isalnum()]
    return []
