"""What a declarative document says, each part with its place, and where its shape is not that of a pipeline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import yaml
from msgspec import Struct, field

from contract_lint.model.contract import Named
from contract_lint.model.project import DocumentProblem, ParameterUse
from contract_lint.model.span import Span
from contract_lint.model.spelling import nearest
from contract_lint.sources.yaml_places import LIST, MAPPING, NULL, TEXT, Entry, YamlDocument, kind_of

MALFORMED, UNKNOWN_KEY = "CL011", "CL013"

PIPELINE_KEYS = ("name", "description", "parameters", "steps")
STEP_KEYS = ("name", "type", "config", "inputs", "outputs", "depends_on")
REFERENCE_KEYS = ("from_step", "output")
#: Keys at the top that hold what anchors stand for begin so.
EXTENSION = "x-"

#: What the values of a step's keys are.
_KINDS = {"config": MAPPING, "inputs": MAPPING, "outputs": MAPPING, "depends_on": LIST}

#: A parameter in a text: `${parameters.region}`.
PARAMETER = re.compile(r"\$\{\s*parameters\.([^{}\s]+)\s*\}")


class InputEntry(Struct, frozen=True):
    """One input: an output of another step, or a value that is written out (``from_step`` None); ``broken``: neither can be read."""

    name: Named
    from_step: Named | None = None
    output: Named | None = None
    literal: str = "a value"
    broken: bool = False


class StepEntry(Struct, frozen=True):
    """One step. ``config`` are the keys of its configuration; ``outputs`` is None where the document lists none.

    ``broken`` are the keys whose value cannot be read.
    """

    name: Named
    type: Named | None
    span: Span
    config: tuple[str, ...] = ()
    inputs: tuple[InputEntry, ...] = ()
    outputs: tuple[tuple[Named, str], ...] | None = None
    depends_on: tuple[Named, ...] = ()
    uses: tuple[ParameterUse, ...] = ()
    broken: frozenset[str] = frozenset()


class PipelineDocument(Struct):
    """A whole document; ``open_steps``: some of its steps cannot be read. ``parameters`` is None where they cannot."""

    span: Span
    name: Named | None = None
    steps: list[StepEntry] = field(default_factory=list)
    parameters: tuple[Named, ...] | None = ()
    open_steps: bool = False
    problems: list[DocumentProblem] = field(default_factory=list)


def is_pipeline(document: YamlDocument) -> bool:
    """Whether the top level has a list of steps most of which have a name and a type."""
    steps = next((one.value for one in _entries(document, document.root) if one.name == "steps"), None)
    if not isinstance(steps, yaml.SequenceNode) or not steps.value:
        return False
    named = [{"name", "type"} <= {entry.name for entry in _entries(document, step)} for step in steps.value]
    return 2 * sum(named) >= len(named)


def read_pipeline(document: YamlDocument) -> PipelineDocument:
    """Read a document as a pipeline, whatever it is; what it lacks is among the problems."""
    return _Reader(document).read()


def _entries(document: YamlDocument, node: yaml.Node | None) -> list[Entry]:
    return document.entries(node) if isinstance(node, yaml.MappingNode) and node.tag == MAPPING else []


class _Reader:
    def __init__(self, document: YamlDocument) -> None:
        self._document = document
        whole = Span(document.source.path, 1, 1, 1, 2) if document.root is None else document.span(document.root)
        self._found = PipelineDocument(whole, problems=list(document.problems))

    def read(self) -> PipelineDocument:
        root, found = self._document.root, self._found
        if not isinstance(root, yaml.MappingNode) or root.tag != MAPPING:
            what = "nothing" if root is None else kind_of(root)
            self._wrong(found.span, "document", f"no pipeline: the document is to be a mapping with a name and a list of steps, not {what}")
            found.parameters, found.open_steps = None, True
            return found
        if not any(one.name == "steps" for one in self._document.entries(root)):
            # of what else such a document holds, nothing is to be said
            self._wrong(found.span, "steps", "no pipeline: 'steps', the list of its steps, is missing")
            found.open_steps = True
            return found
        keys = self._members(root, "pipeline", PIPELINE_KEYS, extensions=True)
        found.name = self._required_text(keys, "name", "the pipeline", root)
        self._text(keys.get("description"), "'description'")
        found.parameters = self._parameters(keys.get("parameters"))
        self._steps(keys["steps"])
        return found

    # --- parts ---

    def _parameters(self, entry: Entry | None) -> tuple[Named, ...] | None:
        node = self._mapping(entry, "'parameters'")
        if node is None:
            return () if entry is None or entry.value.tag == NULL else None
        names = [self._key(one, "a parameter") for one in self._document.entries(node)]
        return tuple(name for name in names if name is not None) if None not in names else None

    def _steps(self, entry: Entry) -> None:
        found = self._found
        steps = self._list(entry, "'steps'")
        if steps is None and entry.value.tag != NULL:
            found.open_steps = True
            return
        if not steps:
            self._wrong(self._document.span(entry.key), "steps", "no pipeline: 'steps' is empty")
            return
        for number, node in enumerate(steps, 1):
            step = self._step(node, number)
            if step is None:
                found.open_steps = True
            else:
                found.steps.append(step)

    def _step(self, node: yaml.Node, number: int) -> StepEntry | None:
        what = f"step {number}"
        if not isinstance(node, yaml.MappingNode) or node.tag != MAPPING:
            self._wrong(self._document.span(node), what, f"{what} is to be a mapping with a name and a type, not {kind_of(node)}")
            return None
        keys = self._members(node, "step", STEP_KEYS)
        name = self._required_text(keys, "name", what, node)
        said = what if name is None else f"step '{name.name}'"
        type = self._required_text(keys, "type", said, node)
        config = self._mapping(keys.get("config"), f"'config' of {said}")
        names = [one.name for one in self._document.entries(config)] if config is not None else []
        inputs = self._inputs(keys.get("inputs"), said)
        outputs = self._outputs(keys.get("outputs"), said)
        depends_on = list(self._depends_on(keys.get("depends_on"), said))
        broken = {key for key, kind in _KINDS.items() if key in keys and keys[key].value.tag not in (kind, NULL)}
        if any(one.broken for one in inputs):
            broken.add("inputs")
        if name is None:
            return None
        values = [keys[key].value for key in ("config", "inputs") if key in keys]
        return StepEntry(
            name,
            type,
            self._document.span(node),
            tuple(one for one in names if one is not None),
            tuple(inputs),
            outputs,
            tuple(depends_on),
            tuple(self._uses(values, name.name)),
            frozenset(broken),
        )

    def _inputs(self, entry: Entry | None, said: str) -> list[InputEntry]:
        node = self._mapping(entry, f"'inputs' of {said}")
        found: list[InputEntry] = []
        for one in self._document.entries(node) if node is not None else ():
            name = self._key(one, f"an input of {said}")
            if name is not None:
                found.append(self._input(name, one.value, f"input '{name.name}' of {said}"))
        return found

    def _input(self, name: Named, node: yaml.Node, said: str) -> InputEntry:
        entries = {one.name: one for one in _entries(self._document, node) if one.name is not None}
        meant = [key for key in entries if key not in REFERENCE_KEYS and nearest(key, ["from_step"], cutoff=0.8)]
        if "from_step" not in entries and not meant:
            return InputEntry(name, literal=_described(node))
        self._members(node, f"reference of {said}", REFERENCE_KEYS)
        if "from_step" not in entries:
            return InputEntry(name, broken=True)
        step = self._text(entries["from_step"], f"'from_step' of {said}", needed=True)
        output = self._text(entries.get("output"), f"'output' of {said}")
        if step is None or (output is None and "output" in entries and entries["output"].value.tag != NULL):
            return InputEntry(name, broken=True)
        if output is None:
            says = f"{said} says from which step it comes, and not which output of it"
            self._wrong(step.span, f"{said}.output", says, "add `output:` with the name of one of its outputs")
        return InputEntry(name, step, output, broken=output is None)

    def _outputs(self, entry: Entry | None, said: str) -> tuple[tuple[Named, str], ...] | None:
        node = self._mapping(entry, f"'outputs' of {said}")
        if node is None:
            return None
        found: list[tuple[Named, str]] = []
        for one in self._document.entries(node):
            name = self._key(one, f"an output of {said}")
            text = self._text(one, f"output '{one.name}' of {said}", needed=True)
            if name is not None:
                found.append((name, "" if text is None else text.name))
        return tuple(found)

    def _depends_on(self, entry: Entry | None, said: str) -> Iterable[Named]:
        for node in self._list(entry, f"'depends_on' of {said}") or ():
            name = self._text_node(node, f"what {said} depends on")
            if name is not None:
                yield name

    def _uses(self, nodes: Sequence[yaml.Node], step: str) -> Iterator[ParameterUse]:
        waiting, seen = list(reversed(nodes)), set[int]()
        while waiting:
            node = waiting.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            if isinstance(node, yaml.MappingNode):
                waiting += [value for _, value in reversed(node.value)]
            elif isinstance(node, yaml.SequenceNode):
                waiting += reversed(node.value)
            elif isinstance(node, yaml.ScalarNode) and node.tag == TEXT:
                for match in PARAMETER.finditer(node.value):
                    start = self._document.written(node).find(match.group())
                    first = node.start_mark.index + start
                    span = self._document.span(node) if start < 0 else self._document.between(first, first + len(match.group()))
                    yield ParameterUse(match.group(1), span, step)

    # --- shapes ---

    def _members(self, node: yaml.Node, what: str, known: Sequence[str], *, extensions: bool = False) -> dict[str, Entry]:
        """The entries of a mapping by name; those with other names are problems."""
        found: dict[str, Entry] = {}
        for one in _entries(self._document, node):
            if one.name in known and one.name is not None:
                found[one.name] = one
            elif not (extensions and one.name is not None and one.name.startswith(EXTENSION)):
                name = self._key(one, f"a key of the {what}")
                if name is not None:
                    near = nearest(name.name, known)
                    hint = f"did you mean '{near[0]}'?" if near else f"known keys: {', '.join(known)}"
                    says = f"'{name.name}' is no key of a {what.partition(' of ')[0]}"
                    self._found.problems.append(DocumentProblem(UNKNOWN_KEY, name.span, name.name, says, hint))
        return found

    def _required_text(self, keys: dict[str, Entry], key: str, said: str, node: yaml.Node) -> Named | None:
        entry = keys.get(key)
        if entry is None or entry.value.tag == NULL:
            self._wrong(self._document.span(node if entry is None else entry.key), f"{said}.{key}", f"{said} has no {key}")
            return None
        text = self._text(entry, f"the {key} of {said}", needed=True)
        if text is not None and not text.name:
            self._wrong(text.span, f"{said}.{key}", f"the {key} of {said} is empty")
            return None
        return text

    def _key(self, entry: Entry, said: str) -> Named | None:
        if entry.name is not None:
            return Named(entry.name, self._document.span(entry.key))
        if isinstance(entry.key, yaml.ScalarNode):  # what is no scalar is a problem already
            return self._unquoted(entry.key, said)
        return None

    def _text(self, entry: Entry | None, said: str, *, needed: bool = False) -> Named | None:
        if entry is None or (entry.value.tag == NULL and not needed):
            return None
        return self._text_node(entry.value, said)

    def _text_node(self, node: yaml.Node, said: str) -> Named | None:
        if node.tag == TEXT and isinstance(node, yaml.ScalarNode):
            return Named(node.value, self._document.span(node))
        if isinstance(node, yaml.ScalarNode) and node.tag != NULL:
            return self._unquoted(node, said)
        self._wrong(self._document.span(node), said, f"{said} is to be a text, not {kind_of(node)}")
        return None

    def _unquoted(self, node: yaml.ScalarNode, said: str) -> Named:
        """A text that YAML reads as something else; it goes on as it is written."""
        says = f"{said} is to be a text: YAML reads {node.value or 'what is empty'} as {kind_of(node)}"
        self._wrong(self._document.span(node), said, says, f'quote it: "{node.value}"')
        return Named(node.value, self._document.span(node))

    def _mapping(self, entry: Entry | None, said: str) -> yaml.MappingNode | None:
        if entry is None or entry.value.tag == NULL:
            return None
        if isinstance(entry.value, yaml.MappingNode) and entry.value.tag == MAPPING:
            return entry.value
        self._wrong(self._document.span(entry.value), said, f"{said} is to be a mapping, not {kind_of(entry.value)}")
        return None

    def _list(self, entry: Entry | None, said: str) -> list[yaml.Node] | None:
        if entry is None or entry.value.tag == NULL:
            return None
        if isinstance(entry.value, yaml.SequenceNode) and entry.value.tag == LIST:
            return list(entry.value.value)
        hint = f"write a list: [{entry.value.value}]" if isinstance(entry.value, yaml.ScalarNode) and entry.value.value else None
        self._wrong(self._document.span(entry.value), said, f"{said} is to be a list, not {kind_of(entry.value)}", hint)
        return None

    def _wrong(self, span: Span, subject: str, message: str, help: str | None = None) -> None:
        self._found.problems.append(DocumentProblem(MALFORMED, span, subject, message, help))


def _described(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode) and PARAMETER.search(node.value):
        return "a pipeline parameter"
    return kind_of(node)
