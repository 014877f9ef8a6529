"""The scenes of plain SDK code: what modules make when they are run, and what functions make that nobody calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from contract_lint.frontends.sdk.pipelines import PipelineReader
from contract_lint.frontends.sdk.snapshot import Snapshot, is_sdk
from contract_lint.frontends.sdk.steps import StepReader
from contract_lint.frontends.uncalled import Root, Vocabulary, callers_first, callers_of, run
from contract_lint.model.sdk import Operation, SdkScene
from contract_lint.python.evaluate import Answer, Evaluator
from contract_lint.python.frame import Frame
from contract_lint.python.modules import Module
from contract_lint.python.operations_observed import Operation as Observed
from contract_lint.python.values import Address, ClassObj, External, FunctionValue, Part, Ref
from contract_lint.sagemaker.step_kinds import kinds_of_class

#: Abstract steps in which a function puts a pipeline together.
BUDGET = 120_000


def sdk_scenes(ev: Evaluator, builders: Collection[Ref], starting: Sequence[Module], ends: Sequence[Answer]) -> tuple[SdkScene, ...]:
    """The scenes with objects of the SDK; ``builders`` are classes that are looked at elsewhere, ``ends`` are scenes that were run before."""
    if not starting:
        return ()
    answers = [*ends, *_run_uncalled(ev, builders, set(starting))]
    main = Frame(ev, starting[0], ev.root, {}, "")
    operations = _operations(ev)
    scenes = [_scene(ev, main, ev.root.own, operations)]
    for answer in answers:
        made = answer.frame.heap.since(ev.root)
        if any(is_sdk(obj) for obj in made.values()):
            scenes.append(_scene(ev, answer.frame, made, operations))
    return tuple(scene for scene in scenes if scene.own or scene.operations)


def _operations(ev: Evaluator) -> dict[int, list[Observed]]:
    """What is done to objects, by their numbers; 0 stands for what is no object."""
    found: dict[int, list[Observed]] = defaultdict(list)
    for one in ev.observed.operations:
        ref = one.operand.whole if isinstance(one.operand, Part) else one.operand
        address = ref.address if isinstance(ref, Ref) else 0
        found[int(address) if isinstance(address, int) else 0].append(one)
    return found


def _run_uncalled(ev: Evaluator, builders: Collection[Ref], modules: set[Module]) -> Iterator[Answer]:
    """Run the functions and methods that name a step or pipeline of the SDK, or something that does, callers first."""
    vocabulary = Vocabulary(ev)
    known = {base for cls in builders for base in ev.lineage(cls)}
    roots = [Root(function, None) for function in ev.functions(modules)]
    for cls in ev.classes:
        obj = ev.root.get(cls.address)
        if isinstance(obj, ClassObj) and cls not in known and obj.module in modules:
            roots += [Root(one, cls) for name, one in obj.attributes.items() if isinstance(one, FunctionValue) and name != "__init__"]
    makers = [root for root in roots if vocabulary.holds(root.function, _sdk_names(ev, root.function.module))]
    for root in callers_first(vocabulary, [*makers, *callers_of(vocabulary, roots, makers)]):
        if not ev.was_executed(root.function):
            yield run(ev, root, BUDGET)


def _sdk_names(ev: Evaluator, module: Module) -> frozenset[str]:
    """The names under which a module knows the SDK's steps and pipelines."""
    names = {"Pipeline", "PipelineSession"}
    summary = ev.summary_of(module)
    for name in summary.bindings if summary is not None else ():
        value = ev.global_value(module, name, ev.root)
        if isinstance(value, External) and value.name.startswith("sagemaker.") and kinds_of_class(value.name):
            names.add(name)
    return frozenset(names)


def _scene(ev: Evaluator, frame: Frame, made: Iterable[Address], operations: Mapping[int, Sequence[Observed]]) -> SdkScene:
    snapshot = Snapshot(ev, frame, {})
    own = snapshot.add(made)
    mine = [one for number in (*own, *((0,) if frame.heap is ev.root else ())) for one in operations.get(number, ())]
    done = sorted(_copied(ev, snapshot, mine), key=lambda one: (one.span, one.kind, one.what))
    scene = SdkScene(snapshot.objects, own, operations=tuple(done))
    reader = StepReader(scene)
    scene = replace(scene, steps=reader.steps())
    reader = StepReader(scene)
    return replace(scene, pipelines=PipelineReader(scene, reader).pipelines())


def _copied(ev: Evaluator, snapshot: Snapshot, operations: Iterable[Observed]) -> Iterator[Operation]:
    for one in operations:
        span = ev.span(one.origin)
        if span is not None:
            others = tuple(snapshot.value(other) for other in one.others)
            yield Operation(one.kind, one.what, snapshot.value(one.operand), others, span, one.scope, one.certain)
