"""Notebooks as Python: which lines are code (IPython is the oracle), where they stand, and a whole run over one."""

from __future__ import annotations

import ast
import json
import warnings
from pathlib import Path
from textwrap import dedent

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from contract_lint.model.errors import SourceError
from contract_lint.model.finding import Finding
from contract_lint.model.span import Span
from contract_lint.report import json_report, text
from contract_lint.run import Request, run
from contract_lint.sources.magics import CODE_MAGICS, read_cell
from contract_lint.sources.notebook import Notebook, read_notebook
from contract_lint.sources.read import Source, decode

#: A cell, and the Python that is left of it.
CELLS = {
    "plain": ("x = 1\n", "x = 1\n"),
    "empty": ("", ""),
    "line magic": ("%matplotlib inline\nx = 1", "pass\nx = 1"),
    "shell": ("!pip install x\n!!ls", "pass\npass"),
    "shell with a quote": ("!echo \"it's (\nx = 1", "pass\nx = 1"),
    "continued": ("!pip install \\\n  a \\\n  b\nx = 1", "pass\n\n\nx = 1"),
    "continued to the end": ("!ls \\", "pass"),
    "help": ("?x\nx?\nx.y??\nx[0]?\n%time?", "pass\npass\npass\npass\npass"),
    "help over lines": ("f(1,\n  2).x?", "pass\n"),
    "no help": ("x = 1  # why?", "x = 1  # why?"),
    "help in vain": ("f()?", "f()?"),
    "in a block": ("if x:\n    !ls\nelse:\n\t%cd ..", "if x:\n    pass\nelse:\n\tpass"),
    "assigned": ("files = !ls *.py", "files = get_ipython()"),
    "assigned magic": ("a, b = %who  # x?", "a, b = get_ipython()"),
    "assigned, continued": ("x = !ls \\\n  -l\ny = 1", "x = get_ipython()\n\ny = 1"),
    "assigned on the next line": ("x = \\\n  !ls", "x = \\\n  get_ipython()"),
    "assigned after a colon": ("for a in b: c = !ls", "for a in b: c = get_ipython()"),
    "help on what is assigned": ("x = %time?", "pass"),
    "modulo": ("x = 7 \\\n  % y\nx %= 2\nz = (a\n  % b)", "x = 7 \\\n  % y\nx %= 2\nz = (a\n  % b)"),
    "equal": ("a == b\nf(c=1)\nd != e", "a == b\nf(c=1)\nd != e"),
    "in a string": ('s = """\n%x\n!y\n?z\n"""\n%x', 's = """\n%x\n!y\n?z\n"""\npass'),
    "after escapes": ("s = 'it\\'s'\nt = '''a\\'''\n!b'''\n!ls", "s = 'it\\'s'\nt = '''a\\'''\n!b'''\npass"),
    "in brackets": ("x = [\n  1,\n]\n%x", "x = [\n  1,\n]\npass"),
    "quoting": (",f a\n;g b\n/h c", "pass\npass\npass"),
    "semicolon": ("plot(x);", "plot(x);"),
    "await": ("await f()", "await f()"),
    "time": ("%time x = f()\n%time\n%time x = (", "x = f()\npass\npass"),
    "time in a block": ("if a:\n    %time x = f()", "if a:\n    x = f()"),
    "timed cell": ("%%time\nx = 1\n!ls", "\nx = 1\npass"),
    "captured timed cell": ("%%capture out\n%%time\nx = 1", "\n\nx = 1"),
    "cell magic after blanks": ("\n\n  %%bash\n  ls", "\n\n\n"),
    "other language": ("%%html\n<b>x</b>", "\n"),
    "unknown cell magic": ("%%sql db\nselect 1", "\n"),
    "cell magic too late": ("x = 1\n%%time", "x = 1\npass"),
    "indented": ("  x = 1\n\n  if x:\n      y = 2", "x = 1\n\nif x:\n    y = 2"),
    "indented, a tab": ("\tx = 1\n\ty = 2", "x = 1\ny = 2"),
    "not indented alike": ("  x = 1\ny = 2", "  x = 1\ny = 2"),
    "prompts": (">>> x = 1\n>>> if x:\n...     y = 2", "x = 1\nif x:\n    y = 2"),
    "numbered prompts": ("In [1]: if x:\n   ...:     y = 2", "if x:\n    y = 2"),
    "prompts in a docstring": ('def f():\n    """\n    >>> f()\n    """', 'def f():\n    """\n    >>> f()\n    """'),
}

