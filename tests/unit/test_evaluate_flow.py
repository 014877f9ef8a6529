"""Branches, loops, ``try``, calls: what is known after them."""

from __future__ import annotations

import pytest
from evaluated import Evaluated, result

from contract_lint.python.values import Unknown


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("x = 'a' if unknown else 'b'\nreturn x", "'a' or 'b'"),
        ("x = unknown or 'b'\nreturn x", "unknown(parameter) or 'b'"),
        ("x = None\nif unknown: x = {'a': 1}\nreturn x and x['a']", "1 or None"),
        ("x = None\nif unknown: x = {'a': 1}\nif x is None: return 'none'\nreturn x", "'none' or {'a': 1}"),
        ("x = None\nif unknown: x = 'v'\nif not x: x = 'w'\nreturn x", "'w' or 'v'"),
        ("x = 'a' if unknown else 1\nif isinstance(x, str): return x\nreturn 'other'", "'a' or 'other'"),
        ("d = dict(unknown)\nif 'a' in d: return dict(d)\nreturn 'none'", "{'a': unknown(parameter), …parameter} or 'none'"),
        ("d = dict(unknown)\nk = 'a'\nif k in d and d.pop(k): return 'a' in d\nreturn 'none'", "unknown(parameter) or 'none'"),
        ("if (n := len('abc')) > 2: return n\nreturn 0", "3"),
        ("match 'b':\n    case 'a' | 'b': return 1\n    case _: return 2", "1"),
        ("match unknown:\n    case 'a': return 1\n    case other: return other", "1 or unknown(parameter)"),
    ],
)
def test_branches(body: str, expected: str) -> None:
    assert result(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("d = {}\nfor k in ['a', 'b', 'c']:\n    if k == 'c': break\n    d[k] = 1\nreturn d", "{'a': 1, 'b': 1}"),
        ("d = {}\nfor k in ['a', 'b']:\n    if k == 'a': continue\n    d[k] = 1\nelse:\n    d['end'] = 2\nreturn d", "{'b': 1, 'end': 2}"),
        ("d = {}\nfor k in ['a', 'b']:\n    if unknown: break\n    d[k] = 1\nreturn d", "{'a'?: 1, 'b'?: 1}"),
        ("d = {'z': 0}\nfor k in unknown:\n    d[k] = 1\nreturn d", "{'z': 0 or 1, …parameter}"),
        ("d = {}\nfor k in unknown:\n    d['a'] = 1\nreturn d", "{'a'?: 1}"),
        ("n = 0\nfor k in unknown:\n    n += 1\nreturn n", "unknown(loop)"),  # given up, not unrolled
        ("names = []\nfor k in unknown:\n    names.append('a')\nreturn names", "['a'?, …loop]"),
        ("n = 0\nwhile n < 3:\n    n += 1\nreturn n", "3"),
        ("d = {'a': 1, 'b': 2}\nwhile (v := d.pop('a', None)) is not None: last = v\nreturn (last, v, d)", "(1, None, {'b': 2})"),
        ("out = ''\nfor k in {'a', 'b'}: out += k\nreturn out", "'ab' or 'ba'"),  # in any order
        ("names = ['a', 'b']\nfor n in names:\n    if n == 'a': names.append('c')\nreturn names", "['a', 'b', 'c']"),
        ("names = ['a', 'b', 'c']\nfor n in names: names.remove(n)\nreturn names", "['b']"),
        ("it = iter(['a', 'b'])\nfirst = next(it, 'none')\nreturn (first, list(it))", "('a', ['b'])"),
        ("it, out = iter(['a', 'b', 'c']), []\nfor x in it:\n    out.append(x)\n    next(it, None)\nreturn out", "['a', 'c']"),
        ("it = iter(['a', 'b', 'c'])\nfor x in it: break\nreturn list(it)", "['b', 'c']"),
        ("l = ['a']\nit = iter(l)\nl.append('b')\nreturn list(it)", "[…changed-while-read]"),
        ("it = iter(['a'])\nlist(it)\nreturn list(it)", "[…used-iterator]"),
    ],
)
def test_loops(body: str, expected: str) -> None:
    assert result(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("try:\n    x = 1\nexcept Exception:\n    x = 2\nreturn x", "1"),  # nothing in it raises
        ("try:\n    x = outside.get()\n    y = 1\nexcept Exception:\n    y = 2\nreturn y", "1 or 2"),
        ("d = {}\ntry:\n    d['a'] = 1\n    outside.get()\n    d['b'] = 2\nexcept Exception:\n    pass\nreturn d", "{'a'?: 1, 'b'?: 2}"),
        ("try:\n    return {}['missing']\nexcept KeyError:\n    return 'handled'", "'handled'"),
        ("d = {}\ntry:\n    return d\nfinally:\n    d['late'] = 1", "{'late': 1}"),
        (
            "d = {}\nfor k in 'ab':\n    try:\n        if k == 'a': continue\n        break\n    finally: d[k] = 0\nreturn d",
            "{'a': 0, 'b': 0}",
        ),
        ("d = {}\ntry:\n    try: raise ValueError\n    finally: d['x'] = 1\nexcept ValueError: pass\nreturn d", "{'x'?: 1}"),
        ("raise ValueError", "unknown(always-raises)"),
        ("if unknown: raise ValueError\nreturn 1", "1"),
    ],
)  # fmt: skip
def test_try(body: str, expected: str) -> None:
    assert result(body) == expected


