"""What step-builder frameworks have in common, as data: it stands in for base classes that are not in the project.

Only names that several frameworks share belong here; what the profile does not say is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator

#: Methods by which a builder declares its contract; a class that defines two of them is a builder.
INPUTS_METHOD = "get_input_requirements"
OUTPUTS_METHOD = "get_output_properties"
PATHS_METHOD = "get_property_paths"
CONTRACT_METHODS = (INPUTS_METHOD, OUTPUTS_METHOD, PATHS_METHOD)

#: The schema methods of the ``StepContract`` protocol.
INPUT_SCHEMA = "get_input_schema"
OUTPUT_SCHEMA = "get_output_schema"

#: A class attribute that maps outputs to descriptions or to property paths.
OUTPUT_PROPERTIES = "OUTPUT_PROPERTIES"

CREATE_STEP = "create_step"

#: Classes of graphs of step names, and the methods by which one grows.
DAG_CLASSES = frozenset({"PipelineDAG"})
ADD_NODE = "add_node"
ADD_EDGE = "add_edge"

#: Registering calls, with their parameters in order (the receiver left out).
REGISTER_CLASS_PATH = "register_property_path"
REGISTER_INSTANCE_PATH = "register_instance_property_path"
REGISTERING_CALLS = {
    REGISTER_CLASS_PATH: ("step_type", "logical_name", "property_path"),
    REGISTER_INSTANCE_PATH: ("logical_name", "property_path"),
}

#: Names under which registries of step names are kept.
STEP_NAME_REGISTRIES = frozenset({"STEP_NAMES", "STEP_REGISTRY"})

#: Text that marks a file as one that can hold contracts: it is parsed, with all that it imports.
TELLING_WORDS = (
    *CONTRACT_METHODS,
    CREATE_STEP,
    INPUT_SCHEMA,
    OUTPUT_SCHEMA,
    OUTPUT_PROPERTIES,
    *REGISTERING_CALLS,
    *sorted(STEP_NAME_REGISTRIES),
    *sorted(DAG_CLASSES),
    ADD_EDGE,
    # Where the SDK keeps its pipelines, in its second and third version.
    "sagemaker.workflow",
    "sagemaker.mlops.workflow",
    "sagemaker.core.workflow",
    # What is done with a pipeline that another module made.
    "pipeline.upsert(",
    ".start(parameters",
)

SUFFIXES = ("StepBuilder", "Builder")


def short_name(class_name: str) -> str:
    """The class name less ``StepBuilder`` or ``Builder``."""
    for suffix in SUFFIXES:
        if class_name.endswith(suffix) and class_name != suffix:
            return class_name[: -len(suffix)]
    return class_name


def spellings(class_name: str) -> Iterator[str]:
    """The step types under which frameworks register the paths of a builder class."""
    short = short_name(class_name)
    yield from (class_name, short, f"{short}Step", class_name.replace("Builder", "Step"), class_name.removesuffix("Builder"))
