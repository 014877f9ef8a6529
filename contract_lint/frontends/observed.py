"""What is seen of a running script: paths, environment variables and arguments."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

from contract_lint.model.contract import HOLE
from contract_lint.model.script import CONTAINER, Access, Argument
from contract_lint.model.span import Span
from contract_lint.python.calls import Arguments
from contract_lint.python.evaluate import Evaluator
from contract_lint.python.frame import Diverges, Frame
from contract_lint.python.iteration import iterate
from contract_lint.python.paths import path_of
from contract_lint.python.values import (
    FALSE,
    NONE,
    Const,
    DictObj,
    ForeignObj,
    ListObj,
    Origin,
    Ref,
    Text,
    TupleValue,
    Unknown,
    Value,
    alternatives,
    join,
)

ENVIRON = "os.environ"
GETTERS = frozenset(["os.environ.get", "os.getenv", "os.environ.pop"])
EXITS = frozenset(["sys.exit", "os._exit", "exit", "quit", "SystemExit"])
CHECKS = frozenset(["exists", "isfile", "isdir", "is_file", "is_dir", "lexists", "access"])
LISTINGS = frozenset(["glob", "rglob", "iglob", "iterdir", "listdir", "scandir", "walk"])
#: Calls that only name a path: nothing is read or written by them.
PURE = frozenset(
    """
    join Path PurePath PosixPath PurePosixPath joinpath fspath normpath abspath resolve absolute print debug info
    warning error exception critical log format str repr len isinstance basename dirname relative_to with_suffix
    with_name get getenv add_argument setdefault append insert hasattr getattr Namespace ValueError RuntimeError
    FileNotFoundError Exception KeyError OSError IOError type sorted list tuple set
    """.split()
)
READERS = frozenset("load open_dataset read read_text read_bytes loadtxt genfromtxt fromfile from_pretrained load_model extractall".split())
WRITERS = frozenset("makedirs mkdir savefig save save_model save_pretrained dump write_text write_bytes savez savetxt touch write".split())
MOVERS = frozenset(["copy", "copy2", "copyfile", "copytree", "move", "rename", "replace"])

PARSER = "argparse.ArgumentParser"
#: Actions of argparse whose flag stands alone.
SWITCHES = frozenset(["store_true", "store_false", "store_const", "append_const", "count", "help", "version"])


class Read(Struct):
    span: Span | None
    without_default: bool = False


class Use(Struct):
    span: Span | None
    access: Access = Access.UNKNOWN
    certain: bool = False
    checked: bool = False
    used: bool = False


class Parser(Struct, frozen=True):
    arguments: tuple[Argument, ...]
    accepts_unknown: bool
    abbreviates: bool


class Observed(Struct):
    """What one run showed: ``ended`` if it can come to a good end, ``failed`` if it certainly does not (neither: not known)."""

    environment: dict[str, Read]
    stored: set[str]
    paths: dict[str, Use]
    mentioned: set[str]
    parsers: dict[Origin, Parser | None]
    loads_environment: bool
    ended: bool = False
    failed: bool = False

    def parser(self) -> Parser | None:
        """The only parser, if all of it is known."""
        return next(iter(self.parsers.values())) if len(self.parsers) == 1 else None


class _Parser(Struct):
    """An argparse parser while the script runs."""

    arguments: dict[Origin, Argument] = field(default_factory=dict)
    closed: bool = True
    parsed: bool = False
    accepts_unknown: bool = False
    abbreviates: bool = True


class ScriptObserver(Struct):
    """Notes what a script asks for; ``absent_variable`` and ``absent_path`` are not there in this run."""

    absent_variable: str | None = None
    absent_path: str | None = None
    exits: bool = False
    environment: dict[str, Read] = field(default_factory=dict)
    stored: set[str] = field(default_factory=set)
    uses: list[tuple[str, Access, Origin, bool, bool]] = field(default_factory=list)
    prefixes: set[str] = field(default_factory=set)
    parsers: dict[Origin, _Parser] = field(default_factory=dict)
    reads: list[tuple[str, Origin, bool]] = field(default_factory=list)
    loads_environment: bool = False
    strange_parser: bool = False

    # --- what the evaluator tells ---

    def outside_call(self, frame: Frame, name: str, receiver: Value | None, arguments: Arguments, origin: Origin) -> Value | None:
        last = name.rpartition(".")[2]
        if name in GETTERS and arguments.args:
            first, *others = arguments.args
            default = others[0] if others else arguments.kwargs.get("default", NONE)
            return self._variable(first, default, origin)
        if name in EXITS:
            self._leave(name, arguments)
        if last in ("load_dotenv", "putenv") or name in ("os.environ.update",):
            self.loads_environment = True
        if name == "os.environ.setdefault" and arguments.args:
            self.outside_store(ENVIRON, arguments.args[0])
        if last == "add_argument" or name.startswith(PARSER):
            self._parsing(frame, name, last, receiver, arguments, origin)
        for value in (*arguments.args, *arguments.kwargs.values()):
            handed_on = self._parser_of(frame, value)
            if handed_on is not None:
                handed_on.closed = False
        return self._paths(frame, name, last, receiver, arguments, origin)

    def outside_item(self, frame: Frame, name: str, key: Value, origin: Origin) -> Value | None:
        if name != ENVIRON:
            return None
        for one in alternatives(key):
            if isinstance(one, Const) and isinstance(one.value, str):
                self.reads.append((one.value, origin or one.origin, True))
                if one.value == self.absent_variable:
                    raise Diverges
        return Unknown("environment", origin)

    def outside_contains(self, name: str, key: Value) -> Value | None:
        if name != ENVIRON:
            return None
        if isinstance(key, Const) and isinstance(key.value, str):
            self.reads.append((key.value, key.origin, True))
            if key.value == self.absent_variable:
                return FALSE
        return Unknown("environment")

    def outside_store(self, name: str, key: Value) -> None:
        if name == ENVIRON:
            self.stored |= {str(one.value) for one in alternatives(key) if isinstance(one, Const)}

    # --- environment and exit ---

    def _variable(self, key: Value, default: Value, origin: Origin) -> Value:
        missing = default == NONE
        for one in alternatives(key):
            if isinstance(one, Const) and isinstance(one.value, str):
                self.reads.append((one.value, origin or one.origin, missing))
        if isinstance(key, Const) and key.value == self.absent_variable:
            return default
        return join(default, Unknown("environment", origin))

    def _leave(self, name: str, arguments: Arguments) -> None:
        code = arguments.args[0] if arguments.args else NONE
        if name != "SystemExit":
            good = not isinstance(code, Const) or code.value in (None, 0) or code.value is False
            self.exits = self.exits or good
            raise Diverges

    # --- paths ---

    def _paths(self, frame: Frame, name: str, last: str, receiver: Value | None, arguments: Arguments, origin: Origin) -> Value | None:
        given = [(None, receiver)] if receiver is not None else []
        positional = [(number, value) for number, value in enumerate(arguments.args)]
        named = [(None, value) for value in arguments.kwargs.values()]
        absent = False
        for place, value in (*given, *positional, *named):
            options = alternatives(value)
            for one in options:
                path = path_of(frame, one)
                if isinstance(path, Text) and path.parts[0] is not None and path.parts[0].startswith(CONTAINER):
                    self.prefixes.add(path.parts[0] + HOLE)
                if not isinstance(path, Const) or not str(path.value).startswith(CONTAINER):
                    continue
                text = str(path.value).rstrip("/")
                access = _access(last, place, arguments)
                if last not in PURE:
                    checked = last in CHECKS or last in LISTINGS
                    self.uses.append((text, access, path.origin or origin, len(options) == 1, checked))
                    absent = absent or (self.absent_path is not None and (text + "/").startswith(self.absent_path + "/"))
                else:
                    self.prefixes.add(text)
        if absent and last in CHECKS:
            return FALSE
        if absent and last in LISTINGS:
            return frame.new(ListObj((), None, "list", origin))
        return None

    # --- argparse ---

    def _parsing(self, frame: Frame, name: str, last: str, receiver: Value | None, arguments: Arguments, origin: Origin) -> None:
        if name == PARSER:
            known = {"description", "prog", "usage", "epilog", "formatter_class", "add_help", "allow_abbrev"}
            abbreviates = arguments.kwargs.get("allow_abbrev", Const(True))
            closed = (
                set(arguments.kwargs) <= known and not arguments.rest and not arguments.more and abbreviates in (Const(True), Const(False))
            )
            self.parsers.setdefault(origin, _Parser(closed=closed, abbreviates=abbreviates == Const(True)))
            return
        parser = self._parser_of(frame, receiver)
        if parser is None:
            self.strange_parser = True
        elif last == "add_argument":
            argument = _argument(frame, arguments, origin)
            if argument is None:
                parser.closed = False
            else:
                parser.arguments[origin] = argument
        elif last in ("parse_args", "parse_known_args"):
            parser.parsed = True
            parser.accepts_unknown = parser.accepts_unknown or last == "parse_known_args"
            if arguments.args or arguments.kwargs or arguments.rest or arguments.more:
                parser.closed = False
        elif last in ("add_argument_group", "add_mutually_exclusive_group"):
            if arguments.kwargs.get("required", FALSE) != FALSE:
                parser.closed = False
        elif last not in ("print_help", "print_usage", "error", "exit", "format_help"):
            parser.closed = False

    def _parser_of(self, frame: Frame, receiver: Value | None) -> _Parser | None:
        """The parser of a method call on it, or on one of its groups."""
        while isinstance(receiver, Ref):
            obj = frame.read(receiver)
            if not isinstance(obj, ForeignObj):
                return None
            if obj.callee == PARSER:
                return self.parsers.get(obj.origin)
            if not obj.callee.endswith(("add_argument_group", "add_mutually_exclusive_group")):
                return None
            receiver = obj.receiver
        return None

    # --- the outcome ---

    def observed(self, ev: Evaluator) -> Observed:
        environment: dict[str, Read] = {}
        for name, origin, missing in self.reads:
            read = environment.setdefault(name, Read(ev.span(origin)))
            read.without_default = read.without_default or missing
        paths: dict[str, Use] = {}
        for text, access, origin, certain, checked in self.uses:
            use = paths.setdefault(text, Use(ev.span(origin)))
            use.certain = use.certain or certain
            use.checked = use.checked or checked
            use.used = use.used or not checked
            use.access = (
                access if use.access is Access.UNKNOWN else Access.WRITTEN if Access.WRITTEN in (access, use.access) else use.access
            )
        parsers = {origin: self._finished(parser) for origin, parser in self.parsers.items()}
        mentioned = {*paths, *self.prefixes}
        return Observed(environment, self.stored, paths, mentioned, parsers, self.loads_environment)

    def _finished(self, parser: _Parser) -> Parser | None:
        if not parser.closed or not parser.parsed or self.strange_parser:
            return None
        return Parser(tuple(parser.arguments.values()), parser.accepts_unknown, parser.abbreviates)


def _access(last: str, place: int | None, arguments: Arguments) -> Access:
    """What a call does with the path at a place among its arguments (None: its receiver, or a named one)."""
    if last == "open":
        mode = arguments.kwargs.get("mode") or (arguments.args[(place + 1) if place is not None else 0 :] or (Const("r"),))[0]
        text = str(mode.value) if isinstance(mode, Const) else ""
        return Access.UNKNOWN if not text else Access.WRITTEN if set(text) & set("wax") else Access.READ
    if last in MOVERS:
        return {0: Access.READ, 1: Access.WRITTEN}.get(-1 if place is None else place, Access.UNKNOWN)
    if last in WRITERS or last.startswith(("to_", "save_", "write_", "dump_")):
        return Access.WRITTEN
    if last in READERS or last in CHECKS or last in LISTINGS or last.startswith(("read_", "load_")):
        return Access.READ
    return Access.UNKNOWN


def _argument(frame: Frame, arguments: Arguments, origin: Origin) -> Argument | None:
    """One ``add_argument``; None where something that matters is not known."""
    flags = [one.value for one in arguments.args if isinstance(one, Const) and isinstance(one.value, str)]
    span = frame.ev.span(origin)
    if not flags or len(flags) != len(arguments.args) or arguments.rest or arguments.more or span is None:
        return None
    action = arguments.kwargs.get("action")
    required, count = arguments.kwargs.get("required", FALSE), arguments.kwargs.get("nargs")
    if action is not None and not (isinstance(action, Const) and isinstance(action.value, str)):
        return None
    if not flags[0].startswith("-"):
        optional = count in (Const("*"), Const("?")) or (isinstance(count, Const) and count.value == "...")
        return Argument((flags[0],), not optional, _choices(frame, arguments), True, span)
    if isinstance(action, Const) and action.value not in SWITCHES and action.value not in ("store", "append", "extend"):
        return None
    switch = isinstance(action, Const) and action.value in SWITCHES
    return Argument(tuple(flags), required == Const(True), _choices(frame, arguments), not switch, span)


def _choices(frame: Frame, arguments: Arguments) -> tuple[str, ...] | None:
    """The accepted texts; None where there is no limit, not all are known, or a type converts the words first."""
    value = arguments.kwargs.get("choices")
    kind = arguments.kwargs.get("type")
    if value is None or not isinstance(value, (Ref, TupleValue)):
        return None
    if kind is not None and getattr(kind, "name", "") != "str":
        return None
    if isinstance(value, Ref) and not isinstance(frame.read(value), (ListObj, DictObj)):
        return None
    found = iterate(frame, value, None)
    if found.open is not None:
        return None
    words = tuple(_words(item.value for item in found.items))
    return words if len(words) == len(found.items) else None


def _words(values: Iterator[Value]) -> Iterator[str]:
    for value in values:
        if isinstance(value, Const) and isinstance(value.value, str):
            yield value.value