def test_a_context_manager_of_the_project_is_left_whichever_way() -> None:
    header = """
        class Note:
            def __init__(self, target): self.target = target
            def __enter__(self): return self.target
            def __exit__(self, *error): self.target['left'] = True
    """
    assert result("d = {}\nwith Note(d) as target:\n    target['in'] = 1\n    return d", header=header) == "{'in': 1, 'left': True}"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("def g(a, b='d', *rest, c, **more): return (a, b, rest, c, more)\nreturn g(1, c=2)", "(1, 'd', (), 2, {})"),
        ("def g(*names, **more): return (names, more)\nreturn g(*['a'], **{'k': 1})", "(('a'), {'k': 1})"),
        ("def g(d): d['a'] = 1\nd = {}\ng(d)\nreturn d", "{'a': 1}"),
        ("x = 'outer'\ndef g():\n    x = 'inner'\n    return x\nreturn (g(), x)", "('inner', 'outer')"),
        ("x = 'outer'\ndef g():\n    nonlocal x\n    x = 'inner'\ng()\nreturn x", "'inner'"),
        ("fs = []\nfor k in ['a', 'b']: fs.append(lambda: k)\nreturn fs[0]()", "'b'"),  # the variable as it is when called
        ("x = 'kept'\n[x for x in ['a']]\nreturn x", "'kept'"),  # a comprehension's variable is its own
        ("def down(n): return 'end' if n == 0 else down(n - 1)\nreturn down(5)", "'end'"),
        ("def forever(n): return forever(n + 1)\nreturn forever(0)", "unknown(recursion)"),
        ("d = {}\ndef forever(n):\n    d['x'] = 1\n    forever(n)\n    del d['x']\nforever(0)\nreturn 'x' in d", "unknown(maybe-present)"),
        ("def each():\n    yield 'a'\nreturn list(each())", "[…generator]"),
    ],
)  # fmt: skip
def test_calls(body: str, expected: str) -> None:
    assert result(body) == expected


def test_a_budget_ends_a_query_and_the_next_has_its_own() -> None:
    files = {"m.py": "def long():\n    return [x for x in range(5000)]\ndef short(): return 1\n"}
    project = Evaluated(files, query_budget=1000)
    assert project.call("m.py", "short") == "1"
    assert project.call("m.py", "long") == "unknown(budget)"
    assert project.call("m.py", "short") == "1"


def test_a_module_that_outruns_its_budget_claims_nothing_that_it_might_have_changed() -> None:
    text = "NAMES = {'a': 1}\ndef f(): return NAMES\nfor i in range(5000): print(i)\nNAMES['b'] = 2\n"
    assert Evaluated({"m.py": text}, module_budget=1000).call("m.py", "f") == "{'a'?: 1 or unknown(budget), …budget} or unknown(budget)"


@pytest.mark.parametrize(
    "body",
    [
        "s = 'ab'\nwhile True: s = s + s",
        "s = 'ab'\nfor i in range(9000): s += s",
        "s = ['a']\nfor i in range(9000): s += s",
        "return 'x' * 10 ** 12",
        "return f'{1:1000000000}'",
        "return '%1000000000d' % 1",
        "return '{:1000000000}'.format(1)",
        "return 2 ** 2 ** 2 ** 2 ** 2 ** 2",
        "return range(10 ** 30)",
        "n = 3\nfor i in range(9000): n = n * n",
        "return 'a'.ljust(10 ** 12)",
        "return 'aaaa'.replace('a', 'b' * 90000).replace('b', 'c' * 90000)",
    ],
)
def test_nothing_grows_without_bound(body: str) -> None:
    assert len(result(body, Unknown("parameter"))) < 200_000


