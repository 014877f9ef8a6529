"""Every place in a summary is that of the source, and a disagreement of the two trees never misplaces anything silently."""

from __future__ import annotations

import ast
import sys
import sysconfig
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import libcst
import msgspec
import pytest
from lowered import Parsed, all_nodes, brief, functions, lowered, nodes, parsed, source_at

from contract_lint.python import summary as ir
from contract_lint.python.lower import Run


@pytest.mark.parametrize("tree", [True, False], ids=["ast", "provider"])
def test_places_of_names(tree: bool) -> None:
    text = (
        "é = 'ü'; Größe = ['ß', a.straße(naïve=ö)]\n"
        "@décor(é)\nasync  def \\\n  größe(\n\tä: 'ß' = é, *añb, ç): return (ä)\n"
        "class\tC(é): pass\ndef after(): pass\n"
    )
    summary = lowered(text, tree=tree)
    found = list(all_nodes(summary))
    for node in found:
        if isinstance(node, (ir.Name, ir.Attribute, ir.FunctionDef, ir.ClassDef, ir.Parameter)):
            at = node.name_at if isinstance(node, ir.Attribute) else node.at
            name = node.id if isinstance(node, ir.Name) else node.name
            assert source_at(text, at) == name
        elif isinstance(node, ir.Const):
            assert ast.literal_eval(source_at(text, node.at)) == node.value
    assert sorted(functions(summary)) == ["after", "größe"]
    assert functions(summary)["größe"].at == (4, 3, 4, 8)


def test_places_after_a_form_feed() -> None:
    text = "\x0cdef after(): pass\n\x0c\nx = 1\n"
    assert {node.name: source_at(text, node.at) for node in functions(lowered(text)).values()} == {"after": "after"}


def test_places_of_wholes() -> None:
    text = "x = (a + b)\n(f(\n  (y), k=(1, 2)))\nif c: pass\nelse: z[1, 2:3]\n"
    places = {brief(node): source_at(text, node.at) for node in all_nodes(lowered(text)) if isinstance(node, ir.Node)}
    assert places["Chain(Name('a'), [['+', Name('b')]])"] == "a + b"
    assert places["Sequence('tuple', [Const(1), Const(2)])"] == "(1, 2)"
    assert places["Call(Name('f'), [Argument(Name('y'), None, 0), Argument(Sequence('tuple', [Const(1), Const(2)]), 'k', 0)])"] == (
        "f(\n  (y), k=(1, 2))"
    )
    assert places["Sequence('tuple', [Const(1), Slice(Const(2), Const(3), None)])"] == "1, 2:3"


def test_values_in_fstrings_stand_where_python_can_tell() -> None:
    text = "x = f'''é\n{a.b}''' f'{c}'\n"
    names = [node for node in all_nodes(lowered(text)) if isinstance(node, ir.Name) and node.id in "ac"]
    expected = ["a", "c"] if sys.version_info >= (3, 12) else ["f'''é\n{a.b}''' f'{c}'"] * 2
    assert [source_at(text, node.at) for node in names] == expected
    texts = [node for node in all_nodes(lowered(text)) if isinstance(node, ir.Const)]
    assert [source_at(text, node.at) for node in texts] == ["f'''é\n{a.b}''' f'{c}'"]


