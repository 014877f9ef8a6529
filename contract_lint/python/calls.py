"""Calls: binding arguments, running project functions in place, and what a call outside the project returns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from contract_lint.python import summary as ir
from contract_lint.python.frame import Diverges, Frame
from contract_lint.python.iteration import iterate
from contract_lint.python.journals import (
    CHANGING_WORDS,
    begin,
    changed_by_method,
    first_word,
    hand,
    journals_of,
    open_journals,
    record,
)
from contract_lint.python.library import known_result
from contract_lint.python.methods import call_method, spoil
from contract_lint.python.observations import CallEvent, CallResult
from contract_lint.python.operations_observed import on_call, on_iterate
from contract_lint.python.state import join_heaps
from contract_lint.python.values import (
    NONE,
    BoundMethod,
    Builtin,
    BuiltinMethod,
    CellObj,
    ClassObj,
    Const,
    DictObj,
    Entry,
    External,
    ForeignObj,
    FunctionValue,
    InstanceObj,
    Item,
    ListObj,
    Namespace,
    OneOf,
    Origin,
    Ref,
    TupleValue,
    Unknown,
    Value,
    alternatives,
    join_all,
    key_of,
    unknown,
)

#: How deep project functions are followed into each other, and one function into itself.
MAX_DEPTH, MAX_RECURSION = 40, 16

#: Callables outside the project that change none of their arguments, by the last part of their name.
HARMLESS = frozenset("""
    debug info warning warn error exception critical log getLogger print dumps deepcopy copy join getenv Path PurePath
    PurePosixPath exists isfile isdir basename dirname abspath strftime now today dump Join ParameterString ParameterInteger
    ParameterFloat ParameterBoolean JsonGet ProcessingInput ProcessingOutput TrainingInput CacheConfig Model signature partial