#: Pieces of cells that generated cells are put together from.
PIECES = [
    "x = 1", "%matplotlib inline", "!pip install 'x", "y = !ls -l \"", "z = %env A", "a.b?", "?a", "if x:\n    y = 2\n    !ls\n    w = !ls",
    's = """\n%no\n!no\nno?\n"""', "t = '''\n  %no'''", "f(a,\n  % b)", "c = d % e", "!a \\\n  b \\\n  c", "k = !a \\\n  b", "# why?", "",
    "def g(x=1):\n    %timeit x\n    return x", "u = {'a': [1, (2)]}", "v = 'it\\'s' + \"a#b\"", "h = 1 # !x", "l = x \\\n  + 1", "%%time",
    "class A:\n    x = %env B\n    def m(self): return 1", "await q", "plot();", "e = x == y", "print(f'{x!r} {y}')", "%time r = f(1)",
    "for i in x: o = !ls", "/f x", "A.m?", "n: int = !ls", "x[1]?", "!", "%", "?", "'''", "(", ")", "é = 'ü€'",
]  # fmt: skip


def python(cell: str) -> str:
    return "\n".join(line.text for line in read_cell(cell.split("\n")).lines)


def is_python(code: str | None) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(code if code is not None else "(")
    except (SyntaxError, ValueError):
        return False
    return True


def transformed(cell: str) -> str | None:
    """What IPython makes of a cell; None where it raises. What it runs of ``%%time`` and ``%time`` counts as their code."""
    first, _, rest = cell.lstrip().partition("\n")
    if first.startswith("%%") and first[2:].partition(" ")[0] in CODE_MAGICS and not first.endswith("?"):
        return transformed(rest)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return TransformerManager().transform_cell(cell)
    except SyntaxError:
        return None