STDLIB = Path(sysconfig.get_paths()["stdlib"])
PACKAGES = ["json", "email", "asyncio", "logging", "unittest"]
MODULES = ["dataclasses.py", "typing.py", "test/test_patma.py", "test/test_unpack_ex.py", "test/test_named_expressions.py"]
#: IR nodes and the ast nodes at whose places they stand. (Chains and elif are flat here only; starred arguments are no node.)
PAIRED = {
    "Name": "Name", "Attribute": "Attribute", "Subscript": "Subscript", "Slice": "Slice", "Call": "Call", "FString": "JoinedStr",
    "Unary": "UnaryOp", "BoolOp": "BoolOp", "Compare": "Compare", "IfExp": "IfExp", "Dict": "Dict", "Walrus": "NamedExpr",
    "Lambda": "Lambda", "Await": "Await", "Const": "Constant", "BigInt": "Constant", "Bytes": "Constant", "SurrogateText": "Constant",
    "ImportedName": "alias", "Assign": "Assign", "AnnAssign": "AnnAssign", "AugAssign": "AugAssign", "ExprStmt": "Expr", "While": "While",
    "Match": "Match", "Return": "Return", "Raise": "Raise", "Assert": "Assert", "Delete": "Delete", "Break": "Break",
    "Continue": "Continue", "Import": "Import", "ImportFrom": "ImportFrom",
}  # fmt: skip
EXPECTED_KINDS = {*PAIRED.values(), "List", "Tuple", "Set", "ListComp", "SetComp", "DictComp", "GeneratorExp"}
NOT_LOWERED = {
    ("NamedExpr", "target"),
    ("Raise", "cause"),
    ("Assert", "msg"),
    ("match_case", "pattern"),
    ("FunctionDef", "type_params"),
    ("ClassDef", "type_params"),
}


def places_of_ast(node: ast.AST, lines: list[bytes]) -> Iterator[tuple[str, ir.At]]:
    kind = type(node).__name__
    if kind in EXPECTED_KINDS:
        columns = (len(lines[node.lineno - 1][: node.col_offset].decode()), len(lines[node.end_lineno - 1][: node.end_col_offset].decode()))
        yield kind, (node.lineno, columns[0] + 1, node.end_lineno, columns[1] + 1)
    if kind in ("JoinedStr", "TypeAlias"):
        return
    for field, value in ast.iter_fields(node):
        if (kind, field) not in NOT_LOWERED:
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from places_of_ast(child, lines)


def places_of_summary(value: object) -> Iterator[tuple[str, ir.At]]:
    if isinstance(value, tuple):
        for item in value:
            yield from places_of_summary(item)
    elif isinstance(value, msgspec.Struct):
        kind = type(value).__name__
        if isinstance(value, (ir.Sequence, ir.Comprehension)):
            names = {"list": "List", "tuple": "Tuple", "set": "Set"} if isinstance(value, ir.Sequence) else {"generator": "GeneratorExp"}
            yield names.get(value.kind, f"{value.kind.title()}Comp"), value.at
        elif kind in PAIRED or (isinstance(value, ir.Opaque) and value.reason in ("ellipsis", "complex")):
            yield PAIRED.get(kind, "Constant"), value.at  # type: ignore[attr-defined]
        if not isinstance(value, ir.FString):
            for field in value.__struct_fields__:
                if not (isinstance(value, ir.Case) and field == "values"):
                    yield from places_of_summary(getattr(value, field))


def corpus() -> list[Path]:
    paths = [path for package in PACKAGES for path in sorted((STDLIB / package).glob("**/*.py"))]
    return paths + [STDLIB / module for module in MODULES if (STDLIB / module).exists()]


def test_every_place_in_the_standard_library() -> None:
    count = 0
    for path in corpus():
        text = path.read_text("utf-8")
        try:
            module = parsed(text)
        except libcst.ParserSyntaxError:
            continue
        run = Run(module)
        assert run.fallbacks == 0, path
        assert module.tree is not None
        lines = [line.encode() for line in text.split("\n")]
        expected = Counter(places_of_ast(module.tree, lines))
        found = Counter(places_of_summary((run.summary.body, *run.summary.bodies.functions())))
        assert found == expected, path
        count += sum(found.values())
        for node in all_nodes(run.summary):
            if isinstance(node, (ir.FunctionDef, ir.ClassDef, ir.Parameter)) and node.at[0] == node.at[2]:
                shown = source_at(text, node.at)
                assert node.name.endswith(shown) or shown.startswith("f"), (path, node.at)
    assert count > 50_000


