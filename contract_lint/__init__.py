"""Find broken contracts between SageMaker pipeline steps without running the code that defines them."""

from __future__ import annotations

TYPE_CHECKING = False  # for type checkers; to import typing would run a typing.py of the project that is checked (see __main__)

if TYPE_CHECKING:
    from contract_lint.assembly.events import EventDrivenPipelineBuilder as EventDrivenPipelineBuilder
    from contract_lint.assembly.events import PipelineEvent as PipelineEvent
    from contract_lint.assembly.events import PipelineEventBus as PipelineEventBus
    from contract_lint.contracts import ContractAwareStepBuilder as ContractAwareStepBuilder
    from contract_lint.contracts import ContractValidator as ContractValidator
    from contract_lint.contracts import StepContract as StepContract
    from contract_lint.frontends.dsl.definition import DeclarativePipelineParser as DeclarativePipelineParser
    from contract_lint.frontends.dsl.definition import PipelineDefinition as PipelineDefinition
    from contract_lint.frontends.dsl.definition import PipelineStepDefinition as PipelineStepDefinition
    from contract_lint.references import PropertyReference as PropertyReference
    from contract_lint.references import StepOutputRegistry as StepOutputRegistry
    from contract_lint.resolution import LiveExecution as LiveExecution
    from contract_lint.resolution import PropertyResolutionService as PropertyResolutionService
    from contract_lint.resolution import PropertyResolutionStrategy as PropertyResolutionStrategy
    from contract_lint.resolution import RecordedExecution as RecordedExecution
    from contract_lint.resolution import ResolutionError as ResolutionError
    from contract_lint.resolution import SageMakerPropertyStrategy as SageMakerPropertyStrategy
    from contract_lint.run import lint as lint

__version__ = "0.1.0"
__all__ = [
    "ContractAwareStepBuilder",
    "ContractValidator",
    "DeclarativePipelineParser",
    "EventDrivenPipelineBuilder",
    "LiveExecution",
    "PipelineDefinition",
    "PipelineEvent",
    "PipelineEventBus",
    "PipelineStepDefinition",
    "PropertyReference",
    "PropertyResolutionService",
    "PropertyResolutionStrategy",
    "RecordedExecution",
    "ResolutionError",
    "SageMakerPropertyStrategy",
    "StepContract",
    "StepOutputRegistry",
    "__version__",
    "lint",
]

_RESOLUTION = (
    "LiveExecution",
    "PropertyResolutionService",
    "PropertyResolutionStrategy",
    "RecordedExecution",
    "ResolutionError",
    "SageMakerPropertyStrategy",
)


def __getattr__(name: str) -> object:
    """Load a public name only when it is asked for: all bring msgspec and the model, which ``--version`` must not."""
    if name == "lint":
        from contract_lint.run import lint

        return lint
    if name in ("PropertyReference", "StepOutputRegistry"):
        from contract_lint import references

        return getattr(references, name)
    if name in ("ContractAwareStepBuilder", "ContractValidator", "StepContract"):
        from contract_lint import contracts

        return getattr(contracts, name)
    if name in ("EventDrivenPipelineBuilder", "PipelineEvent", "PipelineEventBus"):
        from contract_lint.assembly import events

        return getattr(events, name)
    if name in ("DeclarativePipelineParser", "PipelineDefinition", "PipelineStepDefinition"):
        from contract_lint.frontends.dsl import definition

        return getattr(definition, name)
    if name in _RESOLUTION:
        from contract_lint import resolution

        return getattr(resolution, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
