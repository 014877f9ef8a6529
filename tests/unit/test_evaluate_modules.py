"""Imports, and what modules do to each other when they are imported."""

from __future__ import annotations

from itertools import permutations

import pytest
from evaluated import Evaluated, brief

from contract_lint.python.values import BoundMethod, Const, DictObj, Ref


def test_a_module_answers_to_every_dotted_suffix_of_its_path() -> None:
    files = {
        "app/src/steps/names.py": "X = 'here'",
        "app/src/steps/a.py": "from steps.names import X",
        "app/b.py": "from src.steps.names import X",
    }
    project = Evaluated(files)
    assert project.value("app/src/steps/a.py", "X") == project.value("app/b.py", "X") == "'here'"


def test_an_import_takes_the_candidate_that_shares_the_longest_prefix() -> None:
    files = {"one/names.py": "X = 1", "two/names.py": "X = 2", "one/a.py": "from names import X", "two/a.py": "from names import X"}
    project = Evaluated(files)
    assert (project.value("one/a.py", "X"), project.value("two/a.py", "X")) == ("1", "2")


def test_ties_are_unknown() -> None:
    files = {"one/names.py": "X = 1", "two/names.py": "X = 2", "a.py": "from names import X"}
    assert Evaluated(files).value("a.py", "X") == "unknown(ambiguous-import)"


def test_configured_roots_override() -> None:
    files = {"one/names.py": "X = 1", "two/names.py": "X = 2", "a.py": "from names import X"}
    assert Evaluated(files, roots=["two"]).value("a.py", "X") == "2"


def test_the_standard_library_is_no_module_of_the_project() -> None:
    files = {"enum.py": "X = 1", "a.py": "import enum\nfrom enum import X"}
    project = Evaluated(files)
    assert (project.value("a.py", "X"), project.value("a.py", "enum")) == ("enum.X", "enum")


def test_names_pass_through_packages() -> None:
    files = {
        "p/__init__.py": "from .names import *\nfrom . import deep as d",
        "p/names.py": "__all__ = ['X']\nX = 1\nY = 2",
        "p/deep.py": "Z = 3",
        "a.py": "from p import X, d\nimport p\nz = d.Z\nhas = p.X",
    }
    project = Evaluated(files)
    assert [project.value("a.py", name) for name in ("X", "z", "has")] == ["1", "3", "1"]
    assert project.value("p/__init__.py", "Y") == "unknown(unbound)"


def test_a_missing_module_or_name_is_reported() -> None:
    project = Evaluated({"p/__init__.py": "", "p/a.py": "from .absent import X\nfrom .b import Y, Z", "p/b.py": "Y = 1"})
    assert [(p.dotted, p.name) for p in project.ev.import_problems] == [("p.absent", None), ("p.b", "Z")]
    assert project.value("p/a.py", "X") == "unknown(missing-module)"


def test_a_missing_module_inside_try_is_no_problem() -> None:
    files = {"p/__init__.py": "", "p/a.py": "try:\n    from .absent import X\nexcept ImportError:\n    from .b import X", "p/b.py": "X = 1"}
    project = Evaluated(files)
    assert (project.value("p/a.py", "X"), project.ev.import_problems) == ("1", [])


@pytest.mark.parametrize("fallback", ["X = 'DATA'", "X = None\n    X = 'DATA'"])
def test_the_literal_of_an_import_fallback_counts(fallback: str) -> None:
    assert Evaluated({"a.py": f"try:\n    from sdk import X\nexcept ImportError:\n    {fallback}"}).value("a.py", "X") == "'DATA'"


def test_import_cycles() -> None:
    files = {
        "p/a.py": "from .b import g\ndef f(): return g()",
        "p/b.py": "from .a import f\nX = 1\ndef g(): return X\ndef back(): return f()",
    }
    for order in permutations(files):
        project = Evaluated(files, order=order)
        assert project.call("p/a.py", "f") == project.call("p/b.py", "back") == "1"


REGISTRY = "REG = {}\ndef register(name, value): REG[name] = value\ndef get(): return REG"