class _Plain(ast.NodeTransformer):
    """Both sides of the comparison in one form: a magic is ``pass``, its value ``get_ipython()``, and ``%time x`` is ``x``."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        call = node.value
        if ast.unparse(call).startswith("get_ipython().run_line_magic('time', "):
            body = ast.parse(ast.literal_eval(call.args[1])).body if is_python(ast.literal_eval(call.args[1])) else []  # type: ignore[attr-defined]
            return body[0] if body else ast.Pass()
        return ast.Pass() if ast.unparse(call).startswith("get_ipython()") else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        return ast.parse("get_ipython()").body[0].value if ast.unparse(node).startswith("get_ipython()") else self.generic_visit(node)  # type: ignore[attr-defined]


def statements(code: str) -> str:
    """The statements of a text less the positions; ``pass`` at module level is nothing."""
    tree = _Plain().visit(ast.parse(code))
    tree.body = [node for node in tree.body if not isinstance(node, ast.Pass)]
    return ast.dump(tree)


def document(*cells: object, **metadata: object) -> dict[str, object]:
    return {"nbformat": 4, "nbformat_minor": 4, "metadata": metadata, "cells": list(cells)}


def code_cell(source: object) -> dict[str, object]:
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": source}


def markdown(source: str) -> dict[str, object]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def notebook(value: object, path: str = "a/n.ipynb") -> Notebook:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return read_notebook(Source(path, decode(data, path), ""))


@pytest.mark.parametrize("name", CELLS)
def test_a_cell(name: str) -> None:
    cell, expected = CELLS[name]
    assert python(cell) == expected


@pytest.mark.parametrize("name", sorted(CELLS.keys() - {"quoting", "prompts in a docstring", "other language", "unknown cell magic"}))
def test_ipython_agrees(name: str) -> None:
    agree(CELLS[name][0])


@given(st.lists(st.sampled_from(PIECES), max_size=7), st.sampled_from(["", "  ", "\t", "%%capture\n", "%%time\n"]))
def test_ipython_agrees_on_cells_of_pieces(pieces: list[str], before: str) -> None:
    cell = "\n".join(pieces)
    agree(before + cell if before.endswith("\n") else "\n".join(line and before + line for line in cell.split("\n")))


def agree(cell: str) -> None:
    ours, theirs = python(cell), transformed(cell)
    if theirs is not None and "run_cell_magic" in theirs:
        theirs = ""
    assert is_python(ours) == is_python(theirs), theirs
    if theirs is not None and is_python(theirs) and "/f x" not in cell:  # `/f x` is code to IPython
        assert statements(ours) == statements(theirs)


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(st.sampled_from("ax =!%?;/'\"\\#([)]\n\t >.é"), max_size=30)), max_size=6))
def test_lines_are_kept_and_every_column_is_that_of_the_cell(pieces: list[str]) -> None:
    lines = "\n".join(pieces).split("\n")
    read = read_cell(lines)
    assert len(read.lines) == len(lines)
    for line, cell in zip(read.lines, lines, strict=True):
        body = line.text.lstrip()
        indent = len(line.text) - len(body)
        kept = body.removesuffix("pass") if body == "pass" else body.partition("get_ipython()")[0]
        assert cell[indent + line.shift :].startswith(kept), (line, cell)


@given(st.lists(st.tuples(st.booleans(), st.lists(st.sampled_from(["x = 1", "  y", "", "!ls", "%%bash", "é"]), max_size=4)), max_size=6))
def test_every_line_of_a_notebook_knows_its_cell(cells: list[tuple[bool, list[str]]]) -> None:
    made = [(code_cell if is_code else markdown)("\n".join(lines)) for is_code, lines in cells]
    read = notebook(document(*made))
    whole = read.code()
    assert [cell.number for cell in read.cells] == [number for number, (is_code, _) in enumerate(cells, start=1) if is_code]
    expected = [(cell.number, line) for cell in read.cells for line in range(1, len(cell.lines) + 1)]
    assert [(place.cell, place.line) for place in whole.places] == expected
    assert whole.text.split("\n") == [line for cell in read.cells for line in cell.code.text.split("\n")] or not read.cells
    broken = read.code({cell.number for cell in read.cells})
    assert broken.places == whole.places and not broken.text.strip()
    assert broken.text.count("\n") == whole.text.count("\n")


def test_places_are_those_of_the_cell() -> None:
    read = notebook(document(markdown("# Title"), code_cell(["a = 1\n", "b = 2"]), code_cell("    c = 3\n    d = 4")))
    assert read.code().text == "a = 1\nb = 2\nc = 3\nd = 4"
    assert read.code().located(Span("a/n.ipynb", 4, 1, 4, 2)) == Span("a/n.ipynb", 2, 5, 2, 6, cell=3)
    assert read.lines(3) == ("    c = 3", "    d = 4")
    assert read.lines(1) == ()


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("a\nb", ("a", "b")),
        (["a\n", "b"], ("a", "b")),
        (["a\r\n", "b\r"], ("a", "b", "")),
        ("", ("",)),
        ([], ("",)),
        (None, ("",)),
        ([1, "a"], ("a",)),
    ],
)
def test_sources_are_texts_or_lists(source: object, lines: tuple[str, ...]) -> None:
    assert notebook(document(code_cell(source))).lines(1) == lines


def test_odd_notebooks_are_read() -> None:
    no_source = {"cell_type": "code"}
    assert notebook(document(no_source, 1, code_cell("x"))).lines(3) == ("x",)
    assert notebook(b'\xef\xbb\xbf{"cells": []}').cells == ()
    assert notebook(b'{"cells": [1], "cells": [{"cell_type": "code", "source": "last"}]}').lines(1) == ("last",)
    assert notebook(b'{"cells": [{"cell_type": "code", "source": "a = \'\\ud83d\\ude00\'"}]}').lines(1) == ("a = '😀'",)


def test_the_third_format_keeps_cells_in_worksheets() -> None:
    cells = [
        {"cell_type": "code", "language": "python", "input": ["a = 1\n", "b"]},
        {"cell_type": "code", "language": "r", "input": "x <- 1"},
    ]
    read = notebook({"nbformat": 3, "worksheets": [{"cells": cells}, {"cells": [{"cell_type": "code", "input": "c"}]}, 1]})
    assert [(cell.number, cell.code.text) for cell in read.cells] == [(1, "a = 1\nb"), (3, "c")]


@pytest.mark.parametrize(
    ("metadata", "read"),
    [
        ({}, True),
        ({"kernelspec": {"name": "python3"}}, True),
        ({"kernelspec": {"language": "python"}, "language_info": {"name": "R"}}, True),
        ({"kernelspec": {"language": ""}, "language_info": {"name": "pyspark"}}, True),
        ({"language_info": {"name": "Python_Glue_Session"}}, True),
        ({"language_info": {"name": "R"}}, False),
        ({"kernelspec": {"language": "scala"}}, False),
        ({"kernelspec": [], "language_info": None}, True),
    ],
)
def test_other_languages_are_no_code(metadata: dict[str, object], read: bool) -> None:
    assert bool(notebook(document(code_cell("x"), **metadata)).cells) is read


@pytest.mark.parametrize(
    ("data", "place", "message"),
    [
        (b'{"cells": [\n<<<<<<< HEAD\n', (2, 1), "not valid JSON: Expecting value"),
        (b"", (1, 1), "not valid JSON: Expecting value"),
        (b"[]", (1, 1), "not a notebook: it is no JSON object"),
        (b"{}", (1, 1), "not a notebook: it has no list of cells"),
        (b'{"cells": {}, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}', (1, 1), "not a notebook: it has no list of cells"),
        (b'{"cells": ["\xff"]}', (1, 13), "not valid utf-8 text"),
        (b"[" * 100_000, (1, 1), "nested too deeply to be read"),
    ],
)
def test_what_is_no_notebook(data: bytes, place: tuple[int, int], message: str) -> None:
    with pytest.raises(SourceError) as caught:
        notebook(data)
    assert (caught.value.rule, caught.value.message) == ("CL002", message)
    assert (caught.value.span.line, caught.value.span.column) == place
    with pytest.raises(Exception):
        nbformat.validate(nbformat.reads(data.decode("utf-8"), as_version=4))


@given(st.lists(st.tuples(st.sampled_from([nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell]), st.text()), max_size=5))
def test_what_nbformat_writes_is_read(cells: list[tuple[object, str]]) -> None:
    made = nbformat.v4.new_notebook(cells=[new(text) for new, text in cells])  # type: ignore[operator]
    nbformat.validate(made)
    read = notebook(nbformat.writes(made).encode("utf-8", "surrogatepass"))
    expected = [text.replace("\r\n", "\n").replace("\r", "\n") for new, text in cells if new is nbformat.v4.new_code_cell]
    assert ["\n".join(cell.lines) for cell in read.cells] == expected


@pytest.mark.parametrize(
    "cell", ["%%time\n" * 20_000, "%time x = " + "(" * 100_000, '"""' + "a" * 1_000_000 + "\\", "x = (\n" * 50_000, "x = !ls \\\n" * 50_000]
)
def test_odd_cells_keep_their_lines(cell: str) -> None:
    lines = cell.split("\n")
    assert len(read_cell(lines).lines) == len(lines)


