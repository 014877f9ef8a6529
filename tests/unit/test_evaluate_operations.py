"""What is done to objects from outside, as frontends are told of it."""

from __future__ import annotations

import pytest
from evaluated import Evaluated, brief

from contract_lint.python.evaluate import Answer
from contract_lint.python.operations_observed import Operation
from contract_lint.python.values import Const, ForeignAddress, ForeignObj, FunctionValue, Part, Ref, Value

HEADER = """\
import copy, functools, json, logging, os
from functools import partial
from pathlib import Path
from urllib.parse import urlparse
import other
from kit.enums import Names
from kit.flows import Number, Step, job

"""
ASKED = frozenset({"kit."})
KEPT = frozenset({"kit.flows.job"})


def asked(source: str, observed: frozenset[str] = ASKED, names: frozenset[str] = frozenset()) -> tuple[Evaluated, Answer]:
    """A module, and the answer of its function ``f``."""
    options = {"observed_objects": observed, "observed_names": names, "kept_decorators": KEPT}
    project = Evaluated({"m.py": HEADER + source}, **options)  # type: ignore[arg-type]
    return project, project.answer("m.py", "f")


def around(body: str) -> str:
    """``f``, with a parameter ``unknown``, an object ``p`` and a step ``s``."""
    lines = "\n".join("    " + line for line in body.strip().splitlines())
    return f"def f(unknown):\n    p = Number(name='p')\n    s = Step(name='s')\n{lines}\n"


def shown(answer: Answer, value: Value) -> str:
    """An operand: the object by its name, a part of it by its path."""
    if isinstance(value, Part):
        return shown(answer, value.whole) + value.path.replace("\0", "?")
    obj = answer.frame.heap.get(value.address) if isinstance(value, Ref) else None
    if isinstance(obj, ForeignObj):
        return brief(answer, obj.kwargs["name"]).strip("'") if "name" in obj.kwargs else obj.callee.rpartition(".")[2]
    return brief(answer, value)


def place(project: Evaluated, origin: object) -> str:
    assert isinstance(origin, tuple)
    module, (line, column, end_line, end_column) = origin
    lines = project.texts[module.path].splitlines()
    return lines[line - 1][column - 1 : end_column - 1] if line == end_line else lines[line - 1][column - 1 :] + "…"


def line_of(project: Evaluated, answer: Answer, one: Operation) -> str:
    return f"{one.kind} {one.what} {shown(answer, one.operand)}{'' if one.certain else '?'}: {place(project, one.origin)}"


