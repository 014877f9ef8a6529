"""Which configuration class a builder is meant for.

The evidence, strongest first: an annotation (of the class body or of ``__init__``'s parameter) or an ``isinstance`` guard in the
builder itself; a call of its constructor; a pair of registries; an inherited annotation, if nothing in the project extends the
class that it names. Several classes make a union.
"""

from __future__ import annotations

from collections.abc import Iterator

from contract_lint.model.contract import ConfigShape, Named
from contract_lint.python import summary as ir
from contract_lint.python.attributes import takes_extras
from contract_lint.python.evaluate import Answer, Evaluator
from contract_lint.python.frame import Frame
from contract_lint.python.values import (
    ClassObj,
    Const,
    DictObj,
    Entry,
    FunctionValue,
    InstanceObj,
    Ref,
    Unknown,
    Value,
    alternatives,
    join_all,
)

CONFIG = "config"
#: What pydantic gives every model, as far as code uses it.
OF_EVERY_MODEL = frozenset(
    "model_computed_fields model_config model_construct model_copy model_dump model_dump_json model_extra model_fields model_fields_set "
    "model_json_schema model_post_init model_rebuild model_validate model_validate_json model_validate_strings "
    "construct copy dict fields from_orm json parse_file parse_obj parse_raw schema schema_json update_forward_refs validate".split()
)


def config_value(ev: Evaluator, frame: Frame, builder: Ref) -> Value | None:
    """What ``self.config`` is: instances of the classes that the evidence names; None if the project says nothing of it."""
    classes = config_classes(ev, frame, builder)
    if classes is None:
        return Unknown("several-config-classes")
    return join_all([ev.assumed_instance(frame, cls) for cls in classes]) if classes else None


def config_classes(ev: Evaluator, frame: Frame, builder: Ref) -> list[Ref] | None:
    """The classes by the strongest evidence there is; none if there is no evidence, None if it leaves too many open."""
    obj = frame.read(builder)
    assert isinstance(obj, ClassObj)
    own = _declared(ev, frame, builder)
    if own is not None:
        return [own]
    for evidence in (_constructed(ev, frame, builder), _registered(ev, frame, builder)):
        if evidence:
            return evidence
    for base in obj.lineage[1:]:
        inherited = _declared(ev, frame, base)
        if inherited is not None:
            extended = any(inherited in ev.lineage(cls)[1:] for cls in ev.classes)
            return None if extended else [inherited]
    return []


def _declared(ev: Evaluator, frame: Frame, cls: Ref) -> Ref | None:
    """The class that annotations and guards in the class itself name."""
    obj = frame.read(cls)
    assert isinstance(obj, ClassObj)
    spec = obj.fields.get(CONFIG)
    if spec is not None:
        named = ev.class_of_annotation(Frame(ev, spec.module, frame.heap, {}, ""), spec.annotation)
        if named is not None:
            return named
    init = obj.attributes.get("__init__")
    if not isinstance(init, FunctionValue) or not isinstance(init.node, ir.FunctionDef):
        return None
    scope = Frame(ev, init.module, frame.heap, {}, "")
    guarded = _guarded(ev, scope, ev.body_of(init.module, init.node))
    if guarded is not None:
        return guarded
    annotations = [p.annotation for p in init.node.parameters if p.name == CONFIG and p.annotation is not None]
    return ev.class_of_annotation(scope, annotations[0]) if annotations else None


def _guarded(ev: Evaluator, scope: Frame, body: ir.Body) -> Ref | None:
    """The class in ``if not isinstance(config, XConfig): raise`` at the constructor's own level."""
    for statement in body:
        if not isinstance(statement, ir.If):
            continue
        test = statement.branches[0].test
        if isinstance(test, ir.Unary) and test.op == "not":
            test = test.operand
        if isinstance(test, ir.Call) and isinstance(test.func, ir.Name) and test.func.id == "isinstance" and len(test.args) == 2:
            subject, kind = test.args[0].value, test.args[1].value
            if isinstance(subject, ir.Name) and subject.id == CONFIG:
                return ev.class_of_annotation(scope, kind)
    return None