""".split())  # fmt: skip
#: What has a name that begins so copies what it is given.
COPYING = ("sagemaker.", "itertools.chain")


class Arguments(Struct, frozen=True):
    """Evaluated arguments; ``rest`` and ``more`` say that unknown positional or keyword arguments may follow."""

    args: tuple[Value, ...]
    kwargs: Mapping[str, Value]
    rest: Unknown | None = None
    more: Unknown | None = None
    optional: frozenset[str] = frozenset()


NO_ARGUMENTS = Arguments((), {})


def evaluate_call(frame: Frame, node: ir.Call) -> Value:
    """The value of a call expression."""
    origin = (frame.module, node.at)
    func = node.func
    if isinstance(func, ir.Name) and func.id == "super" and frame.lookup("super") == Builtin("super"):
        return frame.ev.super_value(frame, [frame.ev.evaluate(frame, a.value) for a in node.args])
    callee: Value
    bound: tuple[Value, str] | None = None
    if isinstance(func, ir.Attribute):
        receiver = frame.ev.evaluate(frame, func.value)
        callee = frame.ev.attribute(frame, receiver, func.name, (frame.module, func.at))
        bound = (receiver, func.name)
    else:
        callee = frame.ev.evaluate(frame, func)
    arguments = evaluate_arguments(frame, node.args)
    if frame.ev.observes:
        on_call(frame, callee, arguments, origin, node, bound)
    name = func.name if isinstance(func, ir.Attribute) else func.id if isinstance(func, ir.Name) else ""
    if name in frame.ev.watched:
        complete = arguments.rest is None and arguments.more is None
        receiver_class = frame.ev.class_of(frame, frame.receiver)
        tables = {
            value: obj
            for value in (*arguments.args, *arguments.kwargs.values())
            if isinstance(value, Ref) and isinstance(obj := frame.read(value), DictObj)
        }
        event = CallEvent(name, callee, arguments.args, arguments.kwargs, origin, frame.scope, receiver_class, complete, tables)
        frame.ev.observed.add_call(event)
        if isinstance(callee, BoundMethod) and name in frame.ev.options.answered_calls:
            result = call(frame, callee, arguments, origin, bound)
            frame.ev.observed.results.append(CallResult(event, callee.receiver, result))
            return result
    if type(callee) is Unknown and name in frame.ev.options.journaled_classes:
        callee = External(name, origin)  # wherever it is defined
    if frame.ev.keeps_journals:
        return _journaled_call(frame, name, callee, arguments, origin, bound)
    return call(frame, callee, arguments, origin, bound)


def _journaled_call(frame: Frame, name: str, callee: Value, arguments: Arguments, origin: Origin, bound: tuple[Value, str] | None) -> Value:
    """A call that may be one to keep in a journal, or be given an object that has one."""
    ev = frame.ev
    handed = hand(frame, name, arguments, origin)
    if handed and isinstance(callee, Ref):  # an assembler: what it does with the graph and the tables would take any number of steps
        return Unknown("given-to-assembler", origin)
    if bound is None or name not in ev.options.journaled_methods:
        changed = changed_by_method(frame, bound[0], name) if bound is not None else []
        if isinstance(callee, (External, Unknown)) and first_word(name) in CHANGING_WORDS:
            changed += journals_of(frame, (*arguments.args, *arguments.kwargs.values()))
        result = call(frame, callee, arguments, origin, bound)
        open_journals(frame, changed, Unknown("passed-outside" if isinstance(callee, (External, Unknown)) else "changed-unseen", origin))
        return result
    record(frame, bound[0], name, arguments, origin)
    before = ev.journaling
    ev.journaling = before.union(one.address for one in alternatives(bound[0]) if isinstance(one, Ref))
    try:
        return call(frame, callee, arguments, origin, bound)
    finally:
        ev.journaling = before


def evaluate_arguments(frame: Frame, nodes: tuple[ir.Argument, ...]) -> Arguments:
    args: list[Value] = []
    kwargs: dict[str, Value] = {}
    rest: Unknown | None = None
    more: Unknown | None = None
    optional: set[str] = set()
    for argument in nodes:
        value = frame.ev.evaluate(frame, argument.value)
        if argument.stars and frame.ev.observes:
            on_iterate(frame, "*" * argument.stars, value, frame.origin(argument.value.at), frame.origin(argument.value.at))
        if argument.stars == 1:
            found = iterate(frame, value, None)
            if found.exact and rest is None:
                args.extend(item.value for item in found.items)
            else:
                rest = rest or found.open or Unknown("unknown-arguments")
                _escape(frame, [item.value for item in found.items], rest, set())
        elif argument.stars == 2:
            obj = frame.read(value) if isinstance(value, Ref) else None
            if isinstance(obj, DictObj):
                more = more or obj.open
                for entry in obj.entries.values():
                    if not isinstance(entry.key, Const):
                        more = more or Unknown("unknown-arguments")
                    elif isinstance(entry.key.value, str):
                        kwargs[entry.key.value] = entry.value
                        if not entry.must:
                            optional.add(entry.key.value)
            else:
                more = more or unknown(value, "unknown-arguments")
        elif argument.name is not None:
            kwargs[argument.name] = value
        elif rest is None:
            args.append(value)
    return Arguments(tuple(args), kwargs, rest, more, frozenset(optional))


def call(frame: Frame, callee: Value, arguments: Arguments, origin: Origin, bound: tuple[Value, str] | None = None) -> Value:
    """Call a value."""
    if isinstance(callee, OneOf):
        options = callee.values
        return frame.fork_values([lambda one=one: call(frame, one, arguments, origin, bound) for one in options])  # type: ignore[misc]
    if isinstance(callee, FunctionValue):
        return call_function(frame, callee, arguments, origin, None)
    if isinstance(callee, BoundMethod):
        function = callee.function
        shifted = Arguments((callee.receiver, *arguments.args), arguments.kwargs, arguments.rest, arguments.more, arguments.optional)
        return call_function(frame, function, shifted, origin, callee.receiver)
    if isinstance(callee, Builtin):
        if frame.ev.observer is not None:
            seen = frame.ev.observer.outside_call(frame, callee.name, None, arguments, origin)
            if seen is not None:
                return seen
        return frame.ev.call_builtin(frame, callee.name, arguments, origin)
    if isinstance(callee, BuiltinMethod):
        if callee.name.startswith("absent:"):
            return frame.ev.call_absent(frame, callee.receiver, callee.name, arguments, origin)
        if arguments.rest is not None or arguments.more is not None or arguments.optional:
            if isinstance(callee.receiver, Ref):
                spoil(frame, callee.receiver, Unknown("unknown-arguments", origin))
            elif isinstance(callee.receiver, Namespace):
                frame.ev.blur(frame, callee.receiver.instance, Unknown("unknown-arguments", origin))
            return Unknown("unknown-arguments", origin)
        return call_method(frame, callee.receiver, callee.name, list(arguments.args), arguments.kwargs, origin)
    if isinstance(callee, Ref):
        obj = frame.read(callee)
        if isinstance(obj, ClassObj):
            return frame.ev.instantiate(frame, callee, arguments, origin)
        if isinstance(obj, InstanceObj):
            method = frame.ev.attribute(frame, callee, "__call__", origin)
            return call(frame, method, arguments, origin) if isinstance(method, BoundMethod) else unknown(method, "unknown-callee", origin)
        made = _call_of_made(frame, callee, obj, arguments, origin) if isinstance(obj, ForeignObj) else None
        if made is not None:
            return made
    return call_outside(frame, callee, arguments, origin, bound)


def _call_of_made(frame: Frame, callee: Ref, obj: ForeignObj, arguments: Arguments, origin: Origin) -> Value | None:
    """A call of what ``functools.partial`` or a kept decorator made; None if it is neither.

    A decorator that was given no function yet takes it as its argument; the call of a decorated function runs nothing.
    """
    if obj.callee == "functools.partial" and obj.args:
        joined = Arguments(
            (*obj.args[1:], *arguments.args),
            {**obj.kwargs, **arguments.kwargs},
            obj.open or arguments.rest,
            obj.open or arguments.more,
            arguments.optional - obj.kwargs.keys(),
        )
        if frame.ev.observes:
            on_call(frame, obj.args[0], joined, origin)
        return call(frame, obj.args[0], joined, origin)
    if obj.callee not in frame.ev.options.kept_decorators:
        return None
    opened = arguments.rest or arguments.more
    if not obj.args:
        return frame.new_foreign(replace(obj, args=arguments.args[:1], origin=origin, open=obj.open or opened))
    frame.may_raise()
    return frame.new_foreign(ForeignObj(f"{obj.callee}()", arguments.args, dict(arguments.kwargs), {}, origin, callee, opened))


def call_outside(frame: Frame, callee: Value, arguments: Arguments, origin: Origin, bound: tuple[Value, str] | None) -> Value:
    """A call that cannot be followed: what it is given may be changed by it."""
    name = callee.name if isinstance(callee, External) else ""
    if not name and bound is not None:
        if isinstance(bound[0], Ref) and isinstance(obj := frame.read(bound[0]), ForeignObj):
            name = f"{obj.callee}().{bound[1]}"
        elif isinstance(bound[0], Unknown):
            name = bound[1]
    frame.may_raise()
    receiver = bound[0] if bound is not None else None
    if frame.ev.observer is not None:
        seen = frame.ev.observer.outside_call(frame, name, receiver, arguments, origin)
        if seen is not None:
            return seen
    last = name.rpartition(".")[2]
    if last not in HARMLESS and not last[:1].isupper() and not name.startswith(COPYING):
        escape(frame, arguments, Unknown("passed-outside", origin))
    if isinstance(callee, External) or (bound is not None and name):
        result = known_result(frame, name, arguments, origin, receiver)
        if result is not None:
            return result
        opened = arguments.rest or arguments.more
        made = frame.new_foreign(ForeignObj(name, arguments.args, dict(arguments.kwargs), {}, origin, receiver, opened))
        if last in frame.ev.options.journaled_classes:
            begin(frame, made, last, arguments, origin)
        return made
    return unknown(callee, "unknown-callee", origin)


def escape(frame: Frame, arguments: Arguments, reason: Unknown) -> None:
    """Dicts and lists among the arguments, and inside of them, become open."""
    _escape(frame, (*arguments.args, *arguments.kwargs.values()), reason, set())


def _escape(frame: Frame, values: Iterable[Value], reason: Unknown, seen: set[Value]) -> None:
    for value in values:
        frame.ev.observed.hand_on(value, frame.read(value) if isinstance(value, Ref) else None)
        for one in alternatives(value):
            if isinstance(one, TupleValue):
                _escape(frame, one.items, reason, seen)
            elif isinstance(one, Ref) and one not in seen:
                seen.add(one)
                obj = frame.read(one)
                if isinstance(obj, DictObj):
                    _escape(frame, [entry.value for entry in obj.entries.values()], reason, seen)
                    spoil(frame, one, reason)
                elif isinstance(obj, ListObj):
                    _escape(frame, [item.value for item in obj.items], reason, seen)
                    spoil(frame, one, reason)


def give_up(frame: Frame, function: FunctionValue, arguments: Arguments, reason: Unknown) -> Value:
    """A project function that is not followed: whatever it can reach through its arguments and variables may have changed."""
    seen: set[Value] = set()
    reachable: list[Value] = [*arguments.args, *arguments.kwargs.values()]
    reachable += [cell.value for _, address in function.captured if isinstance(cell := frame.heap.get(address), CellObj)]
    if frame.ev.keeps_journals:
        open_journals(frame, journals_of(frame, reachable), reason)
    _escape(frame, reachable, reason, seen)
    for value in reachable:
        for one in alternatives(value):
            if isinstance(one, Ref) and isinstance(obj := frame.read(one), InstanceObj):
                _escape(frame, obj.attributes.values(), reason, seen)
                frame.ev.blur(frame, one, reason)
    for _, address in function.captured:
        cell = frame.heap.get(address)
        if isinstance(cell, CellObj) and not isinstance(cell.value, FunctionValue):
            frame.write(address, CellObj(join_all([cell.value, reason])))
    return reason


def call_function(frame: Frame, function: FunctionValue, arguments: Arguments, origin: Origin, receiver: Value | None) -> Value:
    """Run a project function in place, in the caller's heap."""
    ev = frame.ev
    node = function.node
    if function.opaque is not None:
        return give_up(frame, function, arguments, Unknown(function.opaque, origin))
    if len(ev.stack) >= MAX_DEPTH or ev.stack.count(node) >= MAX_RECURSION:
        return give_up(frame, function, arguments, Unknown("recursion", origin))
    if function.cache is not None:
        return ev.call_cached(frame, function, arguments, origin, receiver)
    callee = Frame(ev, function.module, frame.heap, {}, function.qualname)
    callee.cells = dict(function.captured)
    callee.owner = function.owner
    callee.receiver = receiver
    bind_arguments(callee, function, arguments, origin)
    ev.stack.append(node)
    ev.executed.add(id(node))
    doubts = ev.doubts
    try:
        value = ev.evaluate(callee, node.body) if isinstance(node, ir.Lambda) else _run_body(callee, function, node)
    finally:
        ev.stack.pop()
        ev.doubts = doubts
    frame.heap = callee.heap
    return value