def operations(body: str) -> list[str]:
    """The operations of a body, but for the reads."""
    project, answer = asked(around(body))
    return [line_of(project, answer, one) for one in project.ev.observed.operations if one.kind != "read"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('f"a{p}b"', "text f-string p"),
        ('f"{1:>{p}}"', "text f-string p"),
        ('f"{s.properties.X}"', "text f-string s.properties.X"),
        ('f"{p!r}"', "text f-string!r p"),
        ('f"{p!a}"', "text f-string!a p"),
        ('f"{p!s}"', "text f-string p"),
        ('"%s" % p', "text % p"),
        ('"%s %s" % ("a", p)', "text % p"),
        ('"%(x)s" % {"x": p}', "text % p"),
        ('"{}".format(p)', "text str.format p"),
        ('"{x}".format(x=p)', "text str.format p"),
        ('str.format("{}", p)', "text str.format p"),
        ('"/".join(["a", p])', "text str.join p"),
        ('"/".join(x for x in ("a", p))', "text str.join p"),
        ('"/".join(s.outputs)', "iterate str.join s.outputs"),
        ('"a".replace("a", p)', "text str.replace p"),
        ('"a" + p', "text + p"),
        ('p + "a"', "text + p"),
        ('"a" + unknown + p', "text + p"),
        ("p + 1", "arithmetic + p"),
        ("2 * p", "arithmetic * p"),
        ("unknown / p", "arithmetic / p"),
        ("-p", "arithmetic - p"),
        ("sum([p])", "arithmetic sum p"),
        ('p == "x"', "compare == p"),
        ('"x" != p', "compare != p"),
        ("1 < p <= 3", "compare < p, compare <= p?"),
        ("p is None", "compare is p"),
        ("p in ('a', 'b')", "compare in p"),
        ("p not in unknown", "compare not in p"),
        ("'a' in [p]", "compare in p"),
        ("['a'].index(p)", "compare list.index p"),
        ("sorted([p, 1])", "compare sorted p"),
        ("max(p, 1)", "compare max p"),
        ("'a' in s.properties.Outputs", "contains in s.properties.Outputs"),
        ("not p", "truth not p"),
        ("p or 'a'", "truth or p"),
        ("p and 'a'", "truth and p"),
        ("1 if p else 2", "truth if-else p"),
        ("bool(p)", "truth bool p"),
        ("any([p, 1])", "truth any p"),
        ("all(x for x in [p])", "truth all p"),
        ("[1 for x in 'ab' if p]", "truth if p"),
        ("list(filter(None, [p]))", "truth filter p"),
        ("['a'][p]", "index [] p"),
        ("unknown[p]", "index [] p?"),
        ("s.properties.Outputs[p]", "index [] p"),
        ("'abc'[:p]", "index [:] p"),
        ("range(p)", "index range p"),
        ("{p: 1}", "index dict p"),
        ("{p: 1 for x in 'a'}", "index dict p"),
        ("{p}", "index set p"),
        ("{'a': 1}.get(p)", "index dict.get p"),
        ("[1].pop(p)", "index list.pop p"),
        ("[x for x in p]", "iterate for p"),
        ("list(p)", "iterate list p"),
        ("dict(p)", "iterate dict p"),
        ("zip([1], p)", "iterate zip p"),
        ("enumerate(p)", "iterate enumerate p"),
        ("map(str, p)", "iterate map p"),
        ("max(p)", "iterate max p"),
        ("[*p]", "iterate * p"),
        ("{**p}", "iterate ** p"),
        ("unknown(*p, **s.outputs)", "iterate * p, iterate ** s.outputs"),
        ("[].extend(p)", "iterate list.extend p"),
        ("str(p)", "convert str p"),
        ("int(p)", "convert int p"),
        ("len(p)", "convert len p"),
        ("round(p)", "convert round p"),
        ("print(p)", "convert print p"),
        ("isinstance(p, str)", "convert isinstance p"),
        ("hasattr(p, 'x')", "convert hasattr p"),
        ("open(p)", "convert open p"),
        ("list(map(str, [p]))", "convert str p"),
        ("partial(int, p)()", "convert functools.partial p, convert int p"),
        ("json.dumps(p)", "convert json.dumps p"),
        ("json.dumps({'a': [p]})", "convert json.dumps p"),
        ("os.path.join('a', p)", "convert os.path.join p"),
        ("Path(p)", "convert pathlib.Path p"),
        ("urlparse(p)", "convert urllib.parse.urlparse p"),
        ("logging.getLogger().info(p)", "convert logging.getLogger().info p"),
        ("p.split('/')", "call-method split p"),
        ("p[1:2]", "convert slice p"),
        ("s.properties.X[:2]", "convert slice s.properties.X"),
        ("s.properties.X.to_string()", "call-method to_string s.properties.X"),
    ],
)
def test_an_operation_in_an_expression(expression: str, expected: str) -> None:
    found = operations(f"return {expression}")
    assert ", ".join(one.partition(": ")[0] for one in found) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('return "a" + p + "b"', ['text + p: "a" + p + "b"']),
        ("x = (1, f'{p}')", ["text f-string p: f'{p}'"]),
        ("p += 1", ["arithmetic += p: p += 1"]),
        ("x = ['a']\nx += p", ["iterate += p: x += p"]),
        ("if p:\n    pass", ["truth if p: p"]),
        ("if unknown:\n    pass\nelif p:\n    pass", ["truth elif p?: p"]),
        ("while p:\n    pass", ["truth while p: p"]),
        ("assert p", ["truth assert p: p"]),
        ("if p and unknown:\n    pass", ["truth and p: p and unknown"]),
        ("if unknown and p:\n    pass", ["truth if p?: unknown and p"]),
        ("if not p:\n    pass", ["truth not p: not p"]),
        ("match p:\n    case 'a':\n        pass", ["compare match p: p"]),
        ("for x in s.properties.Outputs:\n    pass", ["iterate for s.properties.Outputs: s.properties.Outputs"]),
        ("a, b = p", ["iterate unpack p: a, b = p"]),
        ("a, *b = p", ["iterate unpack p: a, *b = p"]),
        ("p.x = 1", ["store x p: p.x = 1"]),
        ("s.properties.X['a'] = 1", ["store [] s.properties.X: s.properties.X['a'] = 1"]),
        ("setattr(p, 'x', 1)", ["store x p: setattr(p, 'x', 1)"]),
        ("del p.x", ["store x p: p.x"]),
        ("d = {}\nd[p] = 1", ["index [] p: d[p] = 1"]),
        ("d = {}\nd[p] += 1", ["index [] p: d[p] += 1"]),
        ("d = [p]\nd.append(d)\njson.dumps(d)", ["convert json.dumps p: json.dumps(d)"]),
    ],
)
def test_an_operation_and_its_place(body: str, expected: list[str]) -> None:
    assert operations(body) == expected