def _constructed(ev: Evaluator, frame: Frame, builder: Ref) -> list[Ref]:
    """The classes of the configurations with which the project was seen to construct the builder."""
    found: dict[Ref, None] = {}
    for arguments in ev.constructions.get(builder, ()):
        value = arguments.kwargs.get(CONFIG) or (arguments.args[0] if arguments.args else None)
        for one in alternatives(value) if value is not None else ():
            obj = ev.root.get(one.address) if isinstance(one, Ref) else None
            if isinstance(obj, InstanceObj):
                found[obj.cls] = None
    return list(found)


def _registered(ev: Evaluator, frame: Frame, builder: Ref) -> list[Ref]:
    """The classes that a registry gives the step name under which another one holds the builder."""
    names = {entry.key.value for entry in _entries(ev) if entry.value == builder and isinstance(entry.key, Const)}
    if not names:
        return []
    by_name: dict[str, list[Ref]] = {}
    for cls in ev.classes:
        obj = frame.read(cls)
        if isinstance(obj, ClassObj):
            by_name.setdefault(obj.name, []).append(cls)
    found: dict[Ref, None] = {}
    for entry in _entries(ev):
        if not isinstance(entry.value, Const) or entry.value.value not in names:
            continue
        if isinstance(entry.key, Ref) and isinstance(frame.read(entry.key), ClassObj):
            found[entry.key] = None
        elif isinstance(entry.key, Const) and len(by_name.get(str(entry.key.value), ())) == 1:
            found[by_name[str(entry.key.value)][0]] = None
    return [cls for cls in found if cls != builder]


def _entries(ev: Evaluator) -> Iterator[Entry]:
    """The entries of all dicts that the modules hold."""
    for obj in ev.root.own.values():
        if isinstance(obj, DictObj) and obj.kind == "dict":
            yield from obj.entries.values()


def config_shape(ev: Evaluator, answer: Answer) -> ConfigShape | None:
    """What the configuration class that ``self.config`` is an instance of declares; None if that is not one known class."""
    # As it was made: a builder's constructor may have asked it for more, or have changed it.
    made = ev.root.get(answer.value.address) if isinstance(answer.value, Ref) else None
    obj = made if made is not None else answer.read(answer.value)
    cls = answer.frame.read(obj.cls) if isinstance(obj, InstanceObj) else None
    if not isinstance(obj, InstanceObj) or not isinstance(cls, ClassObj):
        return None
    span = ev.span(cls.origin)
    if span is None:
        return None
    attributes, methods = _attributes(answer.frame, obj, cls)
    tables = [
        () if attributes is not None and field not in attributes else _names(ev, answer, obj.attributes.get(field))
        for field in ("input_names", "output_names")
    ]
    return ConfigShape(cls.name, span, tables[0], tables[1], None if attributes is None else tuple(sorted(attributes)), methods)


def _names(ev: Evaluator, answer: Answer, value: Value | None) -> tuple[tuple[Named, str | None], ...] | None:
    """The keys of a mapping of names with what they map to; None unless it is one closed dict."""
    found = answer.read(value) if value is not None else None
    if not isinstance(found, DictObj) or found.open is not None or found.kind != "dict":
        return None
    names: list[tuple[Named, str | None]] = []
    for entry in found.entries.values():
        span = ev.span(entry.key.origin) if isinstance(entry.key, Const) else None
        if span is None or not isinstance(entry.key, Const) or not isinstance(entry.key.value, str) or not entry.must:
            return None
        mapped = entry.value.value if isinstance(entry.value, Const) and isinstance(entry.value.value, str) else None
        names.append((Named(entry.key.value, span), mapped))
    return tuple(names)


def _attributes(frame: Frame, obj: InstanceObj, cls: ClassObj) -> tuple[frozenset[str] | None, frozenset[str]]:
    """All attributes of the instances, and which of them are methods; None where a base, or a ``__getattr__``, may give more."""
    model = frame.ev.is_model(frame, obj.cls)
    data, methods = set(obj.attributes), set(OF_EVERY_MODEL if model else ())
    for base in cls.lineage:
        there = frame.read(base)
        assert isinstance(there, ClassObj)
        own = {name for name, value in there.attributes.items() if isinstance(value, FunctionValue)}
        methods |= own - data
        data |= (set(there.attributes) | set(there.fields)) - own - methods
    unseen = cls.open is not None or (model and takes_extras(frame, obj.cls)) or not methods.isdisjoint(("__getattr__", "__getattribute__"))
    return None if unseen else frozenset(data | methods), frozenset(methods)
