"""Evaluation of expressions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeAlias

from contract_lint.python import summary as ir
from contract_lint.python.calls import evaluate_call
from contract_lint.python.comparison import compare
from contract_lint.python.comprehensions import comprehension
from contract_lint.python.dicts import DictBuilder, get_item, merged, set_from
from contract_lint.python.frame import Diverges, Frame
from contract_lint.python.iteration import Iteration, iterate
from contract_lint.python.lists import concatenated, element, is_exact, sliced
from contract_lint.python.observations import tested_names
from contract_lint.python.operations import binary, decided, negate, truth, unary
from contract_lint.python.operations_observed import (
    is_observed,
    on_binary,
    on_compare,
    on_fstring,
    on_iterate,
    on_key,
    on_read,
    on_slice,
    on_subscript,
    on_unary,
    on_undefined,
)
from contract_lint.python.refinement import narrowed, refine
from contract_lint.python.state import join_objects
from contract_lint.python.texts import Piece, display, text
from contract_lint.python.values import (
    Address,
    Builtin,
    CellObj,
    ClassObj,
    Const,
    DictObj,
    External,
    ForeignObj,
    FunctionValue,
    InstanceObj,
    Item,
    Key,
    ListObj,
    Namespace,
    OneOf,
    Origin,
    Part,
    Ref,
    TupleValue,
    Unknown,
    Value,
    alternatives,
    join,
    unknown,
)

Evaluation: TypeAlias = Callable[[Frame, Any], Value]


def evaluate(frame: Frame, node: ir.Expr) -> Value:
    """The value of an expression; raises ``Diverges`` where it certainly raises."""
    frame.ev.tick()
    value = EVALUATIONS[type(node)](frame, node)
    if frame.ev.guards and any(type(one) is Unknown for one in alternatives(value)):
        frame.may_raise()
    return value


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
    if value is not None:
        return value
    if frame.ev.observes:
        on_undefined(frame, node.id, (frame.module, node.at))
    return frame.unknown("undefined-name", node.at)


def _attribute(frame: Frame, node: ir.Attribute) -> Value:
    value = frame.ev.attribute(frame, evaluate(frame, node.value), node.name, (frame.module, node.at))
    if frame.ev.observes:
        on_read(frame, node.name, value, (frame.module, node.at))
    return value


def _slice(frame: Frame, node: ir.Slice) -> Value:
    for part in (node.lower, node.upper, node.step):
        if part is not None:
            evaluate(frame, part)
    return frame.unknown("slice", node.at)


#: What holds the results of a step of a pipeline, which are only known at run time and read by name or by position.
PROPERTIES = ".properties"


def _subscript(frame: Frame, node: ir.Subscript) -> Value:
    value = evaluate(frame, node.value)
    origin = (frame.module, node.at)
    if isinstance(node.key, ir.Slice):
        bounds = [None if part is None else evaluate(frame, part) for part in (node.key.lower, node.key.upper, node.key.step)]
        if frame.ev.observes:
            on_slice(frame, value, bounds, origin)
        return sliced(frame, value, bounds, origin)
    key = evaluate(frame, node.key)
    if not frame.ev.observes:
        return subscript(frame, value, key, origin)
    on_subscript(frame, value, key, origin, frame.origin(node.key.at))
    found = subscript(frame, value, key, origin)
    if any(is_observed(frame, one) for one in alternatives(value)):
        on_read(frame, "[]", found, origin)
    return found


def subscript(frame: Frame, value: Value, key: Value, origin: Origin) -> Value:
    """``value[key]``."""
    if isinstance(value, OneOf):
        return frame.fork_values([partial(subscript, frame, one, key, origin) for one in value.values])
    if isinstance(value, Ref):
        obj = frame.read(value)
        if isinstance(obj, DictObj):
            return get_item(frame, value, key, None, origin)
        if isinstance(obj, ListObj):
            return element(frame, obj, key, origin)
        if isinstance(obj, ClassObj):
            member = frame.ev.enum_by_name(frame, value, key)
            return member if member is not None else value
        if isinstance(obj, InstanceObj):
            return frame.ev.call_attribute(frame, value, "__getitem__", [key], {}, origin)
        if isinstance(obj, ForeignObj) and frame.ev.observes and is_observed(frame, value):
            return Part(f"{obj.callee}()", origin, whole=value, path=f"[{_shown(key)}]")
    if isinstance(value, TupleValue):
        return element(frame, ListObj(tuple(map(Item, value.items)), None, "tuple"), key, origin)
    if isinstance(value, External) and frame.ev.observer is not None:
        seen = frame.ev.observer.outside_item(frame, value.name, key, origin)
        if seen is not None:
            return seen
    if isinstance(value, Part) and (value.path.startswith(PROPERTIES) or (frame.ev.observes and is_observed(frame, value))):
        return Part(value.name, origin, whole=value.whole, path=f"{value.path}[{_shown(key)}]")
    if isinstance(value, Namespace) and isinstance(key, Const) and isinstance(key.value, str):
        return frame.ev.attribute(frame, value.instance, key.value, origin)
    if isinstance(value, Builtin) or (isinstance(value, External) and _is_generic(value.name)):
        return value
    if isinstance(value, Const) and isinstance(value.value, str) and isinstance(key, Const) and isinstance(key.value, int):
        try:
            return Const(value.value[key.value], value.origin, value.soft or key.soft)
        except IndexError:
            return frame.fails("missing-index", origin)
    return unknown(value, "unknown-subscript", origin)


def _shown(key: Value) -> str:
    """An index as it stands in the path of a part."""
    known = key.known if isinstance(key, Part) else key
    return repr(known.value) if isinstance(known, Const) else "\0"


def _is_generic(name: str) -> bool:
    """``Dict[str, str]``, ``Generic[T]``: subscripting gives the same class again."""
    return name.startswith(("typing.", "collections.abc.")) or name.rpartition(".")[2][:1].isupper()


def _fstring(frame: Frame, node: ir.FString) -> Value:
    origin = (frame.module, node.at)
    parts, soft = _fstring_parts(frame, node, origin)
    return text(parts, origin, soft)


def _fstring_parts(frame: Frame, node: ir.FString, origin: Origin) -> tuple[list[Piece], bool]:
    parts: list[Piece] = []
    soft = False
    for part in node.parts:
        if isinstance(part, (ir.Const, ir.SurrogateText)):
            parts.append(str(part.value))
            continue
        value = evaluate(frame, part.value)
        if frame.ev.observes:
            on_fstring(frame, part, value, origin)
        spec: str | None = ""
        if part.spec is not None:
            pieces, _ = _fstring_parts(frame, part.spec, origin)
            known = [piece for piece in pieces if isinstance(piece, str)]
            spec = "".join(known) if len(known) == len(pieces) else None
        if isinstance(value, Const):
            soft = soft or value.soft
        shown = display(frame.ev.text_of(frame, value), part.conversion, spec)
        if part.spec is not None and not all(isinstance(piece, str) for piece in shown):
            frame.may_raise()
        parts.extend(shown)
    return parts, soft


def _formatted(frame: Frame, node: ir.Formatted) -> Value:
    return _fstring(frame, ir.FString((node,), node.at))


def _chain(frame: Frame, node: ir.Chain) -> Value:
    origin = (frame.module, node.at)
    value = evaluate(frame, node.first)
    before, made_text = node.first, False
    for op, operand in node.rest:
        right = evaluate(frame, operand)
        if frame.ev.observes:
            made_text = on_binary(frame, op, value, right, origin, (frame.origin(before.at), frame.origin(operand.at)), made_text)
        value = binary(frame, op, value, right, origin)
        before = operand
    return value


def _unary(frame: Frame, node: ir.Unary) -> Value:
    operand = evaluate(frame, node.operand)
    if frame.ev.observes:
        on_unary(frame, node, operand)
    if node.op == "not":
        return negate(operand, truth(frame, operand))
    return unary(frame, node.op, operand, (frame.module, node.at))


def _bool_op(frame: Frame, node: ir.BoolOp) -> Value:
    return _short_circuit(frame, node, 0)


def _short_circuit(frame: Frame, node: ir.BoolOp, index: int) -> Value:
    op, operands = node.op, node.operands
    value = evaluate(frame, operands[index])
    while index + 1 < len(operands):
        known = decided(frame, op, operands[index], value, (frame.module, node.at))
        if known is None:
            return _either_operand(frame, node, index, value)
        if known is (op == "or"):
            return value
        index += 1
        value = evaluate(frame, operands[index])
    return value


def _either_operand(frame: Frame, node: ir.BoolOp, index: int, value: Value) -> Value:
    """The operand at ``index``, or what the operands after it give, where its truth is not known."""
    op, operands = node.op, node.operands
    observed = frame.ev.observed
    observed.on_test((value,))
    stays = narrowed(frame, value, op == "or")
    if index + 2 == len(operands) and (op == "or" or isinstance(operands[index + 1], ir.Const)) and simple(operands[index + 1]):
        other = evaluate(frame, operands[index + 1])
        if op == "or":
            observed.on_choice(value, other)
        return other if stays is None else join(stays, other)

    def go_on() -> Value:
        refine(frame, operands[index], op == "and")
        other = _short_circuit(frame, node, index + 1)
        if op == "or":
            observed.on_choice(value, other)
        return other

    def stay() -> Value:
        if stays is None:
            raise Diverges
        return stays

    return frame.fork_values([go_on, stay])


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
    return _compare_on(frame, evaluate(frame, node.first), node, 0, origin)


def _compare_on(frame: Frame, left: Value, node: ir.Compare, index: int, origin: Origin) -> Value:
    """``left op a op b`` from the operator at ``index`` on: what stands behind a comparison that is false is not evaluated."""
    op, operand = node.rest[index]
    right = evaluate(frame, operand)
    if frame.ev.observes:
        before = node.rest[index - 1][1] if index else node.first
        on_compare(frame, op, left, right, origin, (frame.origin(before.at), frame.origin(operand.at)))
    answer = compare(frame, op, left, right, origin)
    known = truth(frame, answer) if index + 1 < len(node.rest) else False
    if known is False:
        return answer
    if known is True:
        return _compare_on(frame, right, node, index + 1, origin)
    return frame.fork_values([lambda: _compare_on(frame, right, node, index + 1, origin), lambda: answer])


def _if_exp(frame: Frame, node: ir.IfExp) -> Value:
    observed = frame.ev.observed
    since = len(observed.trail)
    known = decided(frame, "if-else", node.test, evaluate(frame, node.test))
    if known is not None:
        return evaluate(frame, node.body if known else node.orelse)
    asks = observed.on_test(values_of(frame, tested_names(node.test)), since)

    taken: list[Value] = []

    def branch(outcome: bool) -> Value:
        refine(frame, node.test, outcome)
        taken.append(evaluate(frame, node.body if outcome else node.orelse))
        return taken[-1]

    result = frame.fork_values([lambda: branch(True), lambda: branch(False)])
    if asks:
        observed.on_choice(*taken)
    return result


def values_of(frame: Frame, names: Iterable[ir.Name]) -> list[Value]:
    """What the variables hold that are known at all."""
    return [value for name in names if (value := frame.lookup(name.id)) is not None]


def _dict(frame: Frame, node: ir.Dict) -> Value:
    builder = DictBuilder()
    own: dict[Key, Const] = {}
    again: list[tuple[Const, Const]] = []
    for item in node.items:
        if item.key is None:
            spread = evaluate(frame, item.value)
            if frame.ev.observes:
                on_iterate(frame, "**", spread, frame.origin(item.value.at), frame.origin(item.value.at))
            _spread(frame, builder, spread)
            continue
        key = evaluate(frame, item.key)
        if frame.ev.observes:
            on_key(frame, "dict", key, frame.origin(node.at), frame.origin(item.key.at))
        if isinstance(key, Const):
            first = own.setdefault(("const", key.value), key)
            if first is not key:
                again.append((key, first))
        builder.put(key, evaluate(frame, item.value))
    made = builder.result("dict", (frame.module, node.at))
    ref = frame.new(made)
    frame.ev.observed.add_display(ref.address, made, again, frame.scope)
    return ref


def _spread(frame: Frame, builder: DictBuilder, value: Value) -> None:
    """``**value``."""
    options = [_mapping(frame, one) for one in alternatives(value)]
    if len(options) == 1:
        builder.spread(options[0])
        return
    base = builder.result("dict", None)
    either = merged(base, options[0])
    for option in options[1:]:
        joined = join_objects(either, merged(base, option))
        assert isinstance(joined, DictObj)
        either = joined
    builder.entries, builder.open, builder.shuffled = dict(either.entries), either.open, either.shuffled


def _mapping(frame: Frame, value: Value) -> DictObj:
    obj = frame.read(value) if isinstance(value, Ref) else None
    if isinstance(obj, DictObj):
        return obj
    frame.may_raise()
    return DictObj({}, unknown(value, "unknown-mapping"))


def _sequence(frame: Frame, node: ir.Sequence) -> Value:
    origin = (frame.module, node.at)
    built = ListObj((), None, "list", origin)
    loose: list[Item] = []
    for item in node.items:
        value = evaluate(frame, item.value if isinstance(item, ir.Starred) else item)
        if frame.ev.observes and isinstance(item, ir.Starred):
            on_iterate(frame, "*", value, frame.origin(item.value.at), frame.origin(item.value.at))
        elif frame.ev.observes and node.kind == "set":
            on_key(frame, "set", value, origin, frame.origin(item.at))
        if not isinstance(item, ir.Starred):
            loose.append(Item(value))
            continue
        found = iterate(frame, value, origin)
        part = ListObj(found.items, found.open, shuffled=found.unordered)
        built = concatenated(concatenated(built, ListObj(tuple(loose))), part)
        loose = []
    built = concatenated(built, ListObj(tuple(loose)))
    if node.kind == "set":
        return frame.new(set_from(Iteration(built.items, built.open, True), origin))
    if node.kind == "tuple":
        if is_exact(built):
            return TupleValue(tuple(item.value for item in built.items), origin)
        return frame.new(ListObj(built.items, built.open, "tuple", origin, built.shuffled))
    return frame.new(built)


def _starred(frame: Frame, node: ir.Starred) -> Value:
    evaluate(frame, node.value)
    return frame.unknown("starred", node.at)


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
    ir.Comprehension: comprehension,
    ir.Walrus: _walrus,
    ir.Lambda: _lambda,
    ir.Await: _await,
    ir.Opaque: _opaque,
}
