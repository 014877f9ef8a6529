"""Making instances."""

from __future__ import annotations

from contract_lint.python.attributes import find_in_class
from contract_lint.python.calls import Arguments, call_function, escape
from contract_lint.python.enums import enum_by_value
from contract_lint.python.frame import Diverges, Frame
from contract_lint.python.journals import begin, is_watched
from contract_lint.python.kinds import is_enum
from contract_lint.python.models import is_model, make_model
from contract_lint.python.operations_observed import make_base, observed_base
from contract_lint.python.values import ClassObj, FunctionValue, InstanceObj, Origin, Ref, Unknown, Value

#: What every known framework's base class keeps of its constructor's arguments under the same name.
KEPT_BY_ABSENT_BASE = frozenset({"config"})


#: Bases outside the project that leave construction to ``object``.
OF_OBJECT = frozenset({"object", "abc.ABC", "typing.Generic", "typing.Protocol", "typing_extensions.Protocol"})


def instantiate(frame: Frame, cls: Ref, arguments: Arguments, origin: Origin) -> Value:
    """``cls(...)``."""
    obj = frame.read(cls)
    assert isinstance(obj, ClassObj)
    if is_enum(obj):
        return enum_by_value(frame, cls, arguments.args[0], origin) if arguments.args else Unknown("unknown-member", origin)
    if any(name.endswith(("Exception", "Error")) for name in obj.externals):
        return Unknown("exception", origin)
    if find_in_class(frame, cls, "__new__") is not None:
        escape(frame, arguments, Unknown("custom-new", origin))
        return Unknown("custom-new", origin)
    init = find_in_class(frame, cls, "__init__")
    if is_model(frame, cls) and init is None:
        return make_model(frame, cls, arguments, origin, assumed=False)
    ref = frame.new(InstanceObj(cls, {}, True, origin))
    if frame.ev.options.journaled_methods and is_watched(frame, cls):
        begin(frame, ref, obj.name, arguments, origin)
    if isinstance(init, FunctionValue):
        shifted = Arguments((ref, *arguments.args), arguments.kwargs, arguments.rest, arguments.more, arguments.optional)
        call_function(frame, init, shifted, origin, ref)
    elif obj.open is not None and (base := observed_base(frame, obj.externals)) is not None:
        make_base(frame, ref, base, arguments, origin)
    elif obj.open is not None:
        escape(frame, arguments, Unknown("passed-outside", origin))
        given = {name: value for name, value in arguments.kwargs.items() if name in KEPT_BY_ABSENT_BASE}
        frame.write(ref.address, InstanceObj(cls, given, True, origin))
    elif set(obj.externals) - OF_OBJECT:  # a tuple, a text, … with fields that are not known here
        escape(frame, arguments, Unknown("base-class-outside", origin))
        return Unknown("base-class-outside", origin)
    elif arguments.args or arguments.kwargs:
        raise Diverges
    return ref
