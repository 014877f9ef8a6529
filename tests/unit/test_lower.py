"""Modules become summaries: shapes, scopes, the index, what is too deep, and that nothing raises."""

from __future__ import annotations

import ast
import sys

import libcst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lowered import all_nodes, brief, functions, lowered, parsed, source_at

from contract_lint.python import summary as ir
from contract_lint.python.lower import Run, TooDeep
from contract_lint.python.summary import decode, encode

EXPRESSIONS = {
    "a.b[0](c, *d, k=1, **e)": (
        "Call(Subscript(Attribute(Name('a'), 'b'), Const(0)), [Argument(Name('c'), None, 0), Argument(Name('d'), None, 1), "
        "Argument(Const(1), 'k', 0), Argument(Name('e'), None, 2)])"
    ),
    "f(k=1, *a)": "Call(Name('f'), [Argument(Const(1), 'k', 0), Argument(Name('a'), None, 1)])",
    "a + b - c * d": "Chain(Name('a'), [['+', Name('b')], ['-', Chain(Name('c'), [['*', Name('d')]])]])",
    "a + (b + c)": "Chain(Name('a'), [['+', Chain(Name('b'), [['+', Name('c')]])]])",
    "(a + b) + c": "Chain(Chain(Name('a'), [['+', Name('b')]]), [['+', Name('c')]])",
    "a ** b ** c": "Chain(Name('a'), [['**', Chain(Name('b'), [['**', Name('c')]])]])",
    "a ** b * c": "Chain(Chain(Name('a'), [['**', Name('b')]]), [['*', Name('c')]])",
    "-a @ ~b": "Chain(Unary('-', Name('a')), [['@', Unary('~', Name('b'))]])",
    "a and b and (c and d)": "BoolOp('and', [Name('a'), Name('b'), BoolOp('and', [Name('c'), Name('d')])])",
    "(a and b) and c": "BoolOp('and', [BoolOp('and', [Name('a'), Name('b')]), Name('c')])",
    "a and b or not c": "BoolOp('or', [BoolOp('and', [Name('a'), Name('b')]), Unary('not', Name('c'))])",
    "a < b <= c not in d is not e": (
        "Compare(Name('a'), [['<', Name('b')], ['<=', Name('c')], ['not in', Name('d')], ['is not', "
        "Name('e')]])"
    ),
    "x[1:2, ::3]": "Subscript(Name('x'), Sequence('tuple', [Slice(Const(1), Const(2), None), Slice(None, None, Const(3))]))",
    "x[1,]": "Subscript(Name('x'), Sequence('tuple', [Const(1)]))",
    "x[(1, 2)]": "Subscript(Name('x'), Sequence('tuple', [Const(1), Const(2)]))",
    "x[:]": "Subscript(Name('x'), Slice(None, None, None))",
    "x[*a, 1]": "Subscript(Name('x'), Sequence('tuple', [Starred(Name('a')), Const(1)]))",
    "b if a else c": "IfExp(Name('a'), Name('b'), Name('c'))",
    "\"a\" 'b' r\"\\n\"": "Const('ab\\\\n')",
    'b"a" b"b"': "Bytes(b'ab')",
    'f"a{{{x!r:>{w}}}}" "c" f"{y=}"': (
        "FString([Const('a{'), Formatted(Name('x'), 'r', FString([Const('>'), Formatted(Name('w'), '', None)])), Const('}cy='), "
        "Formatted(Name('y'), 'r', None)])"
    ),
    'f"{z = :>5}"': "FString([Const('z = '), Formatted(Name('z'), '', FString([Const('>5')]))])",
    'f"{x:}"': "FString([Formatted(Name('x'), '', None)])",
    'f"\\N{EN DASH}\\x7b\\x7b{d[\'k\']}" if 0 else rf"\\d{{2}}"': (
        "IfExp(Const(0), FString([Const('\u2013{{'), Formatted(Subscript(Name('d'), Const('k')), '', None)]), FString([Const('\\\\d{2}')]))"
    ).replace("\u2013", "\N{EN DASH}"),
    '"\\ud800"': "SurrogateText(b'\\xed\\xa0\\x80')",
    'f"\\udc80{x}"': "FString([SurrogateText(b'\\xed\\xb2\\x80'), Formatted(Name('x'), '', None)])",
    "9223372036854775807": "Const(9223372036854775807)",
    "9223372036854775808": "BigInt('9223372036854775808')",
    "0x_ff + 1e999": "Chain(Const(255), [['+', Const(inf)]])",
    "2j": "Opaque('complex', [])",
    "...": "Opaque('ellipsis', [])",
    "True, None": "Sequence('tuple', [Const(True), Const(None)])",
    '{"a": 1, **b}': "Dict([DictItem(Const('a'), Const(1)), DictItem(None, Name('b'))])",
    "{1, *s}": "Sequence('set', [Const(1), Starred(Name('s'))])",
    "[x async for x in y if a if b]": (
        "Comprehension('list', Name('x'), None, [Clause(Name('x'), Name('y'), [Name('a'), Name('b')], "
        "True)])"
    ),
    "{k: v for k, v in z for w in v}": (
        "Comprehension('dict', Name('k'), Name('v'), [Clause(Sequence('tuple', [Name('k'), Name('v')]), Name('z'), [], False), "
        "Clause(Name('w'), Name('v'), [], False)])"
    ),
    "lambda a, /, b=1, *c, d, e=2, **f: a": (
        "Lambda([Parameter('a', 'positional', None, None), Parameter('b', 'plain', Const(1), None), Parameter('c', 'args', None, None), "
        "Parameter('d', 'keyword', None, None), Parameter('e', 'keyword', Const(2), None), Parameter('f', 'kwargs', "
        "None, None)], Name('a'))"
    ),
    "(n := 5)": "Walrus('n', Const(5))",
    "await x": "Await(Name('x'))",
    "(yield from x)": "Opaque('yield', [Name('x')])",
    "ﬁ.ﬂ": "Attribute(Name('fi'), 'fl')",
}  # fmt: skip


