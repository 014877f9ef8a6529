"""Contracts between steps at build time: what a step needs and provides as plain dicts, and whether two of them fit.

A schema maps the names of inputs or outputs to what is said of each: ``description``, ``type`` (see docs/types.md), ``required`` for an
input, ``property_path`` for an output. ``evidence`` tells where the type comes from (``declared`` where it is missing, else ``path``,
``role``, ``description``, ``name`` or ``assumed``); with ``assumed`` nothing speaks for the type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, Protocol, TypeAlias, runtime_checkable

from contract_lint.model.conventions import PSEUDO_INPUTS, listed_names, says_optional
from contract_lint.model.evidence import Evidence, Rank, Typing, assumed, from_description, from_name, judge, merge
from contract_lint.model.types import UNKNOWN, Judgement, PortType, Verdict, optional, parse_type
from contract_lint.references import PropertyReference

Schema: TypeAlias = Mapping[str, Mapping[str, object]]


@runtime_checkable
class StepContract(Protocol):
    """A step that says what it needs and what it provides."""

    def get_input_schema(self) -> Schema:
        """The inputs by name: what is expected of each."""
        ...

    def get_output_schema(self) -> Schema:
        """The outputs by name: what is provided with each."""
        ...


class ContractValidator:
    """Says whether an output of one step can be an input of another."""

    @staticmethod
    def validate_connection(
        producer: StepContract,
        consumer: StepContract,
        output_name: str,
        input_name: str,
        *,
        strict: Literal["assignable", "nominal"] = "assignable",
    ) -> bool:
        """True if the output can be the input.

        Raises ValueError if there is no such output or input, and TypeError if no value of the output's type can be one of the input's.
        What is not certain is no error: a type that is only assumed, or known from a weak place, fits. With ``nominal`` the two
        ``type`` entries are compared as they stand, which was the first design: different is an error, and ``S3Uri[content=model]`` is
        no ``S3Uri``.
        """
        if strict not in ("assignable", "nominal"):
            raise ValueError(f"strict is 'assignable' or 'nominal', not {strict!r}")
        output, input = _ends(producer, consumer, output_name, input_name)
        if strict == "nominal":
            provided, wanted = output.get("type"), input.get("type")
            failed = bool(provided and wanted and provided != wanted)
        else:
            provided, wanted = _shown_type(output_name, output), _shown_type(input_name, input)
            failed = _judge(output_name, output, input_name, input).verdict is Verdict.ERROR
        if failed:
            raise TypeError(f"Type mismatch: {provided} -> {wanted}")
        return True

    @staticmethod
    def judge_connection(producer: StepContract, consumer: StepContract, output_name: str, input_name: str) -> Judgement:
        """The verdict on a connection, why, and what to write instead; the linter's rules judge by the same function.

        Raises ValueError if there is no such output or input.
        """
        output, input = _ends(producer, consumer, output_name, input_name)
        return _judge(output_name, output, input_name, input)


class ContractAwareStepBuilder:
    """Gives a step builder its schemas: a mixin for any class that has some of the three methods of step builders.

    These are ``get_input_requirements`` and ``get_output_properties`` (names mapped to descriptions) and ``get_property_paths`` (outputs
    mapped to property paths); one that is missing, not implemented, or gives None says nothing.

    Mended against the first design, where every type was ``S3Uri``: types come from the property path, else the description, else the
    name, and what nothing speaks for is ``S3Uri`` still, with ``"assumed": True``. What callers pass beside data (``dependencies``,
    ``enable_caching``, ``inputs``, ``outputs``) is no input; the inputs that the description of ``inputs`` lists are. A description
    may be None, and "not optional" does not make an input optional.
    """

    def get_input_schema(self) -> dict[str, dict[str, object]]:
        """The inputs by name: ``description``, ``type``, ``required``, ``evidence``, and ``assumed`` where it is."""
        return _inputs_of(self)

    def get_output_schema(self) -> dict[str, dict[str, object]]:
        """The outputs by name: ``description``, ``type``, ``property_path``, ``evidence``, and ``assumed`` where it is."""
        return _outputs_of(self)


def input_schema(builder: object) -> Schema:
    """What a builder needs: by its own schema if it has one, else by its methods as ``ContractAwareStepBuilder`` reads them."""
    own: Callable[[], Schema] | None = getattr(builder, "get_input_schema", None)
    return own() if callable(own) else _inputs_of(builder)


def output_schema(builder: object) -> Schema:
    """What a builder provides, as ``input_schema``."""
    own: Callable[[], Schema] | None = getattr(builder, "get_output_schema", None)
    return own() if callable(own) else _outputs_of(builder)


def typing_of(name: str, entry: Mapping[str, object]) -> Typing:
    """What an entry of a schema says about the type of its input or output.

    What it declares counts alone; without a declaration, the property path, the description and the name speak. Words that are no types
    (a project's own, say) tell nothing.
    """
    given = entry.get("type")
    if given:
        type = _parsed(given)
        rank = Rank.ASSUMED if entry.get("assumed") else _RANKS.get(str(entry.get("evidence")), Rank.DECLARED)
        typing = merge([Evidence(rank, type, f"{rank.name.lower()}: {given}", None)])
    else:
        typing = _evident(name, entry.get("description"), entry.get("property_path"))
    if entry.get("required", True) is False and typing.type != UNKNOWN:
        return Typing(optional(typing.type), typing.rank, typing.evidence, typing.conflicts)
    return typing


_RANKS: Mapping[str, Rank] = {rank.name.lower(): rank for rank in Rank}


def _ends(
    producer: StepContract, consumer: StepContract, output_name: str, input_name: str
) -> tuple[Mapping[str, object], Mapping[str, object]]:
    outputs, inputs = producer.get_output_schema(), consumer.get_input_schema()
    if output_name not in outputs:
        raise ValueError(f"Producer does not provide output: {output_name}")
    if input_name not in inputs:
        raise ValueError(f"Consumer does not expect input: {input_name}")
    return outputs[output_name], inputs[input_name]


def _judge(output_name: str, output: Mapping[str, object], input_name: str, input: Mapping[str, object]) -> Judgement:
    provided, wanted = output.get("type"), input.get("type")
    if provided and wanted and _parsed(provided) == _parsed(wanted) == UNKNOWN and "Unknown" not in (provided, wanted):
        # Two words of a project's own: all that can be said is whether they are the same.
        return Judgement(Verdict.OK, "", 4) if provided == wanted else Judgement(Verdict.ERROR, "kind-mismatch", 24)
    return judge(typing_of(output_name, output), typing_of(input_name, input))


def _shown_type(name: str, entry: Mapping[str, object]) -> object:
    return entry.get("type") or typing_of(name, entry).type


def _parsed(type: object) -> PortType:
    """The type that an entry declares; Unknown for what is no type of the language."""
    if not isinstance(type, str):
        return UNKNOWN
    try:
        return parse_type(type)
    except ValueError:
        return UNKNOWN


def _inputs_of(builder: object) -> dict[str, dict[str, object]]:
    schema: dict[str, dict[str, object]] = {}
    given = _asked(builder, "get_input_requirements")
    for name, said in given.items():
        if name not in PSEUDO_INPUTS:
            schema[name] = _input(name, said)
    for name in listed_names(_text(given.get("inputs"))):
        schema.setdefault(name, _input(name, None))
    return schema


def _input(name: str, said: object) -> dict[str, object]:
    description = _text(said)
    # A pair is a description with a default.
    required = not (isinstance(said, tuple) or (description is not None and says_optional(description)))
    typing = _evident(name, description)
    return {"description": description, "type": str(typing.type), "required": required, **_evidence(typing)}


def _outputs_of(builder: object) -> dict[str, dict[str, object]]:
    paths = _asked(builder, "get_property_paths")
    schema: dict[str, dict[str, object]] = {}
    for name, said in _asked(builder, "get_output_properties").items():
        description, path = _text(said), paths.get(name)
        if path is None and description is not None and description.startswith("properties."):
            path = description
        typing = _evident(name, description, path)
        schema[name] = {"description": description, "type": str(typing.type), "property_path": path, **_evidence(typing)}
    return schema


def _evidence(typing: Typing) -> dict[str, object]:
    rank = typing.rank or Rank.ASSUMED
    return {"evidence": rank.name.lower(), **({"assumed": True} if rank is Rank.ASSUMED else {})}


def _evident(name: str, description: object, path: object = None) -> Typing:
    """What the property path, the description and the name come to; the default if they say nothing."""
    found = [from_name(name, None), from_description(description, None) if isinstance(description, str) else None]
    if isinstance(path, str) and (type := _type_at(name, path)) != UNKNOWN:
        found.append(Evidence(Rank.PATH, type, f"the property path {path}", None))
    typing = merge(one for one in found if one is not None)
    return typing if typing.type != UNKNOWN else merge([assumed(None)])


def _type_at(name: str, path: str) -> PortType:
    try:
        return PropertyReference(name, path, name if "{" in path else None).type
    except ValueError:
        return UNKNOWN


def _text(said: object) -> str | None:
    """The description in what a builder says of a port: the text, or the first of a pair."""
    first = said[0] if isinstance(said, tuple) and said else said
    return first if isinstance(first, str) else None


def _asked(builder: object, method: str) -> Mapping[str, object]:
    """What a method of a builder returns; nothing if there is none. Raises TypeError if it is no mapping."""
    ask = getattr(builder, method, None)
    if not callable(ask):
        return {}
    try:
        given = ask()
    except NotImplementedError:
        return {}
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise TypeError(f"{type(builder).__qualname__}.{method} gives {type(given).__name__}, not a mapping of names")
    return given
