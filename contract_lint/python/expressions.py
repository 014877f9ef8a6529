"""Evaluation of expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from contract_lint.python import summary as ir
from contract_lint.python.calls import evaluate_call
from contract_lint.python.frame import Diverges, Frame
from contract_lint.python.iteration import Iteration, iterate, to_list, unpack
from contract_lint.python.methods import delete_item, get_item, set_item, spoil
from contract_lint.python.operations import binary, compare, display, merged, negate, text, truth, unary
from contract_lint.python.values import (
    NONE,
    Address,
    Builtin,
    CellObj,
    ClassObj,
    Const,
    DictObj,
    Entry,
    External,
    FunctionValue,
    InstanceObj,
    Item,
    Key,
    ListObj,
    Namespace,
    OneOf,
    Origin,
    Ref,
    TupleValue,
    Unknown,
    Value,
    alternatives,
    join,
    join_all,
    key_of,
    unknown,
)

Evaluation: TypeAlias = Callable[[Frame, Any], Value]


def evaluate(frame: Frame, node: ir.Expr) -> Value:
    """The value of an expression; raises ``Diverges`` where it certainly raises."""
    frame.ev.tick()
    return EVALUATIONS[type(node)](frame, node)


def _const(frame: Frame, node: ir.Const) -> Value:
    return Const(node.value, (frame.module, node.at))


def _big_int(frame: Frame, node: ir.BigInt) -> Value:
    return Const(int(node.digits), (frame.module, node.at)) if len(node.digits) < 4000 else frame.unknown("huge-number", node.at)


def _surrogate_text(frame: Frame, node: ir.SurrogateText) -> Value:
    return Const(node.value, (frame.module, node.at))


def _bytes(frame: Frame, node: ir.Bytes) -> Value:
    return Const(node.value, (frame.module, node.at))


def _name(frame: Frame, node: ir.Name) -> Value:
    value = frame.lookup(node.id)
    return frame.unknown("undefined-name", node.at) if value is None else value


def _attribute(frame: Frame, node: ir.Attribute) -> Value:
    return frame.ev.attribute(frame, evaluate(frame, node.value), node.name, (frame.module, node.at))


def _slice(frame: Frame, node: ir.Slice) -> Value:
    for part in (node.lower, node.upper, node.step):
        if part is not None:
            evaluate(frame, part)
    return frame.unknown("slice", node.at)


def _subscript(frame: Frame, node: ir.Subscript) -> Value:
    value = evaluate(frame, node.value)
    origin = (frame.module, node.at)
    if isinstance(node.key, ir.Slice):
        bounds = [None if part is None else evaluate(frame, part) for part in (node.key.lower, node.key.upper, node.key.step)]
        return _sliced(frame, value, bounds, origin)
    return subscript(frame, value, evaluate(frame, node.key), origin)


def subscript(frame: Frame, value: Value, key: Value, origin: Origin) -> Value:
    """``value[key]``."""
    if isinstance(value, OneOf):
        return join_all([subscript(frame, one, key, origin) for one in value.values])
    if isinstance(value, Ref):
        obj = frame.read(value)
        if isinstance(obj, DictObj):
            return get_item(frame, value, obj, key, None, origin)
        if isinstance(obj, ListObj):
            return _element(obj.items, obj.open, key, origin)
        if isinstance(obj, ClassObj):
            member = frame.ev.enum_by_name(frame, value, key)
            return member if member is not None else value
        if isinstance(obj, InstanceObj):
            return frame.ev.call_attribute(frame, value, "__getitem__", [key], {}, origin)
    if isinstance(value, TupleValue):
        return _element(tuple(map(Item, value.items)), None, key, origin)
    if isinstance(value, Namespace) and isinstance(key, Const) and isinstance(key.value, str):
        return frame.ev.attribute(frame, value.instance, key.value, origin)
    if isinstance(value, Builtin) or (isinstance(value, External) and _is_generic(value.name)):
        return value
    if isinstance(value, Const) and isinstance(value.value, str) and isinstance(key, Const) and isinstance(key.value, int):
        try:
            return Const(value.value[key.value], value.origin, value.soft or key.soft)
        except IndexError:
            return Unknown("raises", origin)
    return unknown(value, "unknown-subscript", origin)


def _is_generic(name: str) -> bool:
    """``Dict[str, str]``, ``Generic[T]``: subscripting gives the same class again."""
    return name.startswith(("typing.", "collections.abc.")) or name.rpartition(".")[2][:1].isupper()


def _element(items: tuple[Item, ...], opened: Unknown | None, key: Value, origin: Origin) -> Value:
    if isinstance(key, OneOf):
        return join_all([_element(items, opened, one, origin) for one in key.values])
    exact = all(item.must for item in items)
    if isinstance(key, Const) and isinstance(key.value, int):
        index = key.value
        if opened is None and exact:
            return items[index].value if -len(items) <= index < len(items) else Unknown("missing-index", origin)
        if 0 <= index < len(items) and all(item.must for item in items[: index + 1]):
            return items[index].value
    if opened is not None or not items:
        return opened or Unknown("missing-index", origin)
    return join_all([item.value for item in items])


def _sliced(frame: Frame, value: Value, bounds: list[Value | None], origin: Origin) -> Value:
    plain: list[int | None] = []
    for bound in bounds:
        if bound is None or bound == NONE:
            plain.append(None)
        elif isinstance(bound, Const) and isinstance(bound.value, int):
            plain.append(bound.value)
        else:
            return unknown(bound, "unknown-slice", origin)
    if plain[2] == 0:
        raise Diverges
    cut = slice(*plain)
    if isinstance(value, Const) and isinstance(value.value, (str, bytes)):
        return Const(value.value[cut], value.origin, value.soft)
    if isinstance(value, TupleValue):
        return TupleValue(value.items[cut], origin)
    if isinstance(value, Ref):
        obj = frame.read(value)
        if isinstance(obj, ListObj) and obj.open is None and all(item.must for item in obj.items):
            return frame.new(ListObj(obj.items[cut]))
        if isinstance(obj, ListObj):
            return frame.new(ListObj((), obj.open or Unknown("unknown-slice", origin)))
    if isinstance(value, OneOf):
        return join_all([_sliced(frame, one, bounds, origin) for one in value.values])
    return unknown(value, "unknown-slice", origin)


def _fstring(frame: Frame, node: ir.FString) -> Value:
    parts, soft = _fstring_parts(frame, node)
    return text(parts, (frame.module, node.at), soft)


def _fstring_parts(frame: Frame, node: ir.FString) -> tuple[list[str | None], bool]:
    parts: list[str | None] = []
    soft = False
    for part in node.parts:
        if isinstance(part, (ir.Const, ir.SurrogateText)):
            parts.append(str(part.value))
            continue
        value = evaluate(frame, part.value)
        spec: str | None = ""
        if part.spec is not None:
            pieces, _ = _fstring_parts(frame, part.spec)
            spec = "".join(p for p in pieces if p is not None) if None not in pieces else None
        if isinstance(value, Const):
            soft = soft or value.soft
        parts.extend(display(frame, frame.ev.text_of(frame, value), part.conversion, spec))
    return parts, soft


def _formatted(frame: Frame, node: ir.Formatted) -> Value:
    return _fstring(frame, ir.FString((node,), node.at))


def _chain(frame: Frame, node: ir.Chain) -> Value:
    origin = (frame.module, node.at)
    value = evaluate(frame, node.first)
    for op, operand in node.rest:
        value = binary(frame, op, value, evaluate(frame, operand), origin)
    return value


def _unary(frame: Frame, node: ir.Unary) -> Value:
    operand = evaluate(frame, node.operand)
    if node.op == "not":
        return negate(operand, truth(frame, operand), frame)
    return unary(frame, node.op, operand, (frame.module, node.at))


def _bool_op(frame: Frame, node: ir.BoolOp) -> Value:
    return _short_circuit(frame, node.op, node.operands, 0)


def _short_circuit(frame: Frame, op: str, operands: tuple[ir.Expr, ...], index: int) -> Value:
    value = evaluate(frame, operands[index])
    while index + 1 < len(operands):
        known = truth(frame, value)
        if known is not None:
            if known is (op == "or"):
                return value
            index += 1
            value = evaluate(frame, operands[index])
            continue
        stays = narrowed(frame, value, op == "or")
        rest = index + 1

        def go_on(rest: int = rest) -> Value:
            return _short_circuit(frame, op, operands, rest)

        if simple(operands[rest]) and rest + 1 == len(operands):
            other = go_on()
        else:
            kept: Value = NONE if stays is None else stays
            return frame.fork_values([go_on, lambda kept=kept: kept])  # type: ignore[misc]
        return other if stays is None else join(stays, other)
    return value


def narrowed(frame: Frame, value: Value, wanted: bool) -> Value | None:
    """What ``value`` may be, given that its truth is ``wanted``; None if that is impossible."""
    kept = [one for one in alternatives(value) if truth(frame, one) in (None, wanted)]
    return join_all(kept) if kept else None


def simple(node: ir.Expr) -> bool:
    """Evaluating it changes nothing."""
    while isinstance(node, ir.Attribute):
        node = node.value
    if isinstance(node, ir.Dict):
        return not node.items
    if isinstance(node, ir.Sequence):
        return not node.items
    return isinstance(node, (ir.Const, ir.Name))


def _compare(frame: Frame, node: ir.Compare) -> Value:
    origin = (frame.module, node.at)
    left = evaluate(frame, node.first)
    result: Value | None = None
    for op, operand in node.rest:
        right = evaluate(frame, operand)
        answer = compare(frame, op, left, right, origin)
        if result is None:
            result = answer
        elif truth(frame, result) is not False:
            result = answer if truth(frame, result) is True else unknown(result, "unknown-comparison", origin)
        left = right
    assert result is not None
    return result


def _if_exp(frame: Frame, node: ir.IfExp) -> Value:
    known = truth(frame, evaluate(frame, node.test))
    if known is not None:
        return evaluate(frame, node.body if known else node.orelse)
    if simple(node.body) and simple(node.orelse):
        return join(evaluate(frame, node.body), evaluate(frame, node.orelse))
    return frame.fork_values([lambda: evaluate(frame, node.body), lambda: evaluate(frame, node.orelse)])


def _dict(frame: Frame, node: ir.Dict) -> Value:
    entries: dict[Key, Entry] = {}
    opened: Unknown | None = None
    writer = frame.ev.writer
    for item in node.items:
        if item.key is None:
            value = evaluate(frame, item.value)
            base = DictObj(entries, opened)
            found = join_all([value])
            options = [_mapping(frame, one) for one in alternatives(found)]
            results = [merged(base, option) for option in options]
            combined = results[0]
            for other in results[1:]:
                combined = _either_dict(combined, other)
            entries, opened = dict(combined.entries), combined.open
            continue
        key_value = evaluate(frame, item.key)
        value = evaluate(frame, item.value)
        for one in alternatives(key_value):
            key = key_of(one)
            if key is None:
                opened = opened or unknown(one, "unknown-key", (frame.module, node.at))
                entries = {k: Entry(e.key, join(e.value, value), e.must, e.writer) for k, e in entries.items()}
            elif type(key_value) is OneOf:
                old = entries.get(key)
                entries[key] = Entry(one, value if old is None else join(old.value, value), bool(old and old.must), writer)
            else:
                entries[key] = Entry(one, value, True, writer)
    return frame.new(DictObj(entries, opened, "dict", (frame.module, node.at)))


def _either_dict(first: DictObj, second: DictObj) -> DictObj:
    from contract_lint.python.state import join_objects

    joined = join_objects(first, second)
    assert isinstance(joined, DictObj)
    return joined


def _mapping(frame: Frame, value: Value) -> DictObj:
    if isinstance(value, Ref):
        obj = frame.read(value)
        if isinstance(obj, DictObj):
            return obj
    return DictObj({}, unknown(value, "unknown-mapping"))


def _sequence(frame: Frame, node: ir.Sequence) -> Value:
    origin = (frame.module, node.at)
    items: list[Item] = []
    opened: Unknown | None = None
    for element in node.items:
        if isinstance(element, ir.Starred):
            found = iterate(frame, evaluate(frame, element.value), origin)
            if opened is None:
                items.extend(found.items)
            opened = opened or found.open
        else:
            value = evaluate(frame, element)
            if opened is None or node.kind == "set":
                items.append(Item(value))
    if node.kind == "tuple":
        exact = opened is None and all(item.must for item in items)
        return (
            TupleValue(tuple(item.value for item in items), origin) if exact else frame.new(ListObj(tuple(items), opened, "tuple", origin))
        )
    if node.kind == "set":
        from contract_lint.python.methods import set_from

        return frame.new(set_from(Iteration(tuple(items), opened), origin))
    return frame.new(ListObj(tuple(items), opened, "list", origin))


def _starred(frame: Frame, node: ir.Starred) -> Value:
    evaluate(frame, node.value)
    return frame.unknown("starred", node.at)


# --- comprehensions ---


class _Collector:
    """Gathers what a comprehension yields."""

    def __init__(self, node: ir.Comprehension, origin: Origin) -> None:
        self.node, self.origin = node, origin
        self.items: list[Item] = []
        self.entries: dict[Key, Entry] = {}
        self.open: Unknown | None = None

    def take(self, frame: Frame, must: bool) -> None:
        element = evaluate(frame, self.node.element)
        if self.node.kind == "dict" and self.node.value is not None:
            self._put(frame, element, evaluate(frame, self.node.value), must)
        elif self.open is None or self.node.kind == "set":
            self.items.append(Item(element, must))

    def _put(self, frame: Frame, key_value: Value, value: Value, must: bool) -> None:
        options = alternatives(key_value)
        for one in options:
            key = key_of(one)
            if key is None:
                self.stop(unknown(one, "unknown-key", self.origin))
                self.entries = {k: Entry(e.key, join(e.value, value), e.must) for k, e in self.entries.items()}
                continue
            old = self.entries.get(key)
            sure = must and len(options) == 1
            self.entries[key] = Entry(
                one, value if sure or old is None else join(old.value, value), sure or bool(old and old.must), frame.ev.writer
            )

    def stop(self, reason: Unknown) -> None:
        self.open = self.open or reason

    def result(self, frame: Frame) -> Value:
        kind = self.node.kind
        if kind == "dict":
            return frame.new(DictObj(self.entries, self.open, "dict", self.origin))
        if kind == "set":
            from contract_lint.python.methods import set_from

            return frame.new(set_from(Iteration(tuple(self.items), self.open), self.origin))
        return frame.new(ListObj(tuple(self.items), self.open, "iterator" if kind == "generator" else "list", self.origin))


def _comprehension(frame: Frame, node: ir.Comprehension) -> Value:
    collector = _Collector(node, (frame.module, node.at))
    outermost = evaluate(frame, node.clauses[0].iter)
    names = sorted({name for clause in node.clauses for name in target_names(clause.target)})
    scoped = frame
    if frame.variables is None:
        scoped = Frame(frame.ev, frame.module, frame.heap, {}, frame.scope)
        scoped.receiver, scoped.owner = frame.receiver, frame.owner
    assert scoped.variables is not None
    hidden = {name: scoped.variables.pop(name) for name in names if name in scoped.variables}
    cells = {name: scoped.cells.pop(name) for name in names if name in scoped.cells}
    before = set(scoped.temporary)
    scoped.temporary |= set(names)
    try:
        _clause(scoped, collector, 0, True, outermost)
    finally:
        for name in names:
            scoped.variables.pop(name, None)
        scoped.variables.update(hidden)
        scoped.cells.update(cells)
        scoped.temporary = before
        if scoped is not frame:
            frame.heap = scoped.heap
            for name, value in scoped.variables.items():
                frame.bind(name, value)
    return collector.result(frame)


def _clause(frame: Frame, collector: _Collector, index: int, must: bool, outermost: Value | None = None) -> None:
    clauses = collector.node.clauses
    if index == len(clauses):
        collector.take(frame, must)
        return
    clause = clauses[index]
    iterable = evaluate(frame, clause.iter) if outermost is None else outermost
    found = iterate(frame, iterable, collector.origin)
    if found.unordered and len(found.items) > 1 and collector.node.kind in ("list", "generator"):
        found = iterate(frame, to_list(frame, found), collector.origin)
    for item in found.items:
        _element_of_clause(frame, collector, index, item.value, must and item.must)
    if found.open is not None:
        collector.stop(found.open)
        _element_of_clause(frame, collector, index, found.open, False)


def _element_of_clause(frame: Frame, collector: _Collector, index: int, value: Value, must: bool) -> None:
    clause = collector.node.clauses[index]
    assign(frame, clause.target, value, collector.origin)
    for condition in clause.conditions:
        known = truth(frame, evaluate(frame, condition))
        if known is False:
            return
        must = must and known is True
    _clause(frame, collector, index + 1, must)


def target_names(target: ir.Expr) -> list[str]:
    """The names that an assignment target binds."""
    if isinstance(target, ir.Name):
        return [target.id]
    if isinstance(target, ir.Starred):
        return target_names(target.value)
    if isinstance(target, ir.Sequence):
        return [name for item in target.items for name in target_names(item)]
    return []


def _walrus(frame: Frame, node: ir.Walrus) -> Value:
    value = evaluate(frame, node.value)
    frame.bind(node.name, value)
    return value


def _lambda(frame: Frame, node: ir.Lambda) -> Value:
    return FunctionValue(node, frame.module, f"{frame.scope}.<lambda>".lstrip("."), defaults_of(frame, node.parameters), captured_by(frame))


def defaults_of(frame: Frame, parameters: tuple[ir.Parameter, ...]) -> tuple[Value | None, ...]:
    """The default of each parameter, evaluated where the function is defined."""
    return tuple(None if p.default is None else evaluate(frame, p.default) for p in parameters)


def captured_by(frame: Frame) -> tuple[tuple[str, Address], ...]:
    """The cells that a function defined here can see: the shared ones, and copies of what a lambda's parameters hold now.

    A comprehension's variable changes after the lambda is made, so there its value is not known.
    """
    captured = dict(frame.cells)
    if frame.variables is not None:
        for name in frame.temporary:
            late = Unknown("late-binding")
            captured[name] = frame.new(CellObj(late)).address
        if "<lambda>" in frame.scope.rpartition(".")[2]:
            for name, value in frame.variables.items():
                if name not in frame.temporary:
                    captured[name] = frame.new(CellObj(value)).address
    return tuple(captured.items())


def _await(frame: Frame, node: ir.Await) -> Value:
    evaluate(frame, node.value)
    return frame.unknown("await", node.at)


def _opaque(frame: Frame, node: ir.Opaque) -> Value:
    for part in node.parts:
        evaluate(frame, part)
    return frame.unknown(node.reason, node.at)


# --- assignment ---


def assign(frame: Frame, target: ir.Expr, value: Value, origin: Origin) -> None:
    """``target = value``."""
    if isinstance(target, ir.Name):
        frame.bind(target.id, value)
    elif isinstance(target, ir.Attribute):
        set_attribute(frame, evaluate(frame, target.value), target.name, value)
    elif isinstance(target, ir.Subscript):
        _assign_item(frame, target, value)
    elif isinstance(target, ir.Starred):
        assign(frame, target.value, value, origin)
    elif isinstance(target, ir.Sequence):
        _assign_sequence(frame, target.items, value, origin)


def _assign_sequence(frame: Frame, targets: tuple[ir.Expr, ...], value: Value, origin: Origin) -> None:
    star = next((i for i, t in enumerate(targets) if isinstance(t, ir.Starred)), None)
    if star is None:
        for target, part in zip(targets, unpack(frame, value, len(targets), origin), strict=True):
            assign(frame, target, part, origin)
        return
    found = iterate(frame, value, origin)
    after = len(targets) - star - 1
    if found.exact and len(found.items) >= star + after:
        items = found.items
        middle = items[star : len(items) - after]
        values: list[Value] = [i.value for i in items[:star]]
        values += [frame.new(ListObj(middle))]
        values += [i.value for i in items[len(items) - after :]] if after else []
    else:
        reason = found.open or Unknown("unknown-unpacking", origin)
        values = [frame.new(ListObj((), reason)) if i == star else reason for i in range(len(targets))]
    for target, part in zip(targets, values, strict=True):
        assign(frame, target, part, origin)


def set_attribute(frame: Frame, receiver: Value, name: str, value: Value) -> None:
    """``receiver.name = value``; on one of several receivers the old value stays possible."""
    options = alternatives(receiver)
    for one in options:
        if isinstance(one, Ref):
            if len(options) > 1:
                before = frame.ev.attribute(frame, one, name, None)
                frame.ev.store_attribute(frame, one, name, join(before, value))
            else:
                frame.ev.store_attribute(frame, one, name, value)


def _assign_item(frame: Frame, target: ir.Subscript, value: Value) -> None:
    receiver = evaluate(frame, target.value)
    key = None if isinstance(target.key, ir.Slice) else evaluate(frame, target.key)
    options = alternatives(receiver)
    for one in options:
        if isinstance(one, Namespace) and isinstance(key, Const) and isinstance(key.value, str):
            frame.ev.store_attribute(frame, one.instance, key.value, value)
        if not isinstance(one, Ref):
            continue
        obj = frame.read(one)
        if isinstance(obj, DictObj) and key is not None:
            if len(options) > 1 and key_of(key) is not None:
                old = obj.entries.get(key_of(key))
                weak = value if old is None else join(old.value, value)
                set_item(frame, one, key, weak)
                if old is None or not old.must:
                    current = frame.read(one)
                    assert isinstance(current, DictObj)
                    k = key_of(key)
                    entries = {**current.entries, k: Entry(key, weak, False, frame.ev.writer)}
                    frame.write(one.address, DictObj(entries, current.open, current.kind, current.origin))
            else:
                set_item(frame, one, key, value)
        elif isinstance(obj, ListObj):
            _assign_element(frame, one, obj, key, value, len(options) == 1)
        elif isinstance(obj, InstanceObj) and key is not None:
            frame.ev.call_attribute(frame, one, "__setitem__", [key, value], {}, (frame.module, target.at))


def _assign_element(frame: Frame, ref: Ref, obj: ListObj, key: Value | None, value: Value, sure: bool) -> None:
    exact = obj.open is None and all(item.must for item in obj.items)
    if sure and exact and isinstance(key, Const) and isinstance(key.value, int) and -len(obj.items) <= key.value < len(obj.items):
        items = list(obj.items)
        items[key.value] = Item(value)
        frame.write(ref.address, ListObj(tuple(items), None, obj.kind, obj.origin))
    else:
        spoil(frame, ref, Unknown("unknown-index"))


def delete(frame: Frame, target: ir.Expr) -> None:
    """``del target``."""
    if isinstance(target, ir.Name):
        frame.unbind(target.id)
    elif isinstance(target, ir.Subscript):
        receiver = evaluate(frame, target.value)
        key = frame.unknown("slice", target.at) if isinstance(target.key, ir.Slice) else evaluate(frame, target.key)
        options = alternatives(receiver)
        for one in options:
            if isinstance(one, Ref):
                delete_item(frame, one, key if len(options) == 1 else Unknown("one-of-several"))
    elif isinstance(target, ir.Attribute):
        set_attribute(frame, evaluate(frame, target.value), target.name, Unknown("deleted-attribute"))
    elif isinstance(target, ir.Sequence):
        for item in target.items:
            delete(frame, item)


EVALUATIONS: Mapping[type, Evaluation] = {
    ir.Const: _const,
    ir.BigInt: _big_int,
    ir.Bytes: _bytes,
    ir.SurrogateText: _surrogate_text,
    ir.Name: _name,
    ir.Attribute: _attribute,
    ir.Subscript: _subscript,
    ir.Slice: _slice,
    ir.Call: evaluate_call,
    ir.Formatted: _formatted,
    ir.FString: _fstring,
    ir.Chain: _chain,
    ir.Unary: _unary,
    ir.BoolOp: _bool_op,
    ir.Compare: _compare,
    ir.IfExp: _if_exp,
    ir.Dict: _dict,
    ir.Sequence: _sequence,
    ir.Starred: _starred,
    ir.Comprehension: _comprehension,
    ir.Walrus: _walrus,
    ir.Lambda: _lambda,
    ir.Await: _await,
    ir.Opaque: _opaque,
}
