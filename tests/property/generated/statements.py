"""Statements of function bodies."""

from __future__ import annotations

from collections.abc import Callable

from property.generated.choices import Choices
from property.generated.expressions import DICT, FLAG, LIST, MAYBE, NUMBER, SET, TEXT, Expressions, Scope

Lines = list[str]


def indented(lines: Lines) -> Lines:
    return ["    " + line for line in lines]


class Statements:
    """``body(scope, result)`` writes the body of a function that returns a ``result``."""

    def __init__(self, choices: Choices, expressions: Expressions) -> None:
        self.c, self.e = choices, expressions
        self.size = choices.pick([3, 4, 7])
        self._table: list[tuple[int, Callable[[Scope, int, bool], Lines]]] = [
            (5, self._assign), (6, self._change_dict), (3, self._change_list), (4, self._if), (4, self._for), (1, self._while),
            (2, self._try), (1, self._with), (1, self._match), (1, self._nested), (1, self._walrus), (1, self._unpack),
            (1, self._augmented), (1, self._outside), (1, self._iterator), (1, self._early_return), (1, self._alias),
            (1, self._change_self), (1, self._loop_control), (1, self._narrowed), (1, self._view), (1, self._set),
            (1, self._presence), (1, self._late_binding), (1, self._recursion), (1, self._property),
        ]  # fmt: skip

    def body(self, scope: Scope, result: str) -> Lines:
        scope.variables.setdefault("result", result)
        start = {DICT: "{}", LIST: "[]", TEXT: "''"}[result] if self.c.chance(50) else self.e.expression(scope, result)
        lines = [f"result = {start}"]
        lines += self.block(scope, 2, 1 + self.c.below(self.size), False)
        last = "result" if self.c.chance(80) else self.e.expression(scope, result)
        return [*lines, f"return {last}"]

    def block(self, scope: Scope, depth: int, count: int, in_loop: bool) -> Lines:
        lines: Lines = []
        for _ in range(count):
            lines += self.c.weighted(self._table)(scope, depth, in_loop)
        return lines

    def _inner(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        return indented(self.block(scope.child(), depth - 1, 1 + self.c.below(2), in_loop)) if depth > 0 else ["    pass"]

    def _dict_name(self, scope: Scope) -> str:
        return self.c.pick([n for n, k in scope.variables.items() if k == DICT] or ["{}"])

    def _list_name(self, scope: Scope) -> str:
        return self.c.pick([n for n, k in scope.variables.items() if k == LIST] or ["[]"])

    # --- plain statements ---

    def _assign(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        kind = self.c.pick([TEXT, DICT, LIST, DICT, FLAG, NUMBER, MAYBE, SET])
        old = [n for n, k in scope.variables.items() if k == kind]
        name = self.c.pick(old) if old and self.c.chance(30) else self.c.fresh("x")
        line = f"{name} = {self.e.expression(scope, kind)}"
        scope.variables[name] = kind
        return [line]

    def _change_dict(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        d, key, value = self._dict_name(scope), self.e.key(scope), self.e.expression(scope, TEXT)
        other = self.e.expression(scope, DICT)
        if d == "{}":
            return self._assign(scope, depth, in_loop)
        return [self.c.weighted([
            (5, f"{d}[{key}] = {value}"), (2, f"{d}.update({other})"), (1, f"{d}.update(extra={value})"), (1, f"{d}.update([({key}, 'u')])"),
            (1, f"{d} |= {other}"), (1, f"{d} = {d} | {other}"), (1, f"{d} = {{**{other}, **{d}}}"), (1, f"{d}.pop({key}, None)"),
            (1, f"{d}.setdefault({key}, {value})"), (1, f"if {key} in {d}: del {d}[{key}]"), (1, f"{d}[{value}] = {key}"),
            (1, f"{d}.pop({key}, 'gone')"), (1, f"if {d}: {d}.popitem()"), (1, f"{d}[{key}] = {d}.get({key}, '') + 'z'"),
        ])]  # fmt: skip

    def _change_list(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        name, value, other = self._list_name(scope), self.e.expression(scope, TEXT), self.e.expression(scope, LIST)
        if name == "[]":
            return self._assign(scope, depth, in_loop)
        return [self.c.pick([
            f"{name}.append({value})", f"{name}.extend({other})", f"{name} += {other}", f"{name} = {name} + {other}", f"{name}.insert(0, {value})",
            f"{name}.sort()", f"{name}.reverse()", f"if {name}: {name}.pop()", f"if {name}: {name}[0] = {value}", f"if {name}: del {name}[0]",
            f"if 'a' in {name}: {name}.remove('a')", f"{name}.extend({self.e.leaf(scope, DICT)})",
        ])]  # fmt: skip

    def _augmented(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        texts = [n for n, k in scope.variables.items() if k == TEXT]
        numbers = [n for n, k in scope.variables.items() if k == NUMBER]
        if texts and self.c.chance(60):
            return [f"{self.c.pick(texts)} += {self.e.leaf(scope, TEXT)}"]
        return [f"{self.c.pick(numbers)} += 1"] if numbers else self._assign(scope, depth, in_loop)

    def _unpack(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        a, b = self.c.fresh("x"), self.c.fresh("x")
        text, other = self.e.expression(scope, TEXT), self.e.leaf(scope, TEXT)
        source = self.e.expression(scope, LIST)
        kind, line = self.c.pick([
            (TEXT, f"{a}, {b} = {text}, {other}"), (TEXT, f"{a}, {b} = ('data', {other})"), (LIST, f"{a}, *{b} = [{other}, *{source}]"),
            (TEXT, f"{a}, _, {b} = {text}.partition('_')"), (LIST, f"({a}, {b}) = ({other}, {source})"),
        ])  # fmt: skip
        scope.variables[a], scope.variables[b] = TEXT, kind
        return [line]

    def _walrus(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        name = self.c.fresh("w")
        test = f"({name} := {self.e.expression(scope, DICT)}.get({self.e.key(scope)}))"
        inner = scope.child()
        inner.variables[name] = TEXT
        return [f"if {test}:", *self._inner(inner, depth, in_loop)]

    def _outside(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        if not scope.unknowns:
            return ["logger.info('known')"]
        d = self._dict_name(scope)
        return [self.c.pick([
            f"outside_sdk.poke({d})", f"outside_sdk.poke(first={d})", f"outside_sdk.Handle().put({d})", f"logger.info('x', {d})",
            f"outside_sdk.poke([{d}])", f"outside_sdk.poke({self._list_name(scope)})",
        ])]  # fmt: skip

    def _alias(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        name = self.c.fresh("x")
        line = f"{name} = {self._dict_name(scope)}"
        scope.variables[name] = DICT
        return [line]

    def _view(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        """A view shows what the dict holds when it is read."""
        d, view, name = self._dict_name(scope), self.c.fresh("view"), self.c.fresh("x")
        change = self._change_dict(scope, depth, in_loop)
        scope.variables[name] = LIST
        return [f"{view} = {d}.{self.c.pick(['keys', 'values'])}()", *change, f"{name} = list({view})"]

    def _set(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        sets = [n for n, k in scope.variables.items() if k == SET]
        if not sets:
            name = self.c.fresh("x")
            line = f"{name} = {self.e.expression(scope, SET)}"
            scope.variables[name] = SET
            return [line]
        name, key = self.c.pick(sets), self.e.key(scope)
        return [
            self.c.pick(
                [f"{name}.add({key})", f"{name}.discard({key})", f"{name}.update({self.e.expression(scope, LIST)})", f"{name} |= {{{key}}}"]
            )
        ]

    def _change_self(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        if not scope.in_method:
            return self._assign(scope, depth, in_loop)
        return [self.c.pick([
            f"self.extra[{self.e.key(scope)}] = {self.e.expression(scope, TEXT)}", f"self.extra = {self.e.expression(scope, DICT)}",
            f"setattr(self, 'extra', {self.e.expression(scope, DICT)})", f"self.extra.update({self.e.expression(scope, DICT)})",
            f"self.label = {self.e.expression(scope, TEXT)}",
        ])]  # fmt: skip

    # --- control flow ---

    def _if(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        lines = [f"if {self.e.expression(scope, FLAG)}:", *self._inner(scope, depth, in_loop)]
        if self.c.chance(25):
            lines += [f"elif {self.e.expression(scope, FLAG)}:", *self._inner(scope, depth, in_loop)]
        if self.c.chance(40):
            lines += ["else:", *self._inner(scope, depth, in_loop)]
        return lines

    def _narrowed(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        name = self.c.fresh("x")
        lines = [f"{name} = {self.e.expression(scope, MAYBE)}"]
        test, kind = self.c.pick([(f"{name} is None", DICT), (f"not {name}", DICT), (f"not isinstance({name}, dict)", DICT)])
        lines += [f"if {test}:", f"    {name} = {self.e.expression(scope, kind)}"]
        scope.variables[name] = kind
        return lines

    def _presence(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        """A test of a key says what the dict holds in each branch."""
        d, key, name = self._dict_name(scope), self.e.key(scope), self.c.fresh("x")
        if d == "{}":
            return self._assign(scope, depth, in_loop)
        test = self.c.pick(
            [
                f"{key} in {d}",
                f"{key} not in {d}",
                f"{key} in {d} and {d}.pop({key})",
                f"{self.e.expression(scope, FLAG, 1)} or {key} in {d}",
            ]
        )
        scope.variables[name] = DICT
        return [f"{name} = {{}}", f"if {test}:", f"    {name} = dict({d})", "else:", f"    {name}.update({d})"]

    def _early_return(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        value = "result" if self.c.chance(60) else self.e.expression(scope, scope.variables["result"], 1)
        return [
            f"if {self.e.expression(scope, FLAG)}:",
            f"    {self.c.pick([f'return {value}', f'return {value}', 'raise ValueError(1)'])}",
        ]

    def _loop_control(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        if not in_loop:
            return self._assign(scope, depth, in_loop)
        return [f"if {self.e.expression(scope, FLAG)}:", f"    {self.c.pick(['break', 'continue'])}"]

    def _for(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        inner = scope.child()
        key, value = self.c.fresh("k"), self.c.fresh("v")
        inner.variables[key] = TEXT
        shape = self.c.below(10)
        if shape < 5:
            inner.variables[value] = TEXT
            view = self.e._dict_source(scope, 1) + ".items()"
            head = f"{key}, {value} in {f'list({view})' if self.c.chance(20) else view}"
        elif shape < 8:
            source = self.e.expression(scope, self.c.pick([LIST, LIST, DICT, SET]))
            head = f"{key} in {f'list({source})' if source in scope.variables else source}"  # a list that grows while it is read never ends
        elif shape == 8:
            inner.variables[value] = NUMBER
            head = f"{value}, {key} in enumerate(list({self.e.expression(scope, LIST)}))"
        else:
            inner.variables[value] = TEXT
            head = f"{key}, {value} in zip(list({self.e.expression(scope, LIST)}), list({self.e.leaf(scope, LIST)}))"
        lines = [f"for {head}:", *indented(self.block(inner, depth - 1, 1 + self.c.below(3), True) if depth > 0 else ["pass"])]
        if self.c.chance(30):
            lines += indented([f"if {self.e.expression(inner, FLAG)}:", "    break"])
        if self.c.chance(20):
            lines += ["else:", *self._inner(scope, depth, in_loop)]
        return lines

    def _while(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        name, d = self.c.fresh("n"), self._dict_name(scope)
        inner = scope.child()
        inner.fixed = [*scope.fixed, (name, NUMBER)]  # no statement sets it
        step = f"    {name} += 1"
        if self.c.chance(50) and d != "{}":
            taken = self.c.fresh("t")
            inner.variables[taken] = TEXT
            return [
                f"{name} = 0",
                f"while ({taken} := {d}.pop({self.e.key(scope)}, None)) is not None and {name} < 5:",
                step,
                *self._inner(inner, depth, True),
            ]
        test = f"{name} < {self.e.expression(scope, NUMBER, 1)} and {name} < 6"
        if self.c.chance(25):
            test = f"{name} < 4 and {self.e.expression(scope, FLAG, 1)}"
        return [f"{name} = 0", f"while {test}:", step, *self._inner(inner, depth, True)]

    def _try(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        lines = ["try:", *self._inner(scope, depth, in_loop)]
        if self.c.chance(40):
            lines.append(f"    {self.c.pick(['x = {}[1]', 'raise KeyError(1)', 'outside_sdk.maybe_raise()'])}")
        handled = self.c.chance(85)
        if handled:
            lines += [self.c.pick(["except Exception as error:", "except (KeyError, ValueError):", "except Exception:"])]
            lines += ["    raise"] if self.c.chance(15) else self._inner(scope, depth, in_loop)
            if self.c.chance(20):
                lines += ["else:", *self._inner(scope, depth, in_loop)]
        if not handled or self.c.chance(25):
            lines += ["finally:", *self._inner(scope, depth, False)]
        return lines

    def _with(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        manager = self.c.pick(
            ["contextlib.nullcontext()", "contextlib.suppress(KeyError)", f"Closing({self._dict_name(scope)})", "outside_sdk.Handle()"]
        )
        return [f"with {manager}:", *self._inner(scope, depth, in_loop)]

    def _match(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        name = self.c.fresh("m")
        inner = scope.child()
        inner.variables[name] = TEXT
        lines = [f"match {self.e.expression(scope, TEXT)}:"]
        lines += indented([f"case {self.c.pick(['model', 'data', 'DATA'])!r} | 'x':", *self._inner(scope, depth, in_loop)])
        if self.c.chance(50):
            lines += indented([f"case {name} if {self.e.expression(inner, FLAG)}:", *self._inner(inner, depth, in_loop)])
        return [*lines, *indented(["case _:", *self._inner(scope, depth, in_loop)])]

    def _nested(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        """A nested function that reads what it captured when it is called, and may change it."""
        name, parameter = self.c.fresh("f"), self.c.fresh("p")
        inner = scope.child()
        inner.variables[parameter] = TEXT
        texts = [n for n, k in scope.variables.items() if k == TEXT]
        body = []
        if texts and self.c.chance(15):
            body = [f"{self.c.pick(texts)} = 'own'"]
        elif texts and self.c.chance(40):
            changed = self.c.pick(texts)
            body = [f"nonlocal {changed}", f"{changed} = {self.e.expression(inner, TEXT, 1)}"]
        elif self._dict_name(scope) != "{}":
            body = [f"{self._dict_name(scope)}[{parameter}] = {self.e.expression(inner, TEXT, 1)}"]
        body.append(f"return {self.e.expression(inner, TEXT, 1)}")
        between = self._assign(scope, depth, in_loop)
        result = self.c.fresh("x")
        call = f"{result} = {name}({self.e.leaf(scope, TEXT)})"
        scope.variables[result] = TEXT
        return [f"def {name}({parameter}='d'):", *indented(body), *between, call]

    def _late_binding(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        """Functions made in a loop see the loop's variable as it is when they are called."""
        made, key, name = self.c.fresh("made"), self.c.fresh("k"), self.c.fresh("x")
        scope.variables[name] = TEXT
        head = f"for {key} in {self.e.leaf(scope, LIST)}:"
        function = self.c.pick([f"lambda: {key} + 'l'", f"lambda {key}={key}: {key}", f"lambda w='w': {key} + w"])
        return [f"{made} = [lambda: 'none']", head, f"    {made}.append({function})", f"{name} = {made}[{self.c.pick(['-1', '0', '1'])}]()"]

    def _recursion(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        name, number, found = self.c.fresh("f"), self.c.fresh("n"), self.c.fresh("found")
        target = self._dict_name(scope)
        if target == "{}":
            return self._assign(scope, depth, in_loop)
        test = f"{number} <= 0" if self.c.chance(70) or not scope.unknowns else f"{number} <= 0 or outside_sdk.flag()"
        body = [
            f"if {test}:",
            f"    return {found}",
            f"{found}[f'r{{{number}}}'] = {self.e.leaf(scope, TEXT)}",
            f"return {name}({number} - 1, {found})",
        ]
        result = self.c.fresh("x")
        scope.variables[result] = DICT
        return [f"def {name}({number}, {found}):", *indented(body), f"{result} = {name}({self.c.pick(['2', '3', '9'])}, {target})"]

    def _property(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        if not scope.in_method:
            return self._assign(scope, depth, in_loop)
        name = self.c.fresh("x")
        scope.variables[name] = TEXT
        return [f"self.title = {self.e.leaf(scope, TEXT)}", f"{name} = self.title"]

    def _iterator(self, scope: Scope, depth: int, in_loop: bool) -> Lines:
        """An iterator is used up by what reads it."""
        name, first, rest = self.c.fresh("it"), self.c.fresh("x"), self.c.fresh("x")
        source = self.c.pick([f"iter({self.e.expression(scope, DICT)})", f"(w for w in {self.e.expression(scope, LIST)})"])
        scope.variables[first], scope.variables[rest] = TEXT, LIST
        return [f"{name} = {source}", f"{first} = next({name}, 'none')", f"{rest} = list({name})", f"{rest} += list({name})"]
