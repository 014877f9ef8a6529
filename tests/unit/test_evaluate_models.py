"""Configurations: pydantic models and dataclasses, their defaults and validators."""

from __future__ import annotations

import pytest
from evaluated import Evaluated, brief, result

from contract_lint.python.frame import Frame
from contract_lint.python.values import Ref, Value

HEADER = """\
from __future__ import annotations
from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar, Dict, List, Optional
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
"""


def made(text: str, expression: str) -> str:
    """What ``expression`` gives in a module that begins with ``text``."""
    project = Evaluated({"m.py": f"{HEADER}{text}\ndef f():\n    return {expression}\n"})
    return project.call("m.py", "f")


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("Optional[Dict[str, str]] = Field(default_factory=lambda: {'a': 'x'})", "{'a': 'x'}"),
        ("Optional[Dict[str, str]] = Field(default={'a': 'x'}, description='d')", "{'a': 'x'}"),
        ("Dict[str, str] = Field(default_factory=dict)", "{}"),
        ("Optional[Dict[str, str]] = None", "None"),
        ("str = Field('text', description='d')", "'text'"),
        ("ClassVar[Dict[str, str]] = {'a': 'x'}", "{'a': 'x'}"),
    ],
)
def test_defaults(field: str, expected: str) -> None:
    assert made(f"class C(BaseModel):\n    x: {field}", "C().x") == expected


def test_a_default_is_made_anew_for_each_instance() -> None:
    text = "class C(BaseModel):\n    x: Dict[str, str] = {'a': 'b'}\n    y: dict = Field(default_factory=dict)"
    assert made(text, "(C().x.update(n='m'), C().y.update(n='m'), C().x, C().y)") == "(None, None, {'a': 'b'}, {})"


FILLS = """
class C(BaseModel):
    names: Optional[Dict[str, str]] = {default}
    @model_validator(mode='after')
    def fill(self):
        if not self.names:
            {store}
        return self
"""


@pytest.mark.parametrize(
    "store", ["self.names = {'v': 'v'}", "self.__dict__['names'] = {'v': 'v'}", "object.__setattr__(self, 'names', {'v': 'v'})"]
)
@pytest.mark.parametrize(
    ("default", "expected"),
    [("None", "{'v': 'v'}"), ("Field(default_factory=dict)", "{'v': 'v'}"), ("Field(default_factory=lambda: {'d': 'd'})", "{'d': 'd'}")],
)
def test_a_validator_fills_an_empty_default_and_a_non_empty_one_wins(store: str, default: str, expected: str) -> None:
    assert made(FILLS.replace("{store}", store).replace("{default}", default), "C().names") == expected


BEFORE = """x: str = 'd'
    @model_validator(mode='before')
    @classmethod
    def first(cls, data):
        data.setdefault('x', 'b')
        return data
"""
FIELD = """x: str = 'd'
    @field_validator('x')
    @classmethod
    def up(cls, v): return v.upper()
"""


@pytest.mark.parametrize(
    ("body", "expression", "expected"),
    [
        (BEFORE, "C().x", "'b'"),
        (FIELD, "(C().x, C(x='g').x)", "('d', 'G')"),
        ("x: float = 1.5", "C(x=1).x", "1.0"),  # pydantic converts
        ("x: int = 1", "C(x='2').x", "unknown(converted)"),
        ("model_config = ConfigDict(validate_default=True)\n    x: float = 1", "C().x", "1.0"),
        ("x: str", "C()", "unknown(always-raises)"),
        ("x: str\n    y: str = 'y'", "C(x='given').model_dump()", "{'x': 'given', 'y': 'y'}"),
        ("x: dict = {}\n    y: str = 'y'", "C(x={'k': 1}).model_copy(update={'y': 'new'})", "C(x={'k': 1}, y='new')"),
    ],
)  # fmt: skip
def test_models(body: str, expression: str, expected: str) -> None:
    assert made(f"class C(BaseModel):\n    {body}", expression) == expected


def test_fields_and_validators_are_inherited_and_overridden() -> None:
    text = """
class Base(BaseModel):
    a: str = 'base'
    b: str = 'base'
    @model_validator(mode='after')
    def fill(self):
        self.a = self.a + '+base'
        return self
class C(Base):
    b: str = 'own'
    @model_validator(mode='after')
    def more(self):
        self.b = self.a + '+own'
        return self
class D(C):
    @model_validator(mode='after')
    def fill(self): return self
"""
    assert made(text, "(C(), D())") == "(C(a='base+base', b='base+base+own'), D(a='base', b='base+own'))"


def test_dataclasses() -> None:
    text = "@dataclass\nclass C:\n    a: str\n    b: dict = field(default_factory=dict)\n    def __post_init__(self): self.c = self.a + '!'"
    assert made(text, "C('x')") == "C(a='x', b={}, c='x!')"


def test_enums() -> None:
    text = "class K(str, Enum):\n    A = 'a'\n    B = 'b'\n    ALIAS = 'a'\nclass P(Enum):\n    A = 'a'"
    assert made(text, "(K('b').name, K['A'].value, [k.name for k in K], K.ALIAS is K.A)") == "('B', 'a', ['A', 'B'], True)"
    assert made(text, "(K.A == 'a', P.A == 'a', {'a': 1}[K.A], 'x' + K.A)") == "(True, False, 1, 'xa')"