def test_large_outputs_are_passed_over() -> None:
    outputs = [{"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBOR" * 4_000_000}}]
    data = json.dumps(document({**code_cell("x = 1"), "outputs": outputs})).encode()
    assert notebook(data).lines(1) == ("x = 1",)


WRITING = {
    "one": (["%%writefile m.py\nx = 1\n%y"], {"a/m.py": "x = 1\n%y"}),
    "other spelling": (["%%file 'm.py'\nx"], {"a/m.py": "x"}),
    "in a folder": (["%%writefile ./src/m.py\nx"], {"a/src/m.py": "x"}),
    "in a folder above": (["%%writefile ../src/m.py\nx"], {"src/m.py": "x"}),
    "twice": (["%%writefile m.py\nx", "%%writefile m.py\ny"], {"a/m.py": "y"}),
    "appended": (["%%writefile m.py\nx", "%%writefile -a m.py\ny", "%%writefile m.py --append\nz"], {"a/m.py": "x\ny\nz"}),
    "indented": (["  %%writefile m.py\n  x"], {"a/m.py": "x"}),
    "indented alone": ([" %%writefile m.py\n\nx"], {"a/m.py": "\nx"}),
    "no Python": (["%%writefile m.txt\nx", "%%writefile Dockerfile\nx"], {}),
    "outside": (["%%writefile ../../m.py\nx", "%%writefile /tmp/n.py\ny"], {"a/m.py": "x", "a/n.py": "y"}),
    "at home": (["%%writefile ~/m.py\nx"], {"a/m.py": "x"}),
    "in folders of variables": (["%%writefile {name}/m.py\nx", "%%writefile $here/src/n.py\ny"], {"a/m.py": "x", "a/src/n.py": "y"}),
    "not known": (["%%writefile $x.py\nx", "%%writefile {x}.py\nx", "%%writefile\nx", "%%writefile 'm.py\nx"], {}),
}  # fmt: skip


