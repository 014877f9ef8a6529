"""Dicts map each key to a value and a presence, must or may, plus open; branches join by key."""

from __future__ import annotations

import pytest
from evaluated import result


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # presence
        ("return {'a': 1}", "{'a': 1}"),
        ("d = {'a': 1}\nif unknown: d['b'] = 2\nreturn d", "{'a': 1, 'b'?: 2}"),
        ("d = {}\nif unknown: d['a'] = 1\nelse: d['a'] = 2\nreturn d", "{'a': 1 or 2}"),
        ("d = {'a': 1}\nif unknown: d.pop('a')\nreturn d", "{'a'?: 1}"),
        ("d = {}\nif unknown: d['a'] = 1\nd['a'] = 2\nreturn d", "{'a': 2}"),
        ("d = {}\nif unknown: d['a'] = 1\nreturn d.get('a', 'none')", "1 or 'none'"),
        ("d = {}\nif unknown: d['a'] = 1\nreturn 'a' in d", "unknown(maybe-present)"),
        ("return 'b' in {'a': 1}", "False"),
        # open: escape to an unknown callee, unknown keys, unknown mappings
        ("d = {'a': 1}\noutside.change(d)\nreturn d", "{'a'?: 1 or unknown(passed-outside), …passed-outside}"),
        ("d = {'a': 1}\noutside.change([{'x': d}])\nreturn d", "{'a'?: 1 or unknown(passed-outside), …passed-outside}"),
        ("d = {'a': 1}\noutside.Keep(d)\nreturn d", "{'a': 1}"),  # a class keeps what it is given
        ("d = {'a': 1}\nd[unknown] = 2\nreturn d", "{'a': 1 or 2, …parameter}"),
        ("d = {'a': 1}\ndel d[unknown]\nreturn d", "{'a'?: 1}"),
        ("return {**unknown, 'b': 2}", "{'b': 2, …parameter}"),
        ("return {'b': 2, **unknown}", "{'b': 2 or unknown(parameter), …parameter}"),
        ("d = dict(unknown)\nreturn 'x' in d", "unknown(parameter)"),
        # building
        ("return {k: v for k, v in {'a': 'x', 'b': 'y'}.items() if v != 'x'}", "{'b': 'y'}"),
        ("return {v: k for k, v in ({'a': 'x'} or {}).items()}", "{'x': 'a'}"),
        ("return {k: 1 for k in unknown}", "{…parameter}"),
        ("return {k: 1 for k in ['a', 'b'] if unknown}", "{'a'?: 1, 'b'?: 1}"),
        ("return {'a': 1} | {'a': 2, 'b': 3}", "{'a': 2, 'b': 3}"),
        ("d = {'a': 1}\nd |= {'b': 2}\nd.update(c=3)\nd.update([('d', 4)])\nreturn d", "{'a': 1, 'b': 2, 'c': 3, 'd': 4}"),
        ("d = {'a': 1}\nd.setdefault('a', 2)\nd.setdefault('b', 3)\nreturn d", "{'a': 1, 'b': 3}"),
        ("return dict(zip(['a', 'b'], [1, 2]), c=3)", "{'a': 1, 'b': 2, 'c': 3}"),
        ("return dict.fromkeys(['a', 'b'], 0)", "{'a': 0, 'b': 0}"),
        ("return {1: 'int', True: 'bool'}", "{1: 'bool'}"),  # the first of two equal keys stays
        # order
        ("d = {'b': 1, 'a': 2}\nreturn next(iter(d), 'none')", "'b'"),
        ("d = {}\nif unknown: d['x'] = 0\nd['y'] = 1\nreturn next(iter(d))", "'x' or 'y'"),
        ("d = {}\nif unknown: d['a'] = 0\nd['b'] = 1\nd['a'] = 2\nreturn next(iter(d))", "'a' or 'b'"),
        ("if unknown: d = {'a': 1, 'b': 2}\nelse: d = {'b': 2, 'a': 1}\nreturn next(iter(d))", "'a' or 'b'"),
        ("d = dict(unknown)\nd['a'] = 1\nreturn next(iter(d))", "'a' or unknown(parameter)"),
        ("d = {'a': 1}\nkeys = d.keys()\nd['b'] = 2\nreturn list(keys)", "['a', 'b']"),  # a view shows the dict as it is
        # sets
        ("return {'a', 'b'} & {'b', 'c'}", "{'b'}"),
        ("return {'a': 1, 'b': 2}.keys() - {'a'}", "{'b'}"),
        ("return all(name in {'a': 1} for name in {'a'})", "True"),
        ("return sorted({'b', 'a'})", "['a', 'b']"),
        ("return list({'b', 'a'})[0]", "'b' or 'a'"),
        # frozensets
        ("a = frozenset({'x'})\nb = a\nb |= {'y'}\nreturn (a, b, type(b) is frozenset)", "({'x'}, {'x', 'y'}, True)"),
        ("a = frozenset('x')\nreturn (isinstance(a, set), hasattr(a, 'add'), a == {'x'}, a is frozenset(a))", "(False, False, True, True)"),
        ("d = {frozenset({'a', 'b'}): 1}\nreturn (frozenset({'b', 'a'}) in d, frozenset('a') in d)", "(True, False)"),
        ("a = frozenset('a')\noutside.change(a)\nreturn (a, a.union('b') - {'a'})", "({'a'}, {'b'})"),
    ],
)
def test_dicts(body: str, expected: str) -> None:
    assert result(body) == expected