def test_the_operand_has_a_place_of_its_own_and_the_others_are_kept() -> None:
    project, answer = asked(around("return ['a', 'b'][p] == 'c'\n"))
    (index,) = project.ev.observed.operations
    assert place(project, index.operand_at) == "p"
    assert [brief(answer, one) for one in index.others] == ["['a', 'b']"]
    assert index.scope == "f"


def reads(body: str) -> list[str]:
    project, answer = asked(around(body))
    return [line_of(project, answer, one) for one in project.ev.observed.operations if one.kind == "read"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return s.a['b'].c", ["read a s.a: s.a", "read [] s.a['b']: s.a['b']", "read c s.a['b'].c: s.a['b'].c"]),
        ("return s[unknown]", ["read [] s[?]: s[unknown]"]),
        ("return getattr(s, 'a')", ["read a s.a: 'a'"]),
        ("return getattr(s, 'a', None)", ["read a s.a?: 'a'"]),
        ("s.a = 1\nreturn s.a", []),
        ("return s.method()", []),
    ],
)
def test_what_is_read(body: str, expected: list[str]) -> None:
    assert reads(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        'x = f"{1}" + "a" % 1',
        "if unknown == 'a' or len([1]):\n    pass",
        "q = other.Thing(name='q')\nx = f'{q}{q.part}'\nfor y in q:\n    pass",
        "x = [p, s.properties.X]\ny = {'a': p}\nz = len(x)\nfor w in x:\n    v = w",
        "x = 'a' if unknown else 'b'\ny = f'{x}'",
        "Step(name='t', inputs=[p], flag=s.properties.X)",
        "def g(a):\n    return a\ng(p)",
        "x = Names.ONE\ny = f'{x}'",
    ],
)
def test_other_values_and_other_uses_are_not_noted(body: str) -> None:
    assert operations(body) == []


def test_nothing_is_noted_unless_objects_are_asked_for() -> None:
    project, _ = asked(around("x = f'{p}'\nif p == s.a:\n    p.x = 1\n"), frozenset())
    assert project.ev.observed.operations == []
    assert project.ev.observed.outside == []


