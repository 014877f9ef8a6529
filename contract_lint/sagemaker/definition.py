"""How the SDK writes a property path into a pipeline definition."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from contract_lint.model.property_path import Attribute, Form, Index, PropertyPath

#: `.properties` of a notebook job step -> the members of the training job behind it (`sagemaker.workflow.notebook_job_step`).
#: No other kind of step has members of these names.
_ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "ComputingJobName": "TrainingJobName",
        "ComputingJobStatus": "TrainingJobStatus",
        "NotebookJobInputLocation": "InputDataConfig[0].DataSource.S3DataSource.S3Uri",
        "NotebookJobOutputLocationPrefix": "OutputDataConfig.S3OutputPath",
        "InputNotebookName": "Environment['SM_INPUT_NOTEBOOK_NAME']",
        "OutputNotebookName": "Environment['SM_OUTPUT_NOTEBOOK_NAME']",
    }
)


def in_definition(path: PropertyPath) -> str:
    """What follows `Steps.<name>.` in the definition's `Get` for a path of `.properties`; empty for the root.

    String keys stand in single quotation marks. What Lambda and Callback steps call `Outputs` in Python is `OutputParameters` there,
    and the names that a notebook job step has of its own become those of its training job.
    """
    printed = str(path)
    first, *rest = path.segments or (None,)
    if path.form is Form.GET or not isinstance(first, Attribute):
        return printed
    if first.name == "Outputs" and rest and isinstance(rest[0], Index):
        return f"OutputParameters{printed.removeprefix('Outputs')}"
    return _ALIASES.get(printed, printed)


def reference_text(step_name: str, path: PropertyPath) -> str:
    """What stands in the `Get` for a property of a step: `Steps.<name>.<path>`, `Steps.<name>` for all its properties."""
    printed = in_definition(path)
    return f"Steps.{step_name}{printed if printed.startswith('[') or not printed else f'.{printed}'}"
