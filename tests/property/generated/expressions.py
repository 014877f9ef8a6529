"""Expressions of a wanted type over the names in scope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from property.generated.choices import Choices

KEYS = ["data", "model_input", "model_output", "DATA", "metrics", "Signature", "a_b", "eval_output"]
WORDS = ["model", "ModelArtifacts", "data", "x/y", "optional Text", "MODEL_out", "", "DATA", "b"]
PARTS = ["_", "/", ", ", "Step", "model", "a"]

#: The types of expressions; a dict maps texts to texts, a list and a set hold texts.
TEXT, FLAG, NUMBER, DICT, LIST, SET, MAYBE = "text", "flag", "number", "dict", "list", "set", "maybe dict"


@dataclass
class Scope:
    """What an expression may use: ``variables`` and ``fixed`` (constants, attributes) by type, functions by result.

    ``unknowns`` says whether values of the world outside may be used.
    """

    variables: dict[str, str] = field(default_factory=dict)
    fixed: list[tuple[str, str]] = field(default_factory=list)
    functions: list[tuple[str, str]] = field(default_factory=list)
    enums: list[tuple[str, tuple[str, ...], bool]] = field(default_factory=list)
    unknowns: bool = True
    in_method: bool = False

    def child(self) -> Scope:
        return Scope(dict(self.variables), self.fixed, self.functions, self.enums, self.unknowns, self.in_method)

    def of(self, kind: str) -> list[str]:
        return [n for n, k in self.variables.items() if k == kind] + [e for e, k in self.fixed if k == kind]


class Expressions:
    """``expression(scope, kind, depth)`` writes an expression; ``depth`` bounds how deeply it is nested."""

    def __init__(self, choices: Choices) -> None:
        self.c = choices
        self._tables: dict[str, list[tuple[int, Callable[[Scope, int], str]]]] = {
            TEXT: [
                (4, self._leaf_text), (3, self._fstring), (3, self._text_method), (2, self._looked_up), (1, self._first_key),
                (1, self._choice(TEXT)), (1, self._sum(TEXT)), (1, self._joined), (1, self._enum), (1, self._class_name),
                (1, self._outside_text), (1, self._text_or), (1, self._sliced_text), (1, self._format), (1, self._extreme),
                (1, self._list_item), (1, self._call(TEXT)), (1, self._lambda(TEXT)), (1, self._attribute_by_name),
                (1, self._shown), (1, self._model), (1, self._record),
            ],
            FLAG: [
                (2, self._leaf(FLAG, ["True", "False"])), (3, self._contains), (2, self._compared), (2, self._text_test),
                (1, self._quantified), (1, self._negated), (2, self._both), (1, self._isinstance), (1, self._hasattr),
                (1, self._outside_flag), (1, self._truth), (1, self._enum_test), (1, self._is_none), (1, self._numbers_compared), (1, self._subset),
            ],
            NUMBER: [
                (3, self._leaf(NUMBER, ["0", "1", "2"])), (2, self._length), (1, self._sum(NUMBER)), (1, self._count),
                (1, self._total), (1, self._choice(NUMBER)), (1, self._find),
            ],
            DICT: [
                (4, self._literal_dict), (3, self._leaf_dict), (4, self._dict_comprehension), (2, self._spread), (2, self._united),
                (1, self._dict_call), (1, self._copied), (1, self._choice(DICT)), (2, self._dict_or), (1, self._call(DICT)),
                (1, self._lambda(DICT)), (1, self._changed_model), (1, self._enum_keys),
            ],
            LIST: [
                (3, self._literal_list), (2, self._leaf_list), (2, self._list_of), (3, self._list_comprehension), (1, self._sorted),
                (1, self._sum(LIST)), (1, self._sliced), (1, self._split), (1, self._starred), (1, self._choice(LIST)),
                (1, self._mapped), (1, self._reversed), (1, self._call(LIST)),
            ],
            SET: [(3, self._literal_set), (1, self._set_of), (1, self._set_operation), (1, self._set_comprehension)],
            MAYBE: [(2, self._leaf(MAYBE, ["None"])), (2, self._optional_dict), (1, self._choice(MAYBE)), (1, self._literal_dict)],
        }  # fmt: skip

    def expression(self, scope: Scope, kind: str, depth: int = 2) -> str:
        if depth <= 0:
            return self.leaf(scope, kind)
        return self.c.weighted(self._tables[kind])(scope, depth - 1)

    def leaf(self, scope: Scope, kind: str) -> str:
        simplest = {
            TEXT: self._leaf_text, FLAG: self._leaf(FLAG, ["True", "False"]), NUMBER: self._leaf(NUMBER, ["0", "1", "2"]),
            DICT: self._leaf_dict, LIST: self._leaf_list, SET: self._literal_set, MAYBE: self._optional_dict,
        }  # fmt: skip
        return simplest[kind](scope, 0)

    # --- shared shapes ---

    def _leaf(self, kind: str, literals: list[str]) -> Callable[[Scope, int], str]:
        return lambda scope, depth: self.c.pick(literals + scope.of(kind))

    def _choice(self, kind: str) -> Callable[[Scope, int], str]:
        def write(scope: Scope, depth: int) -> str:
            return f"({self.expression(scope, kind, depth)} if {self.expression(scope, FLAG, depth)} else {self.leaf(scope, kind)})"

        return write

    def _sum(self, kind: str) -> Callable[[Scope, int], str]:
        return lambda scope, depth: f"({self.expression(scope, kind, depth)} + {self.leaf(scope, kind)})"

    def _call(self, kind: str) -> Callable[[Scope, int], str]:
        def write(scope: Scope, depth: int) -> str:
            calls = [template for template, result in scope.functions if result == kind]
            if not calls:
                return self.leaf(scope, kind)
            template = self.c.pick(calls)
            return template.replace("<text>", self.leaf(scope, TEXT)).replace("<dict>", self.leaf(scope, DICT))

        return write

    def _lambda(self, kind: str) -> Callable[[Scope, int], str]:
        def write(scope: Scope, depth: int) -> str:
            inner = scope.child()
            name = self.c.fresh("p")
            inner.variables[name] = TEXT
            return f"(lambda {name}: {self.expression(inner, kind, depth)})({self.leaf(scope, TEXT)})"

        return write

    # --- texts ---

    def _leaf_text(self, scope: Scope, depth: int) -> str:
        names = scope.of(TEXT)
        return self.c.pick(names) if names and self.c.chance(50) else repr(self.c.pick(WORDS))

    def key(self, scope: Scope) -> str:
        """A text that is likely to be a key."""
        names = scope.of(TEXT)
        return self.c.pick(names) if names and self.c.chance(25) else repr(self.c.pick(KEYS))

    def _fstring(self, scope: Scope, depth: int) -> str:
        parts = []
        for _ in range(1 + self.c.below(3)):
            if self.c.chance(40):
                parts.append(self.c.pick(PARTS))
            else:
                kind = self.c.pick([TEXT, TEXT, NUMBER, FLAG])
                names = scope.of(kind) or [{TEXT: "'w'", NUMBER: "7", FLAG: "True"}[kind]]
                suffix = self.c.pick(["", "", "", "!r", "!s", ":>8"]) if kind == TEXT else ""
                parts.append("{" + self.c.pick(names) + suffix + "}")
        if self.c.chance(20):
            parts.append("{', '.join(sorted(" + self.leaf(scope, LIST).replace('"', "'") + "))}")
        return 'f"' + "".join(parts) + '"'

    def _text_method(self, scope: Scope, depth: int) -> str:
        method = self.c.pick([
            "lower()", "upper()", "title()", "strip()", "replace('a', 'o')", "replace('model', '')", "capitalize()", "split('/')[0]",
            "rpartition('_')[2]", "removesuffix('put')", "zfill(4)", "split('_')[-1]", "lstrip('m')", "partition('_')[0]",
        ])  # fmt: skip
        return f"{self.expression(scope, TEXT, depth)}.{method}"

    def _looked_up(self, scope: Scope, depth: int) -> str:
        target, key = self.expression(scope, DICT, depth), self.key(scope)
        return self.c.pick([f"{target}.get({key}, {self.leaf(scope, TEXT)})", f"{target}[{key}]", f"str({target}.get({key}))"])

    def _first_key(self, scope: Scope, depth: int) -> str:
        view = self.c.pick(["", ".keys()", ".values()"])
        default = f", {self.leaf(scope, TEXT)}" if self.c.chance(80) else ""
        return f"next(iter({self.expression(scope, DICT, depth)}{view}){default})"

    def _joined(self, scope: Scope, depth: int) -> str:
        return f"{self.c.pick(PARTS)!r}.join({self.expression(scope, LIST, depth)})"

    def _enum(self, scope: Scope, depth: int) -> str:
        if not scope.enums:
            return self._leaf_text(scope, depth)
        name, members, _ = self.c.pick(scope.enums)
        member = self.c.pick(members)
        return self.c.pick([f"{name}.{member}.value", f"{name}.{member}.name", f"{name}[{member!r}].value"])

    def _class_name(self, scope: Scope, depth: int) -> str:
        if not scope.in_method:
            return self._leaf_text(scope, depth)
        return self.c.pick([
            "type(self).__name__", "self.__class__.__name__", "self.__class__.__name__.replace('Builder', 'Step')",
            "type(self.config).__name__", "self.__class__.__name__.replace('Step', '')",
        ])  # fmt: skip

    def _outside_text(self, scope: Scope, depth: int) -> str:
        if not scope.unknowns:
            return self._leaf_text(scope, depth)
        return self.c.pick([f"outside_sdk.fetch({self.key(scope)})", "os.environ.get('CONTRACT_X', 'none')", "outside_sdk.Handle().label"])

    def _text_or(self, scope: Scope, depth: int) -> str:
        return f"({self.expression(scope, TEXT, depth)} or {self.leaf(scope, TEXT)})"

    def _sliced_text(self, scope: Scope, depth: int) -> str:
        return f"{self.expression(scope, TEXT, depth)}[{self.c.pick(['1:', ':3', '-2:', ':-1', '::2'])}]"

    def _format(self, scope: Scope, depth: int) -> str:
        a, b = self.leaf(scope, TEXT), self.leaf(scope, NUMBER)
        return self.c.pick([f"'{{}}-{{}}'.format({a}, {b})", f"('%s/%d' % ({a}, {b}))", f"'{{0}}{{name}}'.format({b}, name={a})"])

    def _extreme(self, scope: Scope, depth: int) -> str:
        return self.c.pick([
            f"{self.c.pick(['min', 'max'])}({self.expression(scope, LIST, depth)})",
            f"max({self.expression(scope, LIST, depth)}, key=len)",
            f"min({self.expression(scope, DICT, depth)}, default='none')",
        ])  # fmt: skip

    def _list_item(self, scope: Scope, depth: int) -> str:
        return f"{self.expression(scope, LIST, depth)}[{self.c.pick(['0', '-1', '1'])}]"

    def _attribute_by_name(self, scope: Scope, depth: int) -> str:
        if not scope.in_method:
            return self._leaf_text(scope, depth)
        name = self.c.pick(["region", "job_type", "absent"])
        return f"getattr(self.config, {name!r}, {self.leaf(scope, TEXT)})"

    def _shown(self, scope: Scope, depth: int) -> str:
        return f"{self.c.pick(['str', 'repr'])}({self.leaf(scope, self.c.pick([NUMBER, FLAG, TEXT]))})"

    def _model(self, scope: Scope, depth: int) -> str:
        if not scope.in_method:
            return self._leaf_text(scope, depth)
        return self.c.pick([
            "self.config.model_dump()['region']", "self.config.model_dump().get('job_type', 'none')",
            f"self.config.model_copy(update={{'region': {self.leaf(scope, TEXT)}}}).region", "self.config.channel_name",
        ])  # fmt: skip

    def _record(self, scope: Scope, depth: int) -> str:
        """An instance of a dataclass that the helpers define."""
        if not scope.functions:
            return self._leaf_text(scope, depth)
        text = self.leaf(scope, TEXT)
        return self.c.pick(
            [
                f"Record({text}).name",
                f"Record(name={text}).title",
                "Record().tags['tag']",
                f"Record({text}, {self.leaf(scope, DICT)}).first",
            ]
        )

    # --- flags ---

    def _enum_test(self, scope: Scope, depth: int) -> str:
        if not scope.enums:
            return "False"
        name, members, _ = self.c.pick(scope.enums)
        member = f"{name}.{self.c.pick(members)}"
        return self.c.pick([
            f"({member} == {self.leaf(scope, TEXT)})", f"({member} in {self.expression(scope, DICT, depth)})",
            f"({member} is {name}.{self.c.pick(members)})", f"isinstance({member}, {name})", f"({member} in list({name}))",
        ])  # fmt: skip

    def _contains(self, scope: Scope, depth: int) -> str:
        op = self.c.pick(["in", "not in"])
        kind = self.c.pick([DICT, DICT, LIST, TEXT, SET])
        view = self.c.pick(["", "", ".keys()", ".values()"]) if kind == DICT else ""
        return f"({self.key(scope)} {op} {self.expression(scope, kind, depth)}{view})"

    def _compared(self, scope: Scope, depth: int) -> str:
        op = self.c.pick(["==", "!=", "<", ">="])
        kind = self.c.pick([TEXT, TEXT, DICT, LIST, SET]) if op in ("==", "!=") else TEXT
        return f"({self.expression(scope, kind, depth)} {op} {self.leaf(scope, kind)})"

    def _text_test(self, scope: Scope, depth: int) -> str:
        method = self.c.pick(["startswith('m')", "endswith('put')", "islower()", "isupper()", "startswith(('a', 'D'))", "isdigit()"])
        return f"{self.expression(scope, TEXT, depth)}.{method}"

    def _quantified(self, scope: Scope, depth: int) -> str:
        name = self.c.fresh("q")
        inner = scope.child()
        inner.variables[name] = TEXT
        kind = self.c.pick([LIST, DICT, SET])
        source = self.expression(scope, kind, depth)
        return f"{self.c.pick(['any', 'all'])}({self.expression(inner, FLAG, depth)} for {name} in {source})"

    def _negated(self, scope: Scope, depth: int) -> str:
        return f"(not {self.expression(scope, self.c.pick([FLAG, DICT, TEXT, LIST]), depth)})"

    def _both(self, scope: Scope, depth: int) -> str:
        return f"({self.expression(scope, FLAG, depth)} {self.c.pick(['and', 'or'])} {self.expression(scope, FLAG, depth)})"

    def _isinstance(self, scope: Scope, depth: int) -> str:
        kind = self.c.pick([TEXT, DICT, LIST, NUMBER, MAYBE])
        return f"isinstance({self.leaf(scope, kind)}, {self.c.pick(['str', 'dict', 'list', 'int', '(str, dict)', 'bool'])})"

    def _hasattr(self, scope: Scope, depth: int) -> str:
        if not scope.in_method:
            return "True"
        return self.c.pick(
            ["hasattr(self.config, 'region')", "hasattr(self, 'config')", "hasattr(self, 'absent')", "hasattr(self.config, 'absent')"]
        )

    def _outside_flag(self, scope: Scope, depth: int) -> str:
        return self.c.pick(["outside_sdk.flag()", "bool(os.environ.get('CONTRACT_Y'))"]) if scope.unknowns else "True"

    def _truth(self, scope: Scope, depth: int) -> str:
        return f"bool({self.expression(scope, self.c.pick([TEXT, DICT, LIST, NUMBER]), depth)})"

    def _is_none(self, scope: Scope, depth: int) -> str:
        tested = (
            f"{self.expression(scope, DICT, depth)}.get({self.key(scope)})" if self.c.chance(50) else self.expression(scope, MAYBE, depth)
        )
        return f"({tested} {self.c.pick(['is None', 'is not None'])})"

    def _numbers_compared(self, scope: Scope, depth: int) -> str:
        op = self.c.pick(["==", "<", ">", "!=", "<="])
        return f"({self.expression(scope, NUMBER, depth)} {op} {self.leaf(scope, NUMBER)})"

    def _subset(self, scope: Scope, depth: int) -> str:
        return f"{self.expression(scope, SET, depth)}.issubset({self.expression(scope, self.c.pick([DICT, LIST]), depth)})"

    # --- numbers ---

    def _length(self, scope: Scope, depth: int) -> str:
        return f"len({self.expression(scope, self.c.pick([DICT, LIST, TEXT, SET]), depth)})"

    def _count(self, scope: Scope, depth: int) -> str:
        return f"{self.expression(scope, self.c.pick([TEXT, LIST]), depth)}.count('a')"

    def _total(self, scope: Scope, depth: int) -> str:
        name = self.c.fresh("n")
        return f"sum({self.c.pick(['len(' + name + ')', '1'])} for {name} in {self.expression(scope, LIST, depth)})"

    def _find(self, scope: Scope, depth: int) -> str:
        return self.c.pick(
            [f"{self.leaf(scope, TEXT)}.find('a')", f"int({self.c.pick(['3', '12'])!r})", f"max({self.leaf(scope, NUMBER)}, 1)"]
        )

    # --- dicts ---

    def _literal_dict(self, scope: Scope, depth: int) -> str:
        entries = [f"{self._entry_key(scope, key)}: {self.expression(scope, TEXT, depth - 1)}" for key in self.c.some(KEYS, 0, 3)]
        return "{" + ", ".join(entries) + "}"

    def _entry_key(self, scope: Scope, key: str) -> str:
        if self.c.chance(85):
            return repr(key)
        return self._fstring(scope, 0) if self.c.chance(50) else self._leaf_text(scope, 0)

    def _leaf_dict(self, scope: Scope, depth: int) -> str:
        names = scope.of(DICT)
        return (
            self.c.pick(names)
            if names and self.c.chance(80)
            else self.c.pick(["{}", "{'data': 'd'}", "{'model_input': 'm', 'a_b': 'DATA'}"])
        )

    def _optional_dict(self, scope: Scope, depth: int) -> str:
        return self.c.pick(scope.of(MAYBE) or ["None"])

    def _dict_or(self, scope: Scope, depth: int) -> str:
        return f"({self.expression(scope, MAYBE, depth)} or {self.c.pick(['{}', '{}', self.leaf(scope, DICT)])})"

    def _dict_comprehension(self, scope: Scope, depth: int) -> str:
        key, value = self.c.fresh("k"), self.c.fresh("v")
        inner = scope.child()
        inner.variables[key] = TEXT
        if self.c.chance(60):
            inner.variables[value] = TEXT
            head, source = f"{key}, {value}", f"{self._dict_source(scope, depth)}.items()"
        else:
            head, source = key, self.expression(scope, self.c.pick([LIST, LIST, DICT, SET]), depth)
        made = (key, self.leaf(inner, TEXT)) if self.c.chance(60) else (self.leaf(inner, TEXT), key)
        if self.c.chance(20):
            made = (made[0], self.expression(inner, TEXT, depth))
        condition = f" if {self.expression(inner, FLAG, depth)}" if self.c.chance(40) else ""
        return "{" + f"{made[0]}: {made[1]} for {head} in {source}{condition}" + "}"

    def _dict_source(self, scope: Scope, depth: int) -> str:
        return self._dict_or(scope, depth) if self.c.chance(50) else self.expression(scope, DICT, depth)

    def _spread(self, scope: Scope, depth: int) -> str:
        entry = f"{self.key(scope)}: {self.leaf(scope, TEXT)}"
        spread = f"**{self.expression(scope, DICT, depth)}"
        return "{" + self.c.pick([f"{spread}, {entry}", f"{entry}, {spread}", f"{spread}, **{self.leaf(scope, DICT)}"]) + "}"

    def _united(self, scope: Scope, depth: int) -> str:
        return f"({self.expression(scope, DICT, depth)} | {self.leaf(scope, DICT)})"

    def _dict_call(self, scope: Scope, depth: int) -> str:
        return self.c.pick([
            f"dict({self.expression(scope, DICT, depth)}, extra={self.leaf(scope, TEXT)})", "dict()",
            f"dict(zip({self.expression(scope, LIST, depth)}, {self.leaf(scope, LIST)}))",
            f"dict([({self.key(scope)}, {self.leaf(scope, TEXT)}), ('data', 'p')])", f"dict.fromkeys({self.leaf(scope, LIST)}, 'f')",
            f"dict(sorted({self.leaf(scope, DICT)}.items()))",
        ])  # fmt: skip

    def _changed_model(self, scope: Scope, depth: int) -> str:
        if not scope.in_method:
            return self.leaf(scope, DICT)
        return self.c.pick([
            f"(self.config.model_copy(update={{'output_names': {self.expression(scope, DICT, depth)}}}).output_names or {{}})",
            "(self.config.model_dump()['input_names'] or {})", "(self.config.model_copy().output_names or {})",
            f"(type(self.config)(output_names={self.expression(scope, DICT, depth)}).output_names or {{}})",
        ])  # fmt: skip

    def _enum_keys(self, scope: Scope, depth: int) -> str:
        if not scope.enums:
            return self.leaf(scope, DICT)
        name, members, mixed = self.c.pick(scope.enums)
        by_member = "{member.name: member.value for member in " + name + "}"
        if not mixed:
            return by_member
        member = f"{name}.{self.c.pick(members)}"
        return self.c.pick(
            [by_member, f"{{**{self.leaf(scope, DICT)}, {member}: {self.leaf(scope, TEXT)}}}", f"{{{member}.value: 'e', {member}: 'f'}}"]
        )

    def _copied(self, scope: Scope, depth: int) -> str:
        return self.c.pick([f"{self.expression(scope, DICT, depth)}.copy()", f"copy.deepcopy({self.leaf(scope, DICT)})"])

    # --- lists and sets ---

    def _literal_list(self, scope: Scope, depth: int) -> str:
        return "[" + ", ".join(self.expression(scope, TEXT, depth - 1) for _ in range(self.c.below(4))) + "]"

    def _leaf_list(self, scope: Scope, depth: int) -> str:
        return self.c.pick(["['a', 'data']", "['model_input']", "[]", *scope.of(LIST)])

    def _list_of(self, scope: Scope, depth: int) -> str:
        return f"list({self.expression(scope, DICT, depth)}{self.c.pick(['', '.keys()', '.values()'])})"

    def _list_comprehension(self, scope: Scope, depth: int) -> str:
        local = [n for n, k in scope.variables.items() if k == TEXT]
        name = self.c.pick(local) if local and self.c.chance(10) else self.c.fresh("e")  # it may hide a variable
        inner = scope.child()
        inner.variables[name] = TEXT
        if self.c.chance(25):
            number = self.c.fresh("i")
            inner.variables[number] = NUMBER
            head, source = f"{number}, {name}", f"enumerate({self.expression(scope, LIST, depth)})"
        else:
            head, source = name, self.expression(scope, self.c.pick([LIST, DICT]), depth)
        element = name if self.c.chance(40) else self.expression(inner, TEXT, depth)
        condition = f" if {self.expression(inner, FLAG, depth)}" if self.c.chance(40) else ""
        return f"[{element} for {head} in {source}{condition}]"

    def _sorted(self, scope: Scope, depth: int) -> str:
        options = self.c.pick(["", "", ", reverse=True", ", key=len", ", key=lambda w: (len(w), w)"])
        return f"sorted({self.expression(scope, self.c.pick([LIST, DICT, SET]), depth)}{options})"

    def _sliced(self, scope: Scope, depth: int) -> str:
        return f"{self.expression(scope, LIST, depth)}[{self.c.pick(['1:', ':2', '::-1', '-1:'])}]"

    def _split(self, scope: Scope, depth: int) -> str:
        return f"{self.expression(scope, TEXT, depth)}.split({self.c.pick(['', repr('_'), repr('/')])})"

    def _starred(self, scope: Scope, depth: int) -> str:
        return f"[*{self.expression(scope, LIST, depth)}, *{self.leaf(scope, DICT)}]"

    def _mapped(self, scope: Scope, depth: int) -> str:
        return self.c.pick([
            f"list(map(str.upper, {self.leaf(scope, LIST)}))", f"list(filter(None, {self.expression(scope, LIST, depth)}))",
            f"list(map(lambda w: w.lower(), {self.expression(scope, LIST, depth)}))",
            f"list(filter(lambda w: 'a' in w, {self.expression(scope, LIST, depth)}))",
        ])  # fmt: skip

    def _reversed(self, scope: Scope, depth: int) -> str:
        return f"list(reversed({self.expression(scope, LIST, depth)}))"

    def _literal_set(self, scope: Scope, depth: int) -> str:
        return "{" + ", ".join(map(repr, self.c.some(KEYS, 1, 2))) + "}"

    def _set_of(self, scope: Scope, depth: int) -> str:
        return f"set({self.expression(scope, self.c.pick([LIST, DICT]), depth)})"

    def _set_operation(self, scope: Scope, depth: int) -> str:
        left, right = self.expression(scope, SET, depth), self._literal_set(scope, depth)
        keys = f"({self.leaf(scope, DICT)}.keys() {self.c.pick(['&', '-', '|'])} {right})"
        return self.c.pick([f"({left} {self.c.pick(['&', '-', '|', '^'])} {right})", f"{left}.union({self.leaf(scope, LIST)})", keys])

    def _set_comprehension(self, scope: Scope, depth: int) -> str:
        name = self.c.fresh("s")
        return "{" + f"{name}{self.c.pick(['', '.lower()'])} for {name} in {self.expression(scope, LIST, depth)}" + "}"