@pytest.mark.parametrize("text", EXPRESSIONS)
@pytest.mark.parametrize("tree", [True, False], ids=["ast", "provider"])
def test_expressions(text: str, tree: bool) -> None:
    assert brief(lowered(text, tree=tree).body) == f"[ExprStmt({EXPRESSIONS[text]})]"


STATEMENTS = {
    "a = b, c = *d, 2": (
        "[Assign([Name('a'), Sequence('tuple', [Name('b'), Name('c')])], Sequence('tuple', [Starred(Name('d')), "
        "Const(2)]))]"
    ),
    "*a, = b": "[Assign([Sequence('tuple', [Starred(Name('a'))])], Name('b'))]",
    "self.y: 'T' = None; x: int": (
        "[AnnAssign(Attribute(Name('self'), 'y'), Const('T'), Const(None)), AnnAssign(Name('x'), Name('int'), "
        "None)]"
    ),
    "x **= 2": "[AugAssign(Name('x'), '**', Const(2))]",
    "del a, b[0]": "[Delete([Name('a'), Subscript(Name('b'), Const(0))])]",
    "del (a, b)": "[Delete([Sequence('tuple', [Name('a'), Name('b')])])]",
    "pass; a; b": "[ExprStmt(Name('a')), ExprStmt(Name('b'))]",
    "global g, h": "[Scope('global', ['g', 'h'])]",
    "import a.b.c as d, e.f": "[Import([ImportedName('a.b.c', 'd'), ImportedName('e.f', None)])]",
    "from .. import x as y": "[ImportFrom('', 2, [ImportedName('x', 'y')])]",
    "from .m.n import *": "[ImportFrom('m.n', 1, [ImportedName('*', None)])]",
    "raise X from y": "[Raise(Name('X'))]",
    "assert a, b": "[Assert(Name('a'))]",
    "if a:\n  b\nelif c:\n  d\nelse:\n  e": (
        "[If([Branch(Name('a'), [ExprStmt(Name('b'))]), Branch(Name('c'), [ExprStmt(Name('d'))])], [ExprStmt(Name('e'))])]"
    ),
    "if a: b\nelse:\n  if c: d": "[If([Branch(Name('a'), [ExprStmt(Name('b'))])], [If([Branch(Name('c'), [ExprStmt(Name('d'))])], [])])]",
    "for i, j in x: continue\nelse: y": (
        "[For(Sequence('tuple', [Name('i'), Name('j')]), Name('x'), [Continue()], [ExprStmt(Name('y'))], False)]"
    ),
    "while a: break": "[While(Name('a'), [Break()], [])]",
    "try: a\nexcept (B, C) as e: d\nexcept: f\nelse: g\nfinally: h": (
        "[Try([ExprStmt(Name('a'))], [Handler(Sequence('tuple', [Name('B'), Name('C')]), 'e', [ExprStmt(Name('d'))]), "
        "Handler(None, None, [ExprStmt(Name('f'))])], [ExprStmt(Name('g'))], [ExprStmt(Name('h'))])]"
    ),
    "try: a\nexcept* B: c": "[Try([ExprStmt(Name('a'))], [Handler(Name('B'), None, [ExprStmt(Name('c'))])], [], [])]",
    "with (a as b, c as (d, e)): pass": (
        "[With([WithItem(Name('a'), Name('b')), WithItem(Name('c'), Sequence('tuple', [Name('d'), Name('e')]))], [])]"
    ),
    "@d(1)\nclass C(B, *r, metaclass=M): x = 1": (
        "[ClassDef('C', [Argument(Name('B'), None, 0), Argument(Name('r'), None, 1), Argument(Name('M'), 'metaclass', 0)], "
        "[Call(Name('d'), [Argument(Const(1), None, 0)])], [Assign([Name('x')], Const(1))])]"
    ),
    'match s:\n case "a" | M.B | -1: x\n case None: y': (
        "[Match(Name('s'), [Case([Const('a'), Attribute(Name('M'), 'B'), Unary('-', Const(1))], [], None, False, [ExprStmt(Name('x'))]), "
        "Case([Const(None)], [], None, False, [ExprStmt(Name('y'))])])]"
    ),
    "match s:\n case [y, *z] if y: pass\n case P(a, q=b) as c: pass\n case x: pass": (
        "[Match(Name('s'), [Case(None, ['y', 'z'], Name('y'), False, []), Case(None, ['c', 'a', 'b'], None, False, []), "
        "Case(None, ['x'], None, True, [])])]"
    ),
    "match s:\n case {'k': v, **r}: pass\n case 1 | _: pass": (
        "[Match(Name('s'), [Case(None, ['r', 'v'], None, False, []), Case(None, [], None, True, [])])]"
    ),
    "type X[T] = list[T]": "[Unmodelled('type-alias', ['X'])]",
    "def f[T: int](x: T) -> T: ...": (
        "[FunctionDef('f', [Parameter('x', 'plain', None, Name('T'))], Name('T'), [], 0, ['x'], [], False, "
        "False)]"
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", STATEMENTS)
@pytest.mark.parametrize("tree", [True, False], ids=["ast", "provider"])
def test_statements(text: str, tree: bool) -> None:
    assert brief(lowered(text, tree=tree).body) == STATEMENTS[text]


# --- scopes and the index ---

SCOPES = """\
import os.path
def outer(a, *args, **kw):
    global G
    G = b = [a for a in args if (w := a)]
    for i in b: pass
    def inner(x=kw):
        nonlocal b
        b = i
        return lambda: (x, args, unknown)
    class C:
        i = w
        def method(self): return [j for j in (lambda: a)()]
    try: pass
    except E as e: import q as r, s.t
    with a as (c, d): del a
    return inner
async def gen():
    v = 1
    (lambda v: v)
    yield
def plain():
    lambda: (yield)
    [n for n in x if (lambda: n)]
    n = 1
def typed[T](T2):
    def deep():
        def deeper(): return T2
"""


def test_scopes() -> None:
    found = functions(lowered(SCOPES))
    assert found["outer"].local == ("C", "a", "args", "b", "c", "d", "e", "i", "inner", "kw", "r", "s", "w")
    # kw is used by a default, which belongs to outer itself; a is used by the lambda in the method.
    assert found["outer"].captured == ("a", "args", "b", "i", "w")
    assert found["inner"].local == ("x",)
    assert found["inner"].captured == ("x",)
    assert (found["gen"].local, found["gen"].captured, found["gen"].is_generator, found["gen"].is_async) == (("v",), (), True, True)
    assert (found["plain"].is_generator, found["plain"].local, found["plain"].captured) == (False, ("n",), ())
    assert found["typed"].captured == ("T2",)
    assert found["deep"].captured == ()


def test_function_bodies_are_apart() -> None:
    summary = lowered("def f():\n    return 1\nclass C:\n    def g(self):\n        def h(): return 3\n        return 2\n")
    found = functions(summary)
    returned = {name: brief(summary.function_body(node.body)[-1]) for name, node in found.items()}
    assert returned == {"f": "Return(Const(1))", "g": "Return(Const(2))", "h": "Return(Const(3))"}


INDEX = """\
import a, b.c
from d import e as f
X = 1
class A(b.Base, Generic[T], make(), *rest, metaclass=M):
    class B(A): pass
    @register
    def m(self):
        from .z import y
        global LATE
        LATE = self.registry.add("x")(1)
        class Local: pass
for i in range(3): pass
"""


def test_index() -> None:
    summary = lowered(INDEX)
    assert [brief(node) for node in summary.imports] == [
        "Import([ImportedName('a', None), ImportedName('b.c', None)])",
        "ImportFrom('d', 0, [ImportedName('e', 'f')])",
        "ImportFrom('z', 1, [ImportedName('y', None)])",
    ]
    assert [(entry.name, entry.bases, source_at(INDEX, entry.at)) for entry in summary.classes] == [
        ("A", ("b.Base", "Generic", None, None), "A"),
        ("A.B", ("A",), "B"),
        ("A.m.<locals>.Local", (), "Local"),
    ]
    assert summary.bindings == ("A", "LATE", "X", "a", "b", "f", "i")
    assert summary.calls == ("add", "make", "range", "register")


def test_telling_comments() -> None:
    text = (
        'x = "# contract-lint: no"  # contract-lint: ignore[CL204] -- é\n# other\n\n'
        '    # contract-lint: external\ny = ("a"  # contract-lint: z\n "b")\n'
    )
    expected = ((1, 28, "# contract-lint: ignore[CL204] -- é"), (4, 5, "# contract-lint: external"), (5, 11, "# contract-lint: z"))
    assert lowered(text).comments == expected
    assert lowered(text, tree=False).comments == expected


# --- depth ---


def depth(value: object) -> int:
    """How deep msgspec recurses."""
    deepest, level = 0, [value]
    while level:
        deepest += 1
        level = [
            child
            for item in level
            for child in (item if isinstance(item, tuple) else [getattr(item, field) for field in getattr(item, "__struct_fields__", ())])
        ]
    return deepest


DEEP = {
    "plus": ("+".join(["a"] * 400), False),
    "and": (" and ".join(["a"] * 400), False),
    "elif": ("if a: b\n" + "elif c: d\n" * 400, False),
    "texts": ('"a" ' * 400, False),
    "attributes": ("a" + ".b" * 300, True),
    "calls": ("a" + ".b(c)" * 150, True),
    "conditions": ("a if b else " * 200 + "c", True),
    "powers": ("a" + "**a" * 200, True),
    "not": ("not " * 200 + "a", True),
    "lambdas": ("lambda: " * 200 + "a", True),
    "blocks": ("".join(" " * i + "if a:\n" for i in range(90)) + " " * 90 + "[" * 70 + "x" + "]" * 70, True),
    "functions": ("".join(" " * i + "def f():\n" for i in range(95)) + " " * 95 + "pass", False),
}


@pytest.mark.parametrize("name", DEEP)
def test_summaries_stay_shallow(name: str) -> None:
    text, cut = DEEP[name]
    summary = lowered(text)
    reasons = [node.reason for node in all_nodes(summary) if isinstance(node, ir.Opaque)]
    assert reasons == (["too-deep"] if cut else [])
    assert max(depth(body) for body in (summary.body, *summary.bodies.functions())) < 700
    assert decode(encode(summary)) == summary


def test_too_deep_for_the_provider() -> None:
    with pytest.raises(TooDeep):
        lowered("if a: b\n" + "elif c: d\n" * 400, tree=False)


def test_huge_number_that_python_will_not_write() -> None:
    assert brief(lowered("0x" + "f" * 6000).body) in (
        "[ExprStmt(Opaque('huge-int', []))]",
        f"[ExprStmt(BigInt('{16**6000 - 1}'))]" if sys.version_info < (3, 10, 7) else "",
    )


def test_layout_does_not_matter() -> None:
    plain = "if a:\n    b = (1,\n         2)\n    c\n"
    for other in ("if a:\n\tb = (1,\n\t\t2)\n\tc\n", "\x0cif a:\n    b = (1, # x\n\n  2)\n\x0c\n    c", "if a: b = 1, 2; c"):
        assert brief(lowered(other).body) == brief(lowered(plain).body)


# --- any module ---

ATOMS = st.sampled_from(["a", "b.c", "1", "'t'", "b'x'", "f'{a!r:>{b}}é'", "None", "...", "'x' f'{a}' 'y'", "2j", "ﬁ", "()"])
COMPOUND = [
    "({0} + {1})",
    "{0}({1}, *{0}, k={1}, **{0})",
    "[{0}, *{1}]",
    "{{{0}: {1}, **{0}}}",
    "{0}[{1}]",
    "{0}[{1}:{0}, ::{1}]",
    "(lambda x, *y, z={0}: {1})",
    "[{0} for x in {1} if {0} for y in {1}]",
    "{{{0}: x for x in {1}}}",
    "f({0} for x in {1})",
    "({0} if {1} else {0})",
    "(not {0} and {1} or {0})",
    "({0} < {1} in {0})",
    "({0}).attr",
    "(w := {0})",
    "(-{0}) ** {1}",
    "({0}, {1})",
    "{{{0}, {1}}}",
    "(await {0})",
    "(yield {0})",
    "f'''{{({0})}}'''",
]
STATEMENT_FORMS = [
    "x = {0}",
    "x, *y = z = {0}",
    "x: {0} = {1}",
    "x.y += {0}",
    "{0}; {1}",
    "return {0}",
    "raise {0} from {1}",
    "assert {0}, {1}",
    "del x[{0}], y",
    "if {0}:\n    {1}\nelif {1}:\n    pass\nelse: {0}",
    "for x, y in {0}: {1}\nelse: pass",
    "while {0}:\n\tbreak",
    "with {0} as x, {1}: pass",
    "try: {0}\nexcept {1} as e: pass\nfinally: {0}",
    "@d({0})\ndef f(x, /, y: {0} = {1}, *z, k={0}, **w) -> {1}:\n    return {0}",
    "class C({0}, k={1}):\n    x = {0}\n    def m(self): return {1}",
    "async def f():\n    async for x in {0}: await {1}",
    "match {0}:\n    case 1 | 'a': {1}\n    case x: pass",
]


@st.composite
def modules(draw: st.DrawFn) -> str:
    expressions = st.recursive(
        ATOMS,
        lambda inner: st.builds(lambda form, left, right: form.format(left, right), st.sampled_from(COMPOUND), inner, inner),
        max_leaves=6,
    )
    forms = draw(st.lists(st.sampled_from(STATEMENT_FORMS), min_size=1, max_size=4))
    return "\n".join(form.format(draw(expressions), draw(expressions)) for form in forms) + "\n"


@settings(max_examples=80, deadline=None, derandomize=True)
@given(modules())
def test_any_module(text: str) -> None:
    try:
        ast.parse(text)
        libcst.parse_module(text)
    except (SyntaxError, libcst.ParserSyntaxError):
        return
    run = Run(parsed(text))
    assert run.fallbacks == 0
    again = decode(encode(run.summary))
    assert again == run.summary
    other = lowered(text, tree=False)
    assert brief(other.body) == brief(run.summary.body)
    assert [*map(brief, other.bodies.functions())] == [*map(brief, run.summary.bodies.functions())]