@pytest.mark.parametrize(
    ("writers", "expected"),
    [
        ({"a.py": "from reg import REG\nREG['k'] = 1\nREG['k'] = 2"}, "{'k': 2}"),  # the last wins within one module
        # or along an import
        ({"a.py": "from reg import REG\nREG['k'] = 1", "b.py": "import a\nfrom reg import REG\nREG['k'] = 2"}, "{'k': 2}"),
        ({"a.py": "from reg import REG\nREG['k'] = 1", "b.py": "from reg import REG\nREG['k'] = 2"}, "{'k': 1 or 2}"),
        ({"a.py": "from reg import register\nregister('k', 1)", "b.py": "import reg\nreg.REG.update(k=2)"}, "{'k': 1 or 2}"),
        ({"a.py": "import reg\nreg.REG.update({'k': 1})", "b.py": "import reg\nreg.REG['k'] = 2"}, "{'k': 1 or 2}"),
        (
            {
                "a.py": "from reg import REG\nREG['k'] = 1",
                "b.py": "from reg import REG\nREG['k'] = 2",
                "c.py": "import b\nimport reg\nreg.REG['k'] = 3",
            },
            "{'k': 1 or 3}",
        ),
    ],
)  # fmt: skip
def test_registries_filled_by_several_modules(writers: dict[str, str], expected: str) -> None:
    files = {"reg.py": REGISTRY, **writers}
    for order in permutations(files):
        assert Evaluated(files, order=order).call("reg.py", "get") == expected


def test_a_class_registry_of_subclasses() -> None:
    files = {
        "base.py": (
            "class Base:\n    KINDS = {}\n    def __init_subclass__(cls): cls.KINDS[cls.__name__] = cls.NAME\n"
            "def kinds(): return Base.KINDS"
        ),
        "one.py": "from base import Base\nclass One(Base): NAME = 'one'",
    }
    assert Evaluated(files).call("base.py", "kinds") == "{'One': 'one'}"


def test_what_functions_import_is_loaded_before_any_query() -> None:
    files = {
        "reg.py": REGISTRY,
        "a.py": "def f():\n    import late\n    return late.X",
        "late.py": "from reg import REG\nREG['late'] = 1\nX = 2",
    }
    project = Evaluated(files, order=["reg.py", "a.py"])
    assert project.call("reg.py", "get") == "{'late': 1}"
    assert project.call("a.py", "f") == "2"


def test_answers_depend_on_no_order() -> None:
    files = {
        "reg.py": REGISTRY,
        "a.py": "from reg import REG\nREG['a'] = 1\nREG['k'] = 'a'\ndef change():\n    REG['changed'] = 1\n    return REG",
        "b.py": "from reg import REG\nREG['k'] = 'b'\ndef read(): return REG.get('changed', 'none')",
    }
    expected = {
        ("a.py", "change"): "{'a': 1, 'k': 'a' or 'b', 'changed': 1}",
        ("b.py", "read"): "'none'",
        ("reg.py", "get"): "{'a': 1, 'k': 'a' or 'b'}",
    }
    for order in permutations(files):
        for questions in permutations(expected):
            project = Evaluated(files, order=order)
            found = {question: project.call(*question) for question in questions}
            assert {q: sorted(found[q]) for q in found} == {q: sorted(expected[q]) for q in expected}


def test_an_absent_base_class_leaves_the_rest_known() -> None:
    text = """
        from framework import Base
        class Builder(Base):
            NAMES = {'a': 1}
            def known(self): return self.NAMES
            def inherited(self): return self.something
            def above(self): return super().known()
        def known(): return Builder(1).known()
        def inherited(): return Builder(1).inherited()
        def above(): return Builder(1).above()
    """
    project = Evaluated({"m.py": text})
    assert project.call("m.py", "known") == "{'a': 1}"
    assert project.call("m.py", "inherited") == project.call("m.py", "above") == "unknown(base-class-outside)"


def test_each_value_knows_where_it_was_written() -> None:
    files = {
        "config.py": "class Config:\n    def __init__(self):\n        self.output_names = {'model': 'ModelArtifacts'}",
        "builder.py": (
            "from config import Config\nclass Builder:\n    def __init__(self): self.config = Config()\n"
            "    def outputs(self):\n        return {k: v for k, v in self.config.output_names.items()}\nmethod = Builder().outputs"
        ),
    }
    project = Evaluated(files)
    answer = project.ev.query(
        project.ev.index.by_path("builder.py"), lambda frame: project.ev.call_value(frame, frame.lookup("method"), [], None)
    )
    obj = answer.read(answer.value)
    assert isinstance(obj, DictObj), brief(answer, answer.value)
    entry = next(iter(obj.entries.values()))
    assert isinstance(answer.value, Ref) and isinstance(entry.key, Const) and not isinstance(entry.value, BoundMethod)
    assert project.source(entry.key) == "config.py: 'model'"
    assert project.source(entry.value) == "config.py: 'ModelArtifacts'"


def test_nothing_that_a_module_is_does_happens(tmp_path) -> None:  # type: ignore[no-untyped-def]
    target = tmp_path / "written"
    Evaluated({"m.py": f"open({str(target)!r}, 'w').write('x')\nimport os\nos.mkdir({str(target)!r})\n"})
    assert not target.exists()