def without_python_s_own_places(value: object) -> object:
    """A tree as plain tuples, less what is known to differ between ast and libcst's provider."""
    if isinstance(value, tuple):
        return tuple(without_python_s_own_places(item) for item in value)
    if isinstance(value, msgspec.Struct):
        if isinstance(value, ir.FString):
            return (brief(value), value.at)
        skipped = "at" if isinstance(value, ir.Comprehension) and value.kind == "generator" else ""
        fields = [without_python_s_own_places(getattr(value, field)) for field in value.__struct_fields__ if field != skipped]
        return (type(value).__name__, *fields)
    return value


@pytest.mark.parametrize("name", ["dataclasses.py", "json/encoder.py", "email/header.py", "asyncio/tasks.py", "logging/config.py"])
def test_provider_and_ast_give_the_same_places(name: str) -> None:
    text = (STDLIB / name).read_text("utf-8")
    with_ast, without_ast = lowered(text), lowered(text, tree=False)
    assert without_python_s_own_places(with_ast.body) == without_python_s_own_places(without_ast.body)
    for left, right in zip(with_ast.bodies.functions(), without_ast.bodies.functions(), strict=True):
        assert without_python_s_own_places(left) == without_python_s_own_places(right)
    assert (with_ast.imports, with_ast.classes, with_ast.bindings) == (without_ast.imports, without_ast.classes, without_ast.bindings)


# --- where the trees disagree ---

OTHERS = {
    "a = f(b)": "a = f[b]",
    "a = f(b, c)": "a = f(b)",
    "a = f(b, c=1)": "a = f(b, 1)",
    "a = f(**b)": "a = f(b)",
    "a = b + c": "a = b and c",
    "a = [b, c]": "a = [b]",
    "a = {b: c}": "a = {**c}",
    "a = {b: c, d: e}": "a = {b: c}",
    "a = x[1:2]": "a = x[1]",
    "a = x[1, 2]": "a = x[1]",
    "a = b if c else d": "a = b",
    "a = lambda x, *y: x": "a = lambda x: x",
    "a = lambda x=1: x": "a = lambda x: x",
    "a = [x for x in y if z]": "a = [x for x in y]",
    "a = f'{x}{y}'": "a = f'{x}'",
    "a = 'text'": "a = name",
    "a = 1": "a = name",
    "a = name": "a = 1",
    "a = True": "a = name",
    "a = b = c": "a = c",
    "a.b = c": "a[b] = c",
    "(a, *b) = c": "[a, *b] = c",
    "def f(x): return g(x)": "def f(x): return g",
    "async def f(x): return 1": "def f(x): return 1",
    "class A(b): x = 1; y = 2": "class A(b): x = 1",
    "if a: b\nelse: c": "if a: b",
    "if a: b\nelif c: d": "if a: b",
    "if a: b": "if a: b\nelse: c",
    "for x in y: pass": "while y: pass",
    "try: a\nexcept B: c": "try: a\nfinally: c",
    "with a as b: c": "with a: c",
    "match a:\n case 1: b": "match a:\n case x: b",
    "import a, b": "import a",
    "from a import b": "import b",
    "return x": "return",
    "raise A from b": "raise A",
    "del a, b": "del a",
    "yield a": "yield from a",
    "global a": "pass",
}


@pytest.mark.parametrize("text", OTHERS)
def test_disagreement_keeps_the_statement_s_place(text: str) -> None:
    run = Run(Parsed(libcst.parse_module(f"{text}\nlast = 1\n"), ast.parse(f"{OTHERS[text]}\nlast = 1\n"), f"{text}\nlast = 1\n"))
    assert run.fallbacks == 1
    # The shape is libcst's, and the statement after it is not touched.
    assert brief(run.summary.body[:-1]) == brief(lowered(text).body)
    assert run.summary.body[-1].at[0] == OTHERS[text].count("\n") + 2  # type: ignore[union-attr]
    assert [brief(node) for node in run.summary.bodies.functions()] == [brief(node) for node in lowered(text).bodies.functions()]


def test_modules_of_different_length() -> None:
    run = Run(Parsed(libcst.parse_module("a\nb\n"), ast.parse("a\n"), "a\nb\n"))
    assert run.fallbacks == 1
    assert {node.at for node in nodes(run.summary.body) if isinstance(node, ir.Name)} == {ir.NOWHERE}