def test_constants_from_outside_are_noted_by_their_names() -> None:
    project, answer = asked("def f():\n    return f'{Names.ONE}'\n", names=frozenset({"kit.enums.Names."}))
    assert [line_of(project, answer, one) for one in project.ev.observed.operations] == [
        "text f-string kit.enums.Names.ONE: f'{Names.ONE}'"
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("q = p if unknown else 'a'\nx = q == 'b'", ["compare == p?"]),
        ("if unknown:\n    str(p)", ["convert str p?"]),
        ("if unknown:\n    raise ValueError\nstr(p)", ["convert str p"]),
        ("for x in unknown:\n    str(p)", ["convert str p?"]),
        ("for x in 'ab':\n    str(p)", ["convert str p"]),
        ("try:\n    str(p)\nexcept TypeError:\n    pass", ["convert str p?"]),
        ("try:\n    x = str(p)\nexcept Exception:\n    x = p", ["convert str p?"]),
        ("try:\n    str(p)\nexcept Exception as error:\n    print(error)", ["convert str p"]),
        ("if isinstance(p, Step):\n    return p\nstr(p)", ["convert isinstance p", "convert str p?"]),
        ("if isinstance(p, Step):\n    raise ValueError\nstr(p)", ["convert isinstance p", "convert str p"]),
        ("if isinstance(unknown, int):\n    return p\nstr(p)", ["convert str p"]),
        ("if unknown == 'a':\n    return p\nstr(p)", ["convert str p"]),
        ("if any(other.fits(x) for x in (1, p)):\n    return p\nstr(p)", ["convert str p?"]),
        ("kind = type(p)\nif kind is Step:\n    return p\nstr(p)", ["convert type p", "convert str p?"]),
        ("for x in (p, p):\n    if other.fits(x):\n        continue\n    str(x)\nint(p)", ["convert str p?", "convert int p"]),
        ("for x in (1, p):\n    if other.fits(x):\n        return x\nint(p)", ["convert int p?"]),
        ("def g(x):\n    if other.fits(x):\n        return x\n    return str(x)\ng(p)\nint(p)", ["convert str p?", "convert int p"]),
        ("match unknown:\n    case 1:\n        return p\nstr(p)", ["convert str p"]),
        ("def g(a):\n    return str(a)\nif unknown:\n    g(p)\ng(p)", ["convert str p"]),
        ("x = unknown and str(p)", ["convert str p?"]),
    ],
)
def test_an_operation_is_certain_where_it_is_done_on_every_path(body: str, expected: list[str]) -> None:
    assert [one.partition(": ")[0] for one in operations(body)] == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return nowhere", ["nowhere"]),
        ("def g():\n    return nowhere\nreturn g()", ["nowhere"]),
        ("x = 1\nreturn [x for y in (1, 2) if y == x]", []),
        ("return later()", []),
        ("if unknown:\n    nowhere", ["nowhere?"]),
        ("try:\n    nowhere\nexcept:\n    pass", ["nowhere?"]),
        ("globals()['nowhere'] = 1\nreturn nowhere", ["nowhere?"]),
        ("exec(unknown)\nreturn nowhere", ["nowhere?"]),
        ("if unknown:\n    x = 1\nreturn x", []),
    ],
)
def test_names_that_nothing_defines(body: str, expected: list[str]) -> None:
    project, _ = asked(around(body) + "\n\ndef later():\n    return 1\n")
    found = [one for one in project.ev.observed.operations if one.kind == "undefined"]
    assert [f"{one.what}{'' if one.certain else '?'}" for one in found] == expected


def test_an_undefined_name_comes_with_the_names_that_there_are() -> None:
    project, _ = asked("TABLE = 1\n\ndef f(given):\n    own = given\n    return owm\n")
    (one,) = [one for one in project.ev.observed.operations if one.kind == "undefined"]
    names = {other.value for other in one.others if isinstance(other, Const)}
    assert {"TABLE", "given", "own", "f", "Step"} <= names
    assert (one.scope, place(project, one.origin)) == ("f", "owm")


def test_operations_come_in_order_and_once() -> None:
    body = "for x in ('a', 'b'):\n    y = f'{p}{x}'\nint(p)\ny = f'{s}'\nz = f'{p}'"
    assert operations(body) == ["text f-string p: f'{p}{x}'", "convert int p: int(p)", "text f-string s: f'{s}'", "text f-string p: f'{p}'"]


def test_functions_that_are_evaluated_for_unknown_parameters_are_noted_too() -> None:
    project, answer = asked("p = Number(name='p')\n\ndef f(unknown, flag):\n    if flag:\n        return f'{p}'\n    return unknown\n")
    assert [line_of(project, answer, one) for one in project.ev.observed.operations] == ["text f-string p?: f'{p}'"]


def test_observations_merge() -> None:
    project, _ = asked(around("return str(p)"))
    with project.ev.observing() as seen:
        project.answer("m.py", "f")
    assert len(seen.operations) == 1
    assert len(project.ev.observed.operations) == 2  # of two objects, made in one place
    assert len(project.ev.observed.outside) == 4


@pytest.mark.parametrize("test", ["p", "s.properties.X", "not p", "p == 'a'", "p > 1", "'a' in p", "p and s"])
def test_what_is_observed_decides_no_branch(test: str) -> None:
    _, answer = asked(around(f"if {test}:\n    return 1\nreturn 2"))
    assert brief(answer, answer.value) == "1 or 2"