@pytest.mark.parametrize("name", WRITING)
def test_modules_that_cells_write(name: str) -> None:
    cells, expected = WRITING[name]
    read = notebook(document(*map(code_cell, cells)))
    assert {path: code.text for path, code in read.written.items()} == expected
    assert not read.code().text.strip()
    for path, code in read.written.items():
        assert code.path == f"a/n.ipynb/{path}"
        for number, line in enumerate(code.text.split("\n"), start=1):
            place = code.located(Span(code.path, number, 1, number, 2))
            assert place.cell is not None and read.lines(place.cell)[place.line - 1][place.column - 1 :] == line


# --- whole runs ---

BUILDER = dedent("""\
    class TrainingStepBuilder(StepBuilderBase):
        def get_input_requirements(self):
            return {"input_path": "S3 prefix"}

        def get_output_properties(self):
            return {"metrics": "the final metrics"}

        def create_step(self, **kwargs):
            return TrainingStep(name="Training", step_args=self.estimator.fit(inputs=kwargs["inputs"]))
    """)
IMPORTS = "from sagemaker.workflow.steps import TrainingStep\nfrom steps_framework import StepBuilderBase\n"
WRONG = 'StepBuilderBase.register_property_path("TrainingStep", "metrics", "properties.TrainingMetrics")'
#: A module with one finding.
MODULE = f"{IMPORTS}{BUILDER}{WRONG}\n"


def checked(root: Path, files: dict[str, object], *named: str) -> tuple[Finding, ...]:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return run(Request(paths=tuple(root / name for name in named), root=root, isolated=True, cwd=root)).report.findings


