"""Write the extract of botocore's SageMaker and EMR models that contract-lint ships (`just service-model`)."""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict, cast

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from contract_lint.sagemaker.step_kinds import all_kinds

SERVICES = {"sagemaker": "2017-07-24", "emr": "2009-03-31"}
TARGET = Path(__file__).resolve().parent.parent / "contract_lint" / "sagemaker" / "service_model.json"

#: The requests behind the arguments of pipeline steps: their constraints serve the rules on limits.
REQUESTS = {
    "sagemaker": (
        "CreateAutoMLJobRequest",
        "CreateEndpointConfigInput",
        "CreateEndpointInput",
        "CreateHyperParameterTuningJobRequest",
        "CreateInferenceComponentInput",
        "CreateJobRequest",
        "CreateModelInput",
        "CreateModelPackageInput",
        "CreatePipelineRequest",
        "CreateProcessingJobRequest",
        "CreateTrainingJobRequest",
        "CreateTransformJobRequest",
        "StartPipelineExecutionRequest",
    ),
    "emr": (),
}

#: What a shape keeps as it is; references to other shapes are kept by name, documentation and transport details are dropped.
KEPT = ("enum", "max", "min", "pattern", "required", "type")


class Reference(TypedDict):
    shape: str


class BotocoreShape(TypedDict, total=False):
    type: str
    members: dict[str, Reference]
    member: Reference
    key: Reference
    value: Reference
    enum: list[str]
    required: list[str]
    pattern: str
    min: float
    max: float


Compact = dict[str, "str | float | list[str] | dict[str, str]"]


class Service(TypedDict):
    api_version: str
    shapes: dict[str, Compact]


class Extract(TypedDict):
    botocore: str
    services: dict[str, Service]


def read_shapes(data: Path, service: str) -> dict[str, BotocoreShape]:
    """All shapes of one service in a botocore installation's ``data`` folder."""
    raw = gzip.decompress((data / service / SERVICES[service] / "service-2.json.gz").read_bytes())
    return cast("dict[str, BotocoreShape]", json.loads(raw)["shapes"])


def references(shape: BotocoreShape) -> Iterable[str]:
    for member in shape.get("members", {}).values():
        yield member["shape"]
    for single in (shape.get("member"), shape.get("key"), shape.get("value")):
        if single is not None:
            yield single["shape"]


def compact(shape: BotocoreShape) -> Compact:
    """One shape with its constraints and the names of the shapes it refers to."""
    kept: Compact = {key: value for key, value in cast("Compact", shape).items() if key in KEPT}
    if "members" in shape:
        kept["members"] = {name: member["shape"] for name, member in shape["members"].items()}
    for key, single in (("member", shape.get("member")), ("key", shape.get("key")), ("value", shape.get("value"))):
        if single is not None:
            kept[key] = single["shape"]
    return kept


def reachable(shapes: Mapping[str, BotocoreShape], roots: Iterable[str]) -> dict[str, Compact]:
    """The shapes that the roots lead to, breadth first; a root that the model lacks is a KeyError."""
    queue = list(roots)
    found: dict[str, Compact] = {}
    for name in queue:
        if name not in found:
            found[name] = compact(shapes[name])
            queue.extend(references(shapes[name]))
    return found


def roots(service: str) -> tuple[str, ...]:
    """The shapes that step properties begin with, and the requests."""
    described = tuple(shape for kind in all_kinds() if kind.service == service for shape in kind.shapes)
    return described + REQUESTS[service]


def installed_data() -> Path:
    """The ``data`` folder of the installed botocore."""
    spec = find_spec("botocore")
    if spec is None or spec.origin is None:
        raise SystemExit("botocore is not installed")
    return Path(spec.origin).parent / "data"


def extract(data: Path, botocore: str) -> Extract:
    """The extract of the botocore whose ``data`` folder this is."""
    services: dict[str, Service] = {
        service: {"api_version": api_version, "shapes": reachable(read_shapes(data, service), roots(service))}
        for service, api_version in SERVICES.items()
    }
    return {"botocore": botocore, "services": services}


def render(model: Extract) -> str:
    """The file's text: one line a shape, so that an update can be read as a difference."""
    lines = [f'{{"botocore":{json.dumps(model["botocore"])},"services":{{']
    for service_name, last_service in _with_last(sorted(model["services"])):
        service = model["services"][service_name]
        lines.append(f'"{service_name}":{{"api_version":{json.dumps(service["api_version"])},"shapes":{{')
        for name, last in _with_last(sorted(service["shapes"])):
            shape = json.dumps(service["shapes"][name], sort_keys=True, separators=(",", ":"))
            lines.append(f'"{name}":{shape}{"" if last else ","}')
        lines.append("}}" if last_service else "}},")
    lines.append("}}")
    return "\n".join(lines) + "\n"


def _with_last(names: list[str]) -> Iterable[tuple[str, bool]]:
    return ((name, name == names[-1]) for name in names)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the file would change")
    arguments = parser.parse_args()
    text = render(extract(installed_data(), version("botocore")))
    if arguments.check:
        return int(not TARGET.exists() or TARGET.read_text(encoding="utf-8") != text)
    TARGET.write_text(text, encoding="utf-8")
    print(f"{TARGET.name}: botocore {version('botocore')}, {len(text):,} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