CACHES = """
from functools import cache, cached_property, lru_cache, singledispatchmethod
@lru_cache
def registry(): return {}
@cache
def named(name): return [name]
@lru_cache(maxsize=1)
def last(name): return [name]
class C:
    def __init__(self): self.n = 0
    @cached_property
    def names(self):
        self.n += 1
        return []
    @singledispatchmethod
    def kind(self, value): return 'any'
    @kind.register
    def _(self, value: int): return 'int'
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("registry()['a'] = 1\nreturn registry()", "{'a': 1}"),
        ("named('a').append('b')\nreturn (named('a'), named('c'))", "(['a', 'b'], ['c'])"),
        ("if unknown: named('a').append('b')\nreturn named('a')", "['a'] or ['a', 'b']"),
        ("registry()['a'] = 1\nregistry.cache_clear()\nreturn registry()", "{} or unknown(cleared-cache)"),
        ("return last('a')", "unknown(small-cache)"),
        ("c = C()\nc.names.append('a')\nreturn (c.names, c.n)", "(['a'], 1)"),
        ("c = C()\nc.names = 'set'\nreturn (c.names, c.n)", "('set', 0)"),
        ("return C().kind(1)", "unknown(unknown-decorator)"),
    ],
)
def test_what_is_cached_is_made_once(body: str, expected: str) -> None:
    assert result(body, header=CACHES) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("t = tuple(x for x in ['a'] if unknown)\nreturn (t == ('a',), t == 'a')", "(unknown(unknown-comparison), False)"),
        ("a = [1]\nb = a\nb *= 2\nreturn a", "[1, 1]"),
        ("import copy\nt = ([1],)\nu = copy.deepcopy(t)\nu[0].append(2)\nreturn (t, u)", "(([1]), ([1, 2]))"),
        ("import copy\nd = {'a': [1]}\ne = copy.copy(d)\ne['a'].append(2)\nreturn d", "{'a': [1, 2]}"),
        ("a = [1]\nb = a\nb *= unknown\nreturn a", "[…parameter]"),
    ],
)
def test_lists_and_tuples(body: str, expected: str) -> None:
    assert result(body) == expected


OPERATORS = """
class Chain:
    kept = 'class'
    def __init__(self): self.names = []
    def __rshift__(self, other):
        self.names.append(other)
        return self
    def __rlshift__(self, other): return ('reflected', other)
    def __iadd__(self, other):
        self.names.extend(other)
        return self
    def __delitem__(self, key): self.names.remove(key)
    def __or__(self, other): return NotImplemented
class Frozen:
    mode = 'class'
    def __setattr__(self, name, value): super().__setattr__(name, value)
class Base:
    def __init__(self): self.__name = 'base'
    def base(self): return self.__name
class Sub(Base):
    def __init__(self):
        super().__init__()
        self.__name = 'sub'
    def __own(self): return self.__name
    def sub(self): return self.__own()
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("c = Chain()\nd = c >> 'a' >> 'b'\nreturn (c.names, d is c, 1 << c)", "(['a', 'b'], True, ('reflected', 1))"),
        ("c = d = Chain()\nc += ['a']\nc += ['b']\ndel c['a']\nreturn (d.names, c is d)", "(['b'], True)"),
        ("c = Chain() if unknown else Chain()\nc >> 'a'\nreturn c.names", "['a'?] or ['a'?]"),
        ("return Chain() | 1", "unknown(unknown-operand)"),
        ("c = Chain()\nc.kept = 'own'\ndel c.kept\nreturn (c.kept, hasattr(c, 'kept'))", "('class', True)"),
        ("c = Chain()\nc.x = 1\ndel c.x\nreturn hasattr(c, 'x')", "False"),
        ("c = Chain()\nc.x = 1\nif unknown: delattr(c, 'x')\nreturn hasattr(c, 'x')", "unknown(unknown-attribute)"),
        ("f = Frozen()\nf.mode = 'own'\nreturn (f.mode, Frozen.mode)", "('own', 'class')"),
        ("s = Sub()\nreturn (s.base(), s.sub(), hasattr(s, '_Base__name'))", "('base', 'sub', True)"),
    ],
)  # fmt: skip
def test_operators_and_attributes_of_instances(body: str, expected: str) -> None:
    assert result(body, header=OPERATORS) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("x, y = [1], [1]\nfor _ in range(60):\n    x = [x, x]\n    y = [y, y]\nreturn x == y", "True"),
        ("import copy\nx = [1]\nfor _ in range(60): x = [x, x]\nreturn copy.deepcopy(x) == x", "True"),
        ("d = {}\ntry:\n    for n in range(40): d[n] = n\n    outside.get()\nexcept OSError: pass\nreturn d[0]", "0 or unknown(loop)"),
    ],
)
def test_what_is_shared_costs_no_more(body: str, expected: str) -> None:
    assert result(body) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'s3://{}/a'.format(p)", "text(s3://*/a)"),
        ("'{b}-{0}-{{}}-{1!r}'.format('x', 'y', b=p)", "text(*-x-{}-'y')"),
        ("'{}/{:>3}'.format(p, 'q')", "text(*/  q)"),
        ("'{x[0]}.{y.z}.{w:>{n}}.'.format(x=p, y=p, w='w', n=3)", "text(*.*.*.)"),
        ("'{'.format(p)", "text(*)"),
        ("'s3://%s/a' % p", "text(s3://*/a)"),
        ("'%s/%s/%%' % (p, 'k')", "text(*/k/%)"),
        ("'%s/%s' % p", "text(*/*)"),
        ("'%s/%d' % (p, 3)", "text(*)"),
    ],
)
def test_a_text_keeps_what_is_known_of_it(expression: str, expected: str) -> None:
    assert Evaluated({"m.py": f"def f(p):\n    return {expression}\n"}).call("m.py", "f", Unknown("parameter")) == expected
