"""The scenes of plain SDK code: what modules make when they are run, and what functions make that nobody calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from contract_lint.frontends.sdk.changes import changes
from contract_lint.frontends.sdk.holding import held_objects
from contract_lint.frontends.sdk.main_blocks import run_main_blocks
from contract_lint.frontends.sdk.moments import moments
from contract_lint.frontends.sdk.pipelines import PipelineReader
from contract_lint.frontends.sdk.snapshot import Snapshot, is_sdk
from contract_lint.frontends.sdk.steps import StepReader
from contract_lint.frontends.uncalled import Root, Vocabulary, callers_first, callers_of, run
from contract_lint.model.sdk import Operation, SdkScene
from contract_lint.model.span import Span
from contract_lint.python.evaluate import Answer, Evaluator
from contract_lint.python.frame import Frame
from contract_lint.python.modules import Module
from contract_lint.python.operations_observed import Operation as Observed
from contract_lint.python.values import Address, ClassObj, External, FunctionValue, HeapObject, Part, Property, Ref, Value
from contract_lint.sagemaker.step_kinds import kinds_of_class

#: Abstract steps in which a function puts a pipeline together.
BUDGET = 10_000


def sdk_scenes(ev: Evaluator, builders: Collection[Ref], starting: Sequence[Module], ends: Sequence[Answer]) -> tuple[SdkScene, ...]:
    """The scenes with objects of the SDK; ``builders`` are classes that are looked at elsewhere, ``ends`` scenes that were run before."""
    if not starting:
        return ()
    answers = [*ends, *_run_uncalled(ev, builders, starting)]
    main = Frame(ev, starting[0], ev.root, {}, "")
    operations = _operations(ev)
    seen = moments(ev)
    scenes = [_scene(ev, main, ev.root.own, operations, seen, None)]
    for answer in answers:
        made = answer.frame.heap.since(ev.root)
        if any(is_sdk(obj) for obj in made.values()):
            scenes.append(_scene(ev, answer.frame, made, operations, seen, answer.value))
    return tuple(scene for scene in scenes if scene.own or scene.operations)


def _operations(ev: Evaluator) -> dict[int, list[Observed]]:
    """What is done to objects, by their numbers; 0 stands for what is no object."""
    found: dict[int, list[Observed]] = defaultdict(list)
    for one in ev.observed.operations:
        ref = one.operand.whole if isinstance(one.operand, Part) else one.operand
        address = ref.address if isinstance(ref, Ref) else 0
        found[int(address) if isinstance(address, int) else 0].append(one)
    return found


def _run_uncalled(ev: Evaluator, builders: Collection[Ref], starting: Sequence[Module]) -> Iterator[Answer]:
    """Run what the modules do as scripts, then the functions and methods that name a step or pipeline of the SDK, or something that does;

    callers first, and no function that was run before.
    """
    vocabulary, modules = Vocabulary(ev), set(starting)
    known = {base for cls in builders for base in ev.lineage(cls)}
    roots = [Root(function, None) for function in ev.functions(modules)]
    for cls in ev.classes:
        obj = ev.root.get(cls.address)
        if isinstance(obj, ClassObj) and cls not in known and obj.module in modules:
            methods = {name: one.getter if isinstance(one, Property) else one for name, one in obj.attributes.items()}
            roots += [Root(one, cls) for name, one in methods.items() if isinstance(one, FunctionValue) and name != "__init__"]
    makers = [root for root in roots if vocabulary.holds(root.function, _sdk_names(ev, root.function.module))]
    wanted = [*makers, *callers_of(vocabulary, roots, makers)]
    names = {root.function.name for root in wanted}.union(*(_sdk_names(ev, module) for module in starting))
    yield from run_main_blocks(ev, starting, names, BUDGET)
    for root in callers_first(vocabulary, wanted):
        if not ev.was_executed(root.function):
            yield run(ev, root, BUDGET, constructed=True)


def _sdk_names(ev: Evaluator, module: Module) -> frozenset[str]:
    """The names under which a module knows the SDK's steps and pipelines."""
    names = {"Pipeline"}
    summary = ev.summary_of(module)
    for name in summary.bindings if summary is not None else ():
        value = ev.global_value(module, name, ev.root)
        if isinstance(value, External) and value.name.startswith("sagemaker.") and kinds_of_class(value.name):
            names.add(name)
    return frozenset(names)


def _scene(
    ev: Evaluator,
    frame: Frame,
    made: Mapping[Address, HeapObject],
    operations: Mapping[int, Sequence[Observed]],
    seen: Mapping[Span, str],
    result: Value | None,
) -> SdkScene:
    snapshot = Snapshot(ev, frame, {one.object.address: one.scope for one in ev.observed.outside})
    own = snapshot.add(made)
    mine = [one for number in (*own, *((0,) if frame.heap is ev.root else ())) for one in operations.get(number, ())]
    done = sorted(_copied(ev, snapshot, [*mine, *changes(ev, frame, made)]), key=lambda one: (one.span, one.kind, one.what))
    held = held_objects(frame, made.values(), result)
    scene = SdkScene(snapshot.objects, own, operations=tuple(done), given_away=frozenset(snapshot.given_away), held=held)
    reader = StepReader(scene)
    scene = replace(scene, steps=reader.steps())
    reader = StepReader(scene)
    pipeline_reader = PipelineReader(scene, reader)
    pipelines = pipeline_reader.pipelines()
    return replace(scene, pipelines=pipelines, unplaced_uses=pipeline_reader.unplaced_uses(pipelines), moments=seen)


def _copied(ev: Evaluator, snapshot: Snapshot, operations: Iterable[Observed]) -> Iterator[Operation]:
    for one in operations:
        span = ev.span(one.origin)
        if span is not None:
            others = tuple(snapshot.value(other) for other in one.others)
            yield Operation(one.kind, one.what, snapshot.value(one.operand), others, span, one.scope, one.certain, ev.span(one.operand_at))
