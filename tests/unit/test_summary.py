"""Summaries survive storage, are decoded only where asked for, and damaged bytes are told apart."""

from __future__ import annotations

import math
import zlib

import msgspec
import pytest
from lowered import lowered

from contract_lint.python import summary as ir
from contract_lint.python.summary import Bodies, ModuleSummary, SummaryError, decode, encode

TEXT = """\
import a
from b import c as d  # contract-lint: ignore[CL204] -- why
class E(a.Base):
    x: int = 9223372036854775808
    def f(self, y="\\ud800", *z: int, **w) -> None:
        return {"k": [1.5, 1e999, b"\\x00", None, True, (lambda: y)], **w}
def g(): return f"{a!r:>{c}}\\udfff"
match a:
    case 1 | "x": pass
"""


@pytest.fixture
def fresh() -> ModuleSummary:
    return lowered(TEXT)


def test_round_trip(fresh: ModuleSummary) -> None:
    again = decode(encode(fresh))
    assert again == fresh
    assert encode(again) == encode(fresh)
    assert fresh.comments == ((2, 23, "# contract-lint: ignore[CL204] -- why"),)


def test_differences_are_seen(fresh: ModuleSummary) -> None:
    assert lowered("a = 1") != fresh
    other = msgspec.structs.replace(fresh, bodies=Bodies(fresh.body, [(), ()]))
    assert other != fresh


def test_odd_floats_and_texts() -> None:
    body: ir.Body = tuple(
        ir.ExprStmt(ir.Const(value, ir.NOWHERE), ir.NOWHERE) for value in (math.nan, math.inf, -0.0, 1.0, 1, True, None, "\0é😀")
    )
    stored = decode(encode(ModuleSummary((), (), (), (), (), Bodies(body, ()))))
    # nan is not equal to itself, 1.0 is equal to 1 and to True: compare how they are written.
    assert repr(stored.body) == repr(body)


def test_surrogates_have_their_value(fresh: ModuleSummary) -> None:
    klass = fresh.body[2]
    assert isinstance(klass, ir.ClassDef) and isinstance(klass.body[1], ir.FunctionDef)
    default = klass.body[1].parameters[1].default
    assert isinstance(default, ir.SurrogateText) and default.value == "\ud800"


def test_bodies_are_decoded_when_asked_for(fresh: ModuleSummary) -> None:
    assert fresh.bodies.pending == 0
    stored = decode(encode(fresh))
    assert (len(stored.bodies), stored.bodies.pending) == (2, 3)
    assert stored.classes == fresh.classes and stored.imports == fresh.imports and stored.calls == fresh.calls
    assert stored.bodies.pending == 3
    assert stored.function_body(1) == fresh.function_body(1)
    assert stored.bodies.pending == 2
    assert stored.function_body(1) is stored.function_body(1)
    assert stored.body == fresh.body
    assert stored.bodies.pending == 1


def test_encoding_leaves_a_fresh_summary_alone(fresh: ModuleSummary) -> None:
    body = fresh.body
    encode(fresh)
    assert fresh.body is body


def test_damaged_bytes(fresh: ModuleSummary) -> None:
    data = encode(fresh)
    for cut in range(len(data)):
        with pytest.raises(SummaryError):
            decode(data[:cut])
    for index in range(len(data)):
        with pytest.raises(SummaryError):
            decode(data[:index] + bytes([data[index] ^ 0x40]) + data[index + 1 :])
    with pytest.raises(SummaryError):
        decode(data + b"x")


@pytest.mark.parametrize("payload", [[], {}, 1, "x", [[], [], [], [], [], b"", 1], [[1], [], [], [], [], b"\x90", []]])
def test_wrong_shape(fresh: ModuleSummary, payload: object) -> None:
    packed = msgspec.msgpack.encode(payload)
    with pytest.raises(SummaryError):
        decode(encode(fresh)[:4] + zlib.crc32(packed).to_bytes(4, "big") + packed)


def test_wrong_shape_of_a_body(fresh: ModuleSummary) -> None:
    packed = msgspec.msgpack.encode([[], [], [], [], [], b"\x90", [b"\x91\x01", b"\x91" * 5000]])
    stored = decode(encode(fresh)[:4] + zlib.crc32(packed).to_bytes(4, "big") + packed)
    assert stored.body == ()
    for index in range(2):
        with pytest.raises(SummaryError):
            stored.function_body(index)
