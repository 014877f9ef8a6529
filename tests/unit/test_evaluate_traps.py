"""What looks certain and is not: the evaluator may not claim more than every run of the code does."""

from __future__ import annotations

import pytest
from evaluated import result

#: Module text, the body of a function with an ``unknown`` parameter, and what is known of its value.
TRAPS = [
    (
        """
x = "module"
class C:
    x = "class"
    seen = [x for _ in [0]]
    outermost = [n for n in [x]]
""",
        "return (C.seen, C.outermost)",
        "(['module'], ['class'])",
    ),
    (
        "",
        """
x = outside.find("NOPE")
return x is None
""",
        "unknown(unknown-comparison)",
    ),
    (
        "",
        'return outside.get("x") is outside.get("x")',
        "unknown(unknown-comparison)",
    ),
    (
        """
def noop(): pass
def run(cb=noop): return cb == noop
""",
        "return run()",
        "True",
    ),
    (
        "def g(): pass",
        "return (g == g, g in [g])",
        "(True, True)",
    ),
    (
        "",
        """
log=[]
[log.append(x) for x in ['a'] if unknown]
return log
""",
        "['a'?]",
    ),
    (
        "",
        """
y='0'
[y := x for x in ['a'] if unknown]
return y
""",
        "'a' or '0'",
    ),
    (
        "",
        """
try:
    x = 1 > 2 > {}['k']
    return 'fine'
except KeyError:
    return 'bad'
""",
        "'fine'",
    ),
    (
        """
class A:
    def __init__(self,l): self.log=l
    @property
    def p(self):
        self.log.append(1)
        return 1
""",
        """
a=A([]); b=A([])
x = a if unknown else b
x.p
return (len(a.log),len(b.log))
""",
        "(unknown(unknown-length), unknown(unknown-length))",
    ),
    (
        """
class A:
    def __init__(self): self.d={}
    def __setitem__(self,k,v): self.d[k]=v
""",
        """
a=A(); b=A()
x = a if unknown else b
x['k']=1
return (a.d,b.d)
""",
        "({'k'?: 1}, {'k'?: 1})",
    ),
    (
        """
from typing import NamedTuple
class P(NamedTuple):
    a: str
""",
        "return P('x').a",
        "unknown(base-class-outside)",
    ),
    (
        "class S(str): pass",
        "return S('x')=='x'",
        "unknown(base-class-outside)",
    ),
    (
        """
from dataclasses import dataclass, field
@dataclass
class D:
    x: str = field(init=False)
    def __post_init__(self): self.x='p'
""",
        "return D().x",
        "'p'",
    ),
    (
        """
from dataclasses import dataclass, field
@dataclass
class A:
    x: str = 'a'
class B(A):
    x: str = 'b'
""",
        "return B().x",
        "'a'",
    ),
    (
        """
class F:
    def __call__(self,a='d'): return a
""",
        "return F()(*unknown)",
        "'d' or unknown(parameter)",
    ),
    (
        "",
        """
m={}
if unknown: m['a']=1
d={}
d.update(**m)
return d
""",
        "{…unknown-arguments}",
    ),
    (
        "",
        """
try:
    c=None
    c['k']=1
    return 'fine'
except TypeError:
    return 'handled'
""",
        "'handled'",
    ),
    (
        "",
        """
try:
    c=None
    c.k=1
    return 'fine'
except Exception:
    return 'handled'
""",
        "'handled'",
    ),
    (
        "x='g'",
        """
x='o'
def h():
    global x
    return x
return h()
""",
        "'g'",
    ),
    (
        "",
        """
match 1:
    case True: return 'y'
    case _: return 'n'
""",
        "'n'",
    ),
    (
        "class A: pass",
        """
try:
    A().__doc__
    return 'ok'
except Exception:
    return 'no'
""",
        "'ok' or 'no'",
    ),
    (
        """
from typing import Protocol, runtime_checkable
@runtime_checkable
class H(Protocol):
    name: str
class A:
    name='a'
""",
        "return isinstance(A(), H)",
        "unknown(unknown-type)",
    ),
]


@pytest.mark.parametrize(("header", "body", "known"), TRAPS)
def test_no_more_is_claimed_than_every_run_does(header: str, body: str, known: str) -> None:
    assert result(body, header=header) == known
