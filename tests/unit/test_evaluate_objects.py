"""What is done to objects of outside classes, and what is read from them."""

from __future__ import annotations

import pytest
from evaluated import Evaluated, brief

from contract_lint.python.journals import JournalAddress
from contract_lint.python.values import DictObj, Part, Ref

GRAPH = "from steps_framework import Graph\n"


def journal(body: str, header: str = GRAPH) -> str:
    """The journal of the graph that ``f`` returns; ``unknown`` is a parameter."""
    lines = "\n".join("    " + line for line in body.strip().splitlines())
    project = Evaluated(
        {"m.py": f"{header}\ndef f(unknown):\n    g = Graph()\n{lines}\n    return g\n"},
        journaled_classes=frozenset({"Graph"}),  # type: ignore[arg-type]
        journaled_methods=frozenset({"add", "link"}),  # type: ignore[arg-type]
    )
    answer = project.answer("m.py", "f")
    assert isinstance(answer.value, Ref), answer.value
    kept = answer.frame.heap.get(JournalAddress(answer.value.address))
    assert isinstance(kept, DictObj)
    entries = [brief(answer, entry.key) + ("" if entry.must else "?") for entry in kept.entries.values()]
    return ", ".join(entries + ([f"…{kept.open.reason}"] if kept.open is not None else []))


OWN = """
class Graph:
    def __init__(self):
        self.nodes = []
    def add(self, name):
        self.nodes.append(name)
    def link(self, a, b):
        self.add(a)
        self.add(b)
    def chain(self, *names):
        for a, b in zip(names, names[1:]):
            self.link(a, b)
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("g.add('a')\ng.link('a', 'b')", "('add', 'a'), ('link', 'a', 'b')"),
        ("if unknown:\n    g.add('a')\ng.add('b')", "('add', 'a')?, ('add', 'b')"),
        ("if unknown:\n    g.add('a')\nelse:\n    g.add('a')", "('add', 'a')"),
        ("for n in ['a', 'b']:\n    g.add(n)", "('add', 'a'), ('add', 'b')"),
        ("for n in unknown:\n    g.add('a')", "('add', 'a')?"),
        ("g.add(unknown)\ng.add('a')", "('add', 'a'), …unknown-arguments"),
        ("g.add(*unknown)", "…parameter"),
        ("g.link('a', b='b')", "('link', 'a', ('b', 'b'))"),
        ("g.other('a')", "…passed-outside"),
        ("g.get('a')", ""),
        ("h = g\nh.add('a')", "('add', 'a')"),
        ("def grow(x):\n    x.add('a')\ngrow(g)", "('add', 'a')"),
        ("try:\n    g.add('a')\n    unknown()\nexcept ValueError:\n    g.add('b')", "('add', 'a')?, ('add', 'b')?"),
    ],
)
def test_a_journal_keeps_what_was_done(body: str, expected: str) -> None:
    assert journal(body) == expected


def test_calls_inside_of_a_watched_method_are_part_of_it() -> None:
    assert journal("g.link('a', 'b')", OWN) == "('link', 'a', 'b')"
    assert journal("g.chain('a', 'b', 'c')", OWN) == "('link', 'a', 'b'), ('link', 'b', 'c')"


def test_a_project_class_with_all_watched_methods_is_watched_whatever_it_is_called() -> None:
    assert journal("g = Net()\ng.link('a', 'b')", OWN.replace("Graph", "Net") + GRAPH) == "('link', 'a', 'b')"


def part(expression: str) -> str:
    made = "def f(unknown):\n    step = ProcessingStep(name='x')\n"
    source = f"from sagemaker.workflow.steps import ProcessingStep\n\n{made}    return {expression}\n"
    answer = Evaluated({"m.py": source}).answer("m.py", "f")
    return answer.value.path if isinstance(answer.value, Part) else brief(answer, answer.value)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("step.properties.ModelArtifacts.S3ModelArtifacts", ".properties.ModelArtifacts.S3ModelArtifacts"),
        ("step.properties.Outputs['train'].S3Uri", ".properties.Outputs['train'].S3Uri"),
        ("step.properties.Outputs[0].S3Uri", ".properties.Outputs[0].S3Uri"),
        ("step.properties.Outputs[unknown].S3Uri", ".properties.Outputs[\0].S3Uri"),
        ("getattr(step, 'properties').ModelName", ".properties.ModelName"),
        ("step.arguments['x']", "unknown(unknown-subscript)"),
    ],
)
def test_what_is_read_of_a_step_is_known_by_its_path(expression: str, expected: str) -> None:
    assert part(expression) == expected


@pytest.mark.parametrize("test", ["type(x) is C", "type(x) == C", "C is not None and type(x) is C"])
def test_an_unknown_value_of_a_certain_type_is_an_instance(test: str) -> None:
    source = f"class C:\n    kind = 'c'\n\ndef f(x):\n    return x.kind if {test} else None\n"
    assert Evaluated({"m.py": source}).call("m.py", "f") == "'c' or None"