def _run_body(callee: Frame, function: FunctionValue, node: ir.FunctionDef) -> Value:
    assert callee.variables is not None
    for name in node.local:
        callee.cells.pop(name, None)
    callee.local = frozenset(node.local)
    for name in node.captured:
        cell = callee.new(CellObj(callee.variables.pop(name, Unknown("unset-variable"))))
        callee.cells[name] = cell.address
    entry = callee.heap
    if callee.ev.execute(callee, callee.ev.body_of(function.module, node)):
        callee.leave(NONE)
    if not callee.returns:
        raise Diverges
    heaps = list({id(state[0]): state[0] for state, _ in callee.returns}.values())
    if heaps != [entry]:
        join_heaps(heaps, entry, entry)
    callee.heap = entry
    return join_all([value for _, value in callee.returns])


def bind_arguments(callee: Frame, function: FunctionValue, arguments: Arguments, origin: Origin) -> None:
    """Bind parameters to arguments, defaults and what is left; raises ``Diverges`` where the call cannot be made."""
    variables = callee.variables
    assert variables is not None
    positional = list(arguments.args)
    named = dict(arguments.kwargs)
    unfilled = arguments.rest or arguments.more
    for parameter, default in zip(function.node.parameters, function.defaults, strict=True):
        if parameter.kind == "args":
            variables[parameter.name] = _rest(callee, positional, arguments)
            positional = []
        elif parameter.kind == "kwargs":
            variables[parameter.name] = _keywords(callee, named, arguments)
            named = {}
        elif parameter.kind in ("positional", "plain") and positional:
            variables[parameter.name] = positional.pop(0)
        elif parameter.name in named and parameter.kind != "positional":
            value = named.pop(parameter.name)
            optional = parameter.name in arguments.optional and default is not None
            variables[parameter.name] = join_all([value, default]) if optional and default is not None else value
        elif default is not None:
            variables[parameter.name] = join_all([default, unfilled]) if unfilled is not None else default
        elif unfilled is not None:
            variables[parameter.name] = unfilled
        else:
            raise Diverges
    if (positional or set(named) - arguments.optional) and unfilled is None:
        raise Diverges


def _rest(callee: Frame, positional: list[Value], arguments: Arguments) -> Value:
    if arguments.rest is None:
        return TupleValue(tuple(positional))
    return callee.new(ListObj(tuple(map(Item, positional)), arguments.rest, "tuple"))


def _keywords(callee: Frame, named: Mapping[str, Value], arguments: Arguments) -> Value:
    entries = {}
    for name, value in named.items():
        key = Const(name)
        entries[key_of(key)] = Entry(key, value, name not in arguments.optional)
    return callee.new(DictObj(entries, arguments.more))