def test_texts_and_their_unknown_parts_are_as_they_were() -> None:
    _, answer = asked(around("return f'a{p}b'"))
    assert brief(answer, answer.value) == "text(a*b)"


# --- objects ---


def made(answer: Answer, project: Evaluated) -> list[str]:
    """The observed objects in the order of their addresses, ``?`` after those that are made on some paths only."""
    objects = {**project.ev.root.own, **answer.frame.heap.since(project.ev.root)}
    found = [
        (address, obj)
        for address, obj in objects.items()
        if isinstance(address, ForeignAddress) and isinstance(obj, ForeignObj) and obj.callee.startswith("kit.")
    ]
    return [
        obj.callee.rpartition(".")[2]
        + "("
        + ", ".join(
            [one.name if isinstance(one, FunctionValue) else shown(answer, one) for one in obj.args]
            + [f"{name}={brief(answer, value)}" for name, value in obj.kwargs.items()]
        )
        + ")"
        + ("" if obj.must else "?")
        for _, obj in sorted(found, key=lambda pair: pair[0])
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("@job\ndef a(x):\n    return x\n\ndef f():\n    return a(1)[0]", ["job(a)", "job()(1)"]),
        (
            "@job(name='b', size=2)\ndef a(x):\n    raise ValueError\n\ndef f():\n    return a(1, k=2).x",
            ["job(name='b', size=2)", "job(a, name='b', size=2)", "job()(1, k=2)"],
        ),
        ("def a(x):\n    return x\n\ndef f():\n    return job(a, name='b')(1)", ["job(a, name='b')", "job()(1)"]),
        ("def a(x):\n    return x\n\ndef f():\n    return job(name='b')(a)(1)", ["job(name='b')", "job(a, name='b')", "job()(1)"]),
        ("mine = partial(job, size=1)\n\n@mine\ndef a(x):\n    return x\n\ndef f():\n    return a()", ["job(a, size=1)", "job()()"]),
        (
            "class K:\n    @staticmethod\n    @job\n    def a(x):\n        return x\n\ndef f():\n    return K.a(1)",
            ["job(a)", "job()(1)"],
        ),
    ],
)
def test_a_kept_decorator_makes_an_object_and_calling_it_another(source: str, expected: list[str]) -> None:
    project, answer = asked(source)
    assert made(answer, project) == expected


def test_what_a_decorated_function_returns_is_read_in_parts() -> None:
    _, answer = asked("@job(name='a')\ndef a(x):\n    return x\n\ndef f():\n    r = a(1)\n    return a.x, r[0], r['k'].y, r[0][1]")
    assert shown_items(answer) == ["a.x", "job()[0]", "job()['k'].y", "job()[0][1]"]


def shown_items(answer: Answer) -> list[str]:
    return [shown(answer, one) for one in getattr(answer.value, "items", ())]


def test_a_decorator_that_is_not_kept_makes_the_result_unknown() -> None:
    _, answer = asked("@other.job\ndef a(x):\n    return x\n\ndef f():\n    return a(1)")
    assert brief(answer, answer.value) == "unknown(unknown-decorator)"


@pytest.mark.parametrize("copied", ["copy.copy(s)", "copy.deepcopy(s)", "copy.deepcopy([s])[0]"])
def test_a_copy_is_an_object_of_its_own(copied: str) -> None:
    project, answer = asked(around(f"s.x = [1]\nt = {copied}\nt.name = 'b'\nreturn t.name, s.x, t.x, s.name, t.properties.X"))
    assert [brief(answer, one) for one in answer.value.items[:3]] == ["'b'", "[1]", "[1]"]  # type: ignore[union-attr]
    assert made(answer, project) == ["Number(name='p')", "Step(name='s')", "Step(name='s')"]


def test_a_partial_of_a_class_makes_its_objects() -> None:
    project, answer = asked("def f():\n    make = functools.partial(Step, size=1, name='a')\n    return make(), make(name='b')")
    assert made(answer, project) == ["Step(size=1, name='a')", "Step(size=1, name='b')"]


