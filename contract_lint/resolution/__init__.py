"""What the properties of a pipeline's steps are: a reference when it is defined, a value when it has run."""

from __future__ import annotations

from contract_lint.resolution.errors import ResolutionError as ResolutionError
from contract_lint.resolution.execution import Execution as Execution
from contract_lint.resolution.execution import StepRun as StepRun
from contract_lint.resolution.record import record_of as record_of
from contract_lint.resolution.service import PropertyResolutionService as PropertyResolutionService
from contract_lint.resolution.service import PropertyResolutionStrategy as PropertyResolutionStrategy
from contract_lint.resolution.strategy import LiveExecution as LiveExecution
from contract_lint.resolution.strategy import RecordedExecution as RecordedExecution
from contract_lint.resolution.strategy import SageMakerPropertyStrategy as SageMakerPropertyStrategy
