"""What the outcome of a test says of the variables and attributes that it tested."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from contract_lint.python import summary as ir
from contract_lint.python.comparison import compare
from contract_lint.python.frame import Diverges, Frame
from contract_lint.python.iteration import iterate
from contract_lint.python.observations import GIVEN, GIVEN_VALUE
from contract_lint.python.operations import truth
from contract_lint.python.values import (
    Builtin,
    ClassObj,
    Const,
    DictObj,
    Entry,
    InstanceObj,
    Property,
    Ref,
    TupleValue,
    Unknown,
    Value,
    alternatives,
    is_soft,
    join_all,
    key_of,
    origin_of,
)


def narrowed(frame: Frame, value: Value, wanted: bool) -> Value | None:
    """What ``value`` may be, given that its truth is ``wanted``; None if that is impossible."""
    kept = [one for one in alternatives(value) if truth(frame, one) in (None, wanted)]
    return join_all(kept) if kept else None


def refine(frame: Frame, test: ir.Expr, outcome: bool) -> None:
    """Keep of each tested variable or attribute only what agrees with the outcome of the test that was just evaluated.

    Raises Diverges where nothing agrees.
    """
    if isinstance(test, ir.Unary) and test.op == "not":
        refine(frame, test.operand, not outcome)
    elif isinstance(test, ir.BoolOp) and outcome is (test.op == "and"):
        for index, operand in enumerate(test.operands):
            if _is_local(frame, operand) or all(_changes_nothing(later) for later in test.operands[index + 1 :]):
                refine(frame, operand, outcome)
    elif isinstance(test, ir.Compare) and len(test.rest) == 1 and test.rest[0][0] in ("is", "is not", "==", "!="):
        op, other = test.rest[0]
        wanted = outcome if op in ("is", "==") else not outcome
        tested = _asked_for_type(frame, test.first)
        if tested is not None and wanted:
            _refine_exact_class(frame, tested, other)
        elif isinstance(other, ir.Const):
            relation = "is" if op in ("is", "is not") else "=="
            _keep(frame, test.first, lambda value: _compared(frame, value, relation, Const(other.value), wanted))
    elif isinstance(test, ir.Compare) and len(test.rest) == 1 and test.rest[0][0] in ("in", "not in"):
        _refine_presence(frame, test.first, test.rest[0][1], outcome is (test.rest[0][0] == "in"))
    elif isinstance(test, ir.Call) and isinstance(test.func, ir.Name) and test.func.id == "hasattr":
        if outcome:
            _refine_by_attribute(frame, test)
    elif isinstance(test, ir.Call):
        _refine_by_class(frame, test, outcome)
    else:
        _keep(frame, test, lambda value: narrowed(frame, value, outcome))


def _asked_for_type(frame: Frame, node: ir.Expr) -> ir.Expr | None:
    """What ``type(x)`` asks for the type of."""
    if isinstance(node, ir.Call) and isinstance(node.func, ir.Name) and node.func.id == "type" and len(node.args) == 1:
        return node.args[0].value if frame.lookup("type") == Builtin("type") else None
    return None


def _refine_exact_class(frame: Frame, tested: ir.Expr, kind: ir.Expr) -> None:
    """``type(x) is C`` came out true: an unknown ``x`` is an instance of ``C``."""
    if not isinstance(kind, (ir.Name, ir.Attribute)):
        return
    cls = frame.ev.evaluate(frame, kind)
    if isinstance(cls, Ref) and _is_class(frame, cls):
        _keep(frame, tested, lambda value: _of_class(frame, value, cls))


def _of_class(frame: Frame, value: Value, cls: Ref) -> Value:
    return join_all([frame.ev.assumed_instance(frame, cls) if isinstance(one, Unknown) else one for one in alternatives(value)])


def _compared(frame: Frame, value: Value, relation: str, constant: Const, wanted: bool) -> Value | None:
    kept = [one for one in alternatives(value) if truth(frame, compare(frame, relation, one, constant, None)) in (None, wanted)]
    return join_all(kept) if kept else None


def _refine_by_class(frame: Frame, test: ir.Call, outcome: bool) -> None:
    """``isinstance(x, C)``: an unknown ``x`` is an instance of ``C`` where the answer is yes."""
    if not isinstance(test.func, ir.Name) or test.func.id != "isinstance" or len(test.args) != 2:
        return
    if frame.lookup("isinstance") != Builtin("isinstance") or not isinstance(test.args[1].value, (ir.Name, ir.Attribute, ir.Sequence)):
        return
    given = frame.ev.evaluate(frame, test.args[1].value)
    kinds = [item.value for item in iterate(frame, given, None).items] if isinstance(given, TupleValue) else [given]

    def keep(value: Value) -> Value | None:
        kept: list[Value] = []
        for one in alternatives(value):
            answers = [frame.ev.is_instance(frame, one, kind) for kind in kinds]
            answer = True if True in answers else None if None in answers else False
            if isinstance(one, Unknown) and outcome and all(_is_class(frame, kind) for kind in kinds):
                kept += [frame.ev.assumed_instance(frame, kind) for kind in kinds if isinstance(kind, Ref)]
            elif answer in (None, outcome):
                kept.append(one)
        return join_all(kept) if kept else None

    _keep(frame, test.args[0].value, keep)


def _refine_presence(frame: Frame, key: ir.Expr, container: ir.Expr, present: bool) -> None:
    """``key in d``: where the answer is yes the entry is there, where it is no it is not."""
    if not isinstance(key, (ir.Const, ir.Name)):
        return
    value = key_of(wanted) if (wanted := _plain_value(frame, key)) is not None else None
    holder = _stable_receiver(frame, container)
    obj = frame.read(holder) if holder is not None else None
    if holder is None or wanted is None or value is None or not isinstance(obj, DictObj) or is_soft(wanted):
        return
    entry = obj.entries.get(value)
    if present and entry is None and obj.open is not None:
        there = Unknown(GIVEN_VALUE, origin_of(wanted)) if obj.open.reason in GIVEN else obj.open
        entries = {**obj.entries, value: Entry(wanted, there)}
        frame.write(holder.address, replace(obj, entries=entries, shuffled=True))
    elif present and entry is not None and not entry.must:
        frame.write(holder.address, replace(obj, entries={**obj.entries, value: replace(entry, must=True)}))
    elif not present and entry is not None:
        if entry.must:
            raise Diverges
        frame.write(holder.address, replace(obj, entries={k: e for k, e in obj.entries.items() if k != value}))


def _plain_value(frame: Frame, node: ir.Const | ir.Name) -> Value | None:
    return Const(node.value, (frame.module, node.at)) if isinstance(node, ir.Const) else frame.lookup(node.id)


def _refine_by_attribute(frame: Frame, test: ir.Call) -> None:
    """``hasattr(x, "name")`` came out true: the attribute is there, whatever it is."""
    if len(test.args) != 2 or not isinstance(test.args[1].value, (ir.Const, ir.Name)):
        return
    name = _plain_value(frame, test.args[1].value)
    holder = _stable_receiver(frame, test.args[0].value)
    obj = frame.read(holder) if holder is not None else None
    if holder is not None and isinstance(obj, InstanceObj) and isinstance(name, Const) and isinstance(name.value, str):
        if name.value not in obj.attributes and frame.ev.find_in_class(frame, obj.cls, name.value) is None:
            attributes = {**obj.attributes, name.value: Unknown("asked-for-attribute")}
            frame.write(holder.address, replace(obj, attributes=attributes))


def _is_class(frame: Frame, value: Value) -> bool:
    return isinstance(value, Ref) and isinstance(frame.read(value), ClassObj)


def _keep(frame: Frame, tested: ir.Expr, keep: Callable[[Value], Value | None]) -> None:
    if isinstance(tested, ir.Name):
        value = frame.lookup(tested.id)
        if value is None:
            return
        kept = keep(value)
        if kept is None:
            raise Diverges
        if frame.variables is not None and tested.id in frame.variables and kept != value:
            frame.variables[tested.id] = kept
    elif isinstance(tested, ir.Attribute):
        receiver = _stable_receiver(frame, tested.value)
        obj = frame.read(receiver) if receiver is not None else None
        if receiver is None or not isinstance(obj, InstanceObj) or tested.name not in obj.attributes:
            return
        kept = keep(obj.attributes[tested.name])
        if kept is None:
            raise Diverges
        if kept != obj.attributes[tested.name] and not isinstance(frame.ev.find_in_class(frame, obj.cls, tested.name), Property):
            frame.write(receiver.address, InstanceObj(obj.cls, {**obj.attributes, tested.name: kept}, obj.exact, obj.origin))


def _stable_receiver(frame: Frame, node: ir.Expr) -> Ref | None:
    """The object that a chain of names and plain attributes stands for."""
    if isinstance(node, ir.Name):
        value = frame.lookup(node.id)
        return value if isinstance(value, Ref) else None
    if isinstance(node, ir.Attribute):
        outer = _stable_receiver(frame, node.value)
        obj = frame.read(outer) if outer is not None else None
        value = obj.attributes.get(node.name) if isinstance(obj, InstanceObj) else None
        return value if isinstance(value, Ref) else None
    return None


def _is_local(frame: Frame, node: ir.Expr) -> bool:
    """A test of local variables alone: no call changes those."""
    if isinstance(node, ir.Unary):
        return _is_local(frame, node.operand)
    if isinstance(node, ir.Compare):
        return _is_local(frame, node.first) and all(op not in ("in", "not in") for op, _ in node.rest)
    if isinstance(node, ir.Call):
        return (
            isinstance(node.func, ir.Name) and node.func.id == "isinstance" and len(node.args) == 2 and _is_local(frame, node.args[0].value)
        )
    return isinstance(node, ir.Name) and frame.variables is not None and node.id in frame.variables


def _changes_nothing(node: ir.Expr) -> bool:
    if isinstance(node, (ir.Const, ir.Name)):
        return True
    if isinstance(node, ir.Attribute):
        return _changes_nothing(node.value)
    if isinstance(node, ir.Unary):
        return _changes_nothing(node.operand)
    if isinstance(node, ir.Compare):
        return _changes_nothing(node.first) and all(_changes_nothing(operand) for _, operand in node.rest)
    return isinstance(node, ir.Call) and isinstance(node.func, ir.Name) and node.func.id == "isinstance"