def test_a_partial_of_a_project_function_is_followed() -> None:
    _, answer = asked("def g(a, b, c=0):\n    return a, b, c\n\ndef f():\n    return partial(g, 1, c=2)(3)")
    assert brief(answer, answer.value) == "(1, 3, 2)"


SUBCLASSES = """
class Mine(Step):
    def __init__(self, name):
        super().__init__(name="my-" + name, size=1)
        self.own = 3

class Plain(Step):
    def helper(self):
        return self.properties.Y

class Either(Step):
    def __init__(self, flag):
        if flag:
            super().__init__(name="a")
        else:
            super().__init__(name="b")
"""


def test_a_subclass_in_the_project_keeps_what_its_outside_base_is_given() -> None:
    project, answer = asked(SUBCLASSES + "\ndef f():\n    m = Mine('a')\n    return m.own, m.properties.X['y'], Plain(name='p').helper()")
    assert made(answer, project) == ["Step(name='my-a', size=1)", "Step(name='p')"]
    assert shown_items(answer) == ["3", "my-a.properties.X['y']", "p.properties.Y"]


def test_an_inherited_method_is_called_on_the_outside_base() -> None:
    project, answer = asked(SUBCLASSES + "\ndef f():\n    Plain(name='p').add(1)")
    assert [line_of(project, answer, one) for one in project.ev.observed.operations] == ["call-method add p: Plain(name='p').add(1)"]


def test_an_outside_base_may_be_made_in_several_ways() -> None:
    project, answer = asked(SUBCLASSES + "\ndef f(flag):\n    return Either(flag).x")
    assert made(answer, project) == ["Step(name='a')?", "Step(name='b')?"]
    assert {shown(answer, one) for one in getattr(answer.value, "values", ())} == {"a.x", "b.x"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Step(name='x')\ny = Step(name='y')\ny = None", "x y"),
        ("if unknown:\n    Step(name='x')\nelse:\n    Step(name='y')\nStep(name='z')", "x? y? z"),
        ("if unknown:\n    return 1\nStep(name='x')", "x?"),
        ("if unknown:\n    raise ValueError\nStep(name='x')", "x"),
        ("for n in ('x', 'y'):\n    Step(name=n)", "x y"),
        ("for n in unknown:\n    Step(name='x')", "x?"),
        ("while unknown:\n    Step(name='x')\n    break", "x?"),
        ("try:\n    Step(name='x')\nexcept ValueError:\n    pass", "x?"),
        ("x = unknown or Step(name='x')", "x?"),
        ("x = [Step(name=n) for n in ('x', 'y') if unknown]", "x? y?"),
        ("def g():\n    if unknown:\n        return Step(name='x')\ng()", "x?"),
        ("Step(name='x').y = 1\nif unknown:\n    Step(name='y')\nStep(name='z')", "x y? z"),
    ],
)
def test_all_objects_are_in_the_heap_in_the_order_in_which_they_are_made(body: str, expected: str) -> None:
    project, answer = asked(around(body))
    found = [one.replace("Step(name='", "").replace("')", "") for one in made(answer, project) if "'s'" not in one and "Number" not in one]
    assert " ".join(found) == expected


def test_what_is_made_on_a_path_that_raises_is_known_though_it_is_not_in_the_heap() -> None:
    project, answer = asked(around("if unknown:\n    Step(name='x')\n    raise ValueError"))
    assert "Step(name='x')" not in " ".join(made(answer, project))
    lost = [one.made for one in project.ev.observed.outside if answer.frame.heap.get(one.object.address) is None]
    assert [brief(answer, one.kwargs["name"]) for one in lost] == ["'x'"]


TRUTHS = [("Step(name='s')", "'yes'"), ("Number(name='p')", "'yes' or 'no'"), ("Step.make()", "'yes' or 'no'")]


@pytest.mark.parametrize(("made", "expected"), TRUTHS)
def test_objects_of_true_classes_are_true(made: str, expected: str) -> None:
    source = f"def f(flag):\n    s = {made}\n    return 'yes' if s else 'no'\n"
    project = Evaluated({"m.py": HEADER + source}, observed_objects=ASKED, true_classes=frozenset({"Step"}))
    answer = project.answer("m.py", "f")
    assert brief(answer, answer.value) == expected