MIXED = """
from enum import Enum, IntEnum, IntFlag, StrEnum, auto
class I(IntEnum):
    Z = 0
    A = auto()
class F(IntFlag): A = 1
class X(float, Enum): A = 1
class S(str, Enum):
    A = 'a'
    _b = 'b'
class T(StrEnum): A = auto()
class P(Enum):
    A = (1, 2)
    B = (1, 2)
    C = True
    D = 1
class O(int, Enum): A = outside.VALUE
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return (I.A == 1, F.A == 1, X.A == 1.0, O.A == 1, O.A == O.A)", "(True, True, True, unknown(unknown-comparison), True)"),
        ("return ('zero' if not I.Z else 'other', bool(I.A), bool(P.A), bool(S.A))", "('zero', True, True, True)"),
        ("return [isinstance(one, Enum) for one in (I.A, F.A, X.A, S.A, T.A)]", "[True, True, True, True, True]"),
        ("return (isinstance(I.A, int), isinstance(T.A, str), isinstance(S.A, int), isinstance(P.A, str))", "(True, True, False, False)"),
        ("return (S.A.upper(), hasattr(S.A, 'upper'), hasattr(S.A, 'other'))", "('A', True, False)"),
        ("try: return T.A.upper()\nexcept AttributeError: return 'none'", "'A'"),
        ("return ('%s' % S.A, '%s' % T.A, '{}'.format(S.A), 'x' + S.A)", "(text(*), 'a', text(*), 'xa')"),
        ("return (P.A is P.B, P.C is P.D, len(P), [s.name for s in S])", "(True, True, 2, ['A', '_b'])"),
    ],
)
def test_members_of_enums_that_mix_in_a_type(body: str, expected: str) -> None:
    assert result(body, header=MIXED) == expected


def test_a_guard_tells_what_an_unknown_value_is() -> None:
    text = "class C(BaseModel):\n    x: dict = {'a': 1}\n    y: str = 'y'"
    body = "def g(c):\n    if not isinstance(c, C): raise TypeError\n    return (c.x, c.y)\n"
    assert Evaluated({"m.py": f"{HEADER}{text}\n{body}"}).call("m.py", "g") == "({'a': 1}, ~'y')"


def test_what_an_annotation_promises_has_soft_scalars() -> None:
    """A scalar default may be given otherwise, so no branch is decided on it; containers are taken as configured."""
    text = f"""{HEADER}
class C(BaseModel):
    kind: str = 'training'
    names: Dict[str, str] = {{'a': 'x'}}
    needed: str
def f(config: C): return ('train' if config.kind == 'training' else 'other', config.names, f'{{config.kind}}/x', config.needed)
"""
    project = Evaluated({"m.py": text})

    def question(frame: Frame) -> Value:
        cls = frame.lookup("C")
        assert isinstance(cls, Ref)
        return project.ev.call_value(frame, frame.lookup("f"), [project.ev.assumed_instance(frame, cls)], None)

    answer = project.ev.query(project.ev.index.by_path("m.py"), question)
    assert brief(answer, answer.value) == "('train' or 'other', {'a': 'x'}, ~'training/x', unknown(required-field))"


def test_what_an_instance_validates_stays_in_its_query() -> None:
    text = f"""{HEADER}
SEEN = {{}}
class C(BaseModel):
    x: str = 'd'
    @model_validator(mode='after')
    def note(self):
        SEEN[self.x] = True
        return self
def make(c: C): return C().x
def seen(): return SEEN
"""
    project = Evaluated({"m.py": text})
    made_first = project.ev.query(project.ev.index.by_path("m.py"), lambda frame: project.ev.assumed_instance(frame, frame.lookup("C")))
    assert brief(made_first, made_first.value) == "C(x=~'d')"
    assert project.call("m.py", "seen") == "{}"


DUMPED = """
from typing import Any
from pydantic import BaseModel, Field, computed_field, field_serializer
class S(BaseModel):
    names: list = []
class C(BaseModel):
    s: S = S()
    kept: Any = None
    hidden: str = Field('h', exclude=True)
    n: int = 1
    @computed_field
    @property
    def twice(self) -> int: return self.n * 2
class D(BaseModel):
    n: int = 1
    m: int = 2
    @field_serializer('n')
    def show(self, value): return str(value)
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return C().model_dump()", "{'s': {'names': []}, 'kept': None, 'n': 1, 'twice': 2}"),
        ("return D().model_dump()", "{'n': unknown(serializer), 'm': 2}"),
        ("a, b = C(), C()\na.s.names.append('x')\nreturn (a.s.names, b.s.names)", "(['x'], [])"),
        ("given = []\nc = C(kept=given)\ngiven.append(1)\nreturn c.kept", "[1]"),
        ("c = C()\nd = c.model_copy(deep=True)\nc.s.names.append('x')\nreturn d.s.names", "[]"),
    ],
)
def test_what_models_copy_and_show(body: str, expected: str) -> None:
    assert result(body, header=DUMPED) == expected
