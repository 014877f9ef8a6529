"""What a step of the SDK holds: all values that end up in its request, with the argument that each is given to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from contract_lint.frontends.sdk.handwritten import is_get
from contract_lint.frontends.sdk.steps import is_step
from contract_lint.model.sdk import Listing, Made, Mapped, Read, SdkObject, SdkScene, SdkValue, options
from contract_lint.model.span import Span

#: Arguments that only say something about the order, or hold other steps.
ORDER = frozenset({"depends_on", "if_steps", "else_steps", "for_each_body", "steps"})
#: Objects that are no part of a request.
OUTSIDE = frozenset({"Pipeline", "Session", "PipelineSession", "LocalPipelineSession", "LocalSession"})
#: Methods that change what the object they belong to will send.
CHANGING = frozenset({"set_hyperparameters", "add_model", "prepend", "append"})
#: Attributes that are no reference: they are read while the pipeline is put together.
STATIC_READS = (".name", ".arguments", ".path", ".step_name", ".expr", ".default_value", ".display_name")


Via: TypeAlias = tuple[tuple[str, str], ...]


class Held(Struct, frozen=True):
    """A value that a step holds: ``sdk_class`` and ``argument`` are the innermost that take it, ``certain`` whether it surely does.

    ``via`` is the way to it from the step: the class or method and its argument, outermost first; the argument is empty for the object
    whose method it is.
    """

    value: SdkValue
    sdk_class: str
    argument: str
    span: Span
    certain: bool
    via: Via = ()


class Reach:
    """Follows what objects hold; ``calls`` are the methods called on each object."""

    def __init__(self, scene: SdkScene, calls: Mapping[int, Sequence[SdkObject]]) -> None:
        self._scene, self._calls = scene, calls

    def of(self, step: SdkObject) -> Iterator[Held]:
        """All values below a step that are no lists or dicts; objects come before what they hold."""
        yield from self._object(step, True, set(), ())

    def _object(self, obj: SdkObject, certain: bool, seen: set[int], via: Via) -> Iterator[Held]:
        if obj.number in seen:
            return
        seen.add(obj.number)
        given = [(name, value) for name, value in {**obj.arguments, **obj.attributes}.items() if name not in ORDER]
        for name, value in [*given, *(("", one) for one in obj.extra)]:
            owner = obj.name if obj.method in (None, "") else str(obj.method)
            yield from self._value(value, owner, name, obj.span, certain, seen, (*via, (owner, name)))
        if obj.receiver is not None and obj.method != "":
            yield from self._value(obj.receiver, obj.name, "", obj.span, certain, seen, (*via, (str(obj.method), "")))
        for call in self._calls.get(obj.number, ()):
            if call.method in CHANGING:
                yield from self._object(call, certain, seen, via)

    def _value(self, value: SdkValue, owner: str, argument: str, span: Span, certain: bool, seen: set[int], via: Via) -> Iterator[Held]:
        ways = options(value)
        for one in ways:
            sure = certain and len(ways) == 1
            if isinstance(one, (Listing, Mapped)):
                if is_get(one):
                    yield Held(one, owner, argument, one.span or span, sure, via)
                for member in one.members:
                    if member.key is not None:
                        yield from self._value(member.key, owner, argument, span, sure and member.must, seen, via)
                    yield from self._value(member.value, owner, argument, span, sure and member.must, seen, via)
                continue
            place = getattr(one, "span", None) or span
            yield Held(one, owner, argument, place, sure, via)
            if isinstance(one, Made):
                obj = self._scene.object(one)
                if obj is not None and obj.name not in OUTSIDE and not is_step(obj):
                    yield from self._object(obj, sure, seen, via)
            elif isinstance(one, Read) and one.path.startswith(STATIC_READS):
                pass
            elif isinstance(one, Read):
                owner_object = self._scene.objects.get(one.of)
                if owner_object is not None and owner_object.name not in OUTSIDE and not is_step(owner_object):
                    yield from self._read(one, owner_object, sure, seen, via)

    def _read(self, read: Read, owner: SdkObject, certain: bool, seen: set[int], via: Via) -> Iterator[Held]:
        """What is read of an object that is no step: its argument of that name, else all of it."""
        found = owner.get(read.path[1:])
        if found is not None:
            yield from self._value(found, owner.name, read.path[1:], owner.span, certain, seen, via)
        else:
            yield from self._object(owner, certain, seen, via)