def told(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{finding.span} {finding.rule}" for finding in findings]


def test_findings_carry_cell_and_line(tmp_path: Path) -> None:
    cells = [
        markdown("# Train"),
        code_cell("!pip install steps\n" + IMPORTS),
        code_cell("    " + WRONG.replace("\n", "\n    ")),
        code_cell("def f(:"),
        code_cell(BUILDER),
        code_cell("class ScoreStepBuilder(StepBuilderBase):\n    def get_output_properties(self):\n        return outputs_of(self)"),
    ]
    (tmp_path / "n.ipynb").write_text(json.dumps(document(*cells)), encoding="utf-8")
    report = run(Request(root=tmp_path, isolated=True, cwd=tmp_path)).report
    assert told(report.findings) == ["n.ipynb:cell 3:1:83 CL201", "n.ipynb:cell 4:1:7 CL001"]

    shown = text.render(report)
    assert "n.ipynb:cell 3:1:83: error[CL201]" in shown
    assert f"1 |     {WRONG}" in shown
    assert "n.ipynb:cell 5:1:7: note: declared here: TrainingStepBuilder" in shown
    assert "n.ipynb:cell 4:1:7: error[CL001]" in shown and "1 | def f(:" in shown
    assert "nothing in this cell was checked" in shown

    row = json_report.document(report)["findings"][0]
    assert (row["path"], row["cell"], row["line"], row["column"], row["end_line"]) == ("n.ipynb", 3, 1, 83, 1)
    assert row["source"] == f"    {WRONG}"
    assert [place["cell"] for place in row["related"]] == [5, 5]
    unknowns = json_report.document(report)["unknowns"]
    assert unknowns and all(unknown["cell"] is not None for unknown in unknowns)


def test_each_broken_cell_is_a_finding(tmp_path: Path) -> None:
    cells = ["x = (", IMPORTS, "x = )", "'''", BUILDER + WRONG, "'''", "\ud800"]
    assert told(checked(tmp_path, {"n.ipynb": document(*map(code_cell, cells))})) == [
        "n.ipynb:cell 1:1:5 CL001",
        "n.ipynb:cell 3:1:5 CL001",
        "n.ipynb:cell 4:1:1 CL001",
        "n.ipynb:cell 5:10:79 CL201",
        "n.ipynb:cell 6:1:1 CL001",
        "n.ipynb:cell 7:1:1 CL002",
    ]


def test_a_notebook_is_parsed_where_a_module_would_be(tmp_path: Path) -> None:
    broken = {"n.ipynb": document(code_cell("x = (")), "b.py": MODULE}
    assert told(checked(tmp_path, broken)) == ["b.py:12:79 CL201"]
    assert told(checked(tmp_path, broken, "n.ipynb")) == ["n.ipynb:cell 1:1:5 CL001"]
    assert told(checked(tmp_path, {"n.ipynb": "{"}, "n.ipynb")) == ["n.ipynb:1:2 CL002"]
    other = document(code_cell("x <- get_output_properties("), kernelspec={"language": "R"})
    assert told(checked(tmp_path, {"n.ipynb": other}, "n.ipynb")) == []


def test_checkpoints_are_left_out(tmp_path: Path) -> None:
    broken = document(code_cell("get_output_properties = ("))
    assert told(checked(tmp_path, {".ipynb_checkpoints/n-checkpoint.ipynb": broken, "b.py": MODULE})) == ["b.py:12:79 CL201"]


def test_a_notebook_imports_what_it_writes(tmp_path: Path) -> None:
    cells = [
        code_cell(f"%%writefile src/builder.py\n{IMPORTS}{BUILDER}"),
        code_cell("%%writefile src/__init__.py\n"),
        code_cell(f"from src.builder import TrainingStepBuilder, StepBuilderBase\n{WRONG}"),
        code_cell("from src.builder import Missing"),
        code_cell("from src import builder, other"),
    ]
    found = checked(tmp_path, {"a/n.ipynb": document(*cells), "a/other.ipynb": document(*cells[2:])})
    assert told(found) == [
        "a/n.ipynb:cell 3:2:79 CL201",
        "a/n.ipynb:cell 4:1:25 CL009",
        "a/n.ipynb:cell 5:1:26 CL009",
        "a/other.ipynb:cell 1:2:79 CL201",
    ]
    assert str(found[0].related[0].span) == "a/n.ipynb:cell 1:4:7"


def test_a_file_of_the_project_counts_before_what_a_notebook_writes(tmp_path: Path) -> None:
    cells = [code_cell(f"%%writefile builder.py\n{IMPORTS}{BUILDER}"), code_cell("from builder import Other")]
    assert told(checked(tmp_path, {"n.ipynb": document(*cells), "builder.py": MODULE + "Other = 1\n"})) == ["builder.py:12:79 CL201"]


def test_a_module_that_a_cell_writes_may_have_neighbours_that_no_cell_writes(tmp_path: Path) -> None:
    cells = [
        code_cell("%%writefile {here}/builder.py\nfrom .flow import Flow\nfrom .names import Missing\n" + IMPORTS + BUILDER + WRONG),
        code_cell("%%writefile {here}/names.py\nPRESENT = 1\n"),
    ]
    assert told(checked(tmp_path, {"pipe/__init__.py": "", "pipe/n.ipynb": document(*cells)})) == [
        "pipe/n.ipynb:cell 1:3:20 CL009",
        "pipe/n.ipynb:cell 1:15:79 CL201",
    ]


def test_a_notebook_is_no_module_and_runs_as_a_script(tmp_path: Path) -> None:
    cells = [code_cell(IMPORTS), code_cell(BUILDER), code_cell(f'if __name__ == "__main__":\n    {WRONG}')]
    files = {"n.ipynb": document(*cells), "user.py": "import n\nfrom n import create_step\n"}
    assert told(checked(tmp_path, files)) == ["n.ipynb:cell 3:2:83 CL201"]


def test_comments_of_a_cell_declare(tmp_path: Path) -> None:
    declared = BUILDER.replace(
        '{"input_path": "S3 prefix"}', '{\n            "input_path": "S3 prefix",  # contract-lint: type=Name<model>\n        }'
    )
    cells = [code_cell(IMPORTS), code_cell("x = 1\n" * 3), code_cell(declared)]
    (tmp_path / "n.ipynb").write_text(json.dumps(document(*cells)), encoding="utf-8")
    contract = run(Request(root=tmp_path, isolated=True, cwd=tmp_path)).report.project.contracts[0]
    port = next(port for port in contract.ports if port.name == "input_path")
    assert (contract.module, str(port.origin)) == ("n.ipynb", "n.ipynb:cell 3:4:13")
    declaration = next(evidence for evidence in port.typing.evidence if "declared as" in evidence.says)
    assert str(declaration.span) == "n.ipynb:cell 3:4:41"


SCRIPTED = """\
from sagemaker.sklearn import SKLearnProcessor
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class PreprocessingStepBuilder(StepBuilderBase):
    def create_step(self, inputs, outputs):
        processor = SKLearnProcessor(framework_version="1.2-1", role=self.role, env={"TARGET_COLUMN": "churned"})
        return ProcessingStep(name="Preprocessing", processor=processor, code="scripts/preprocess.py")
"""
SCRIPT = 'import os\n\nLABEL_FIELD = os.environ["LABEL_FIELD"]\n'


def test_a_step_runs_the_script_that_its_own_notebook_writes(tmp_path: Path) -> None:
    writing, other = code_cell(f"%%writefile scripts/preprocess.py\n{SCRIPT}"), code_cell("%%writefile scripts/preprocess.py\nx = 1")
    found = checked(tmp_path, {"n.ipynb": document(writing, code_cell(SCRIPTED)), "other.ipynb": document(other, code_cell(SCRIPTED))})
    demanded = [one for one in found if one.rule == "CL603"]
    assert told(tuple(demanded)) == ["n.ipynb:cell 2:8:85 CL603"]
    assert "n.ipynb:cell 1:4:15" in {str(place.span) for place in demanded[0].related}
