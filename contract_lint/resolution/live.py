"""Live executions: the answers of the services through boto3, which is imported when the first question is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from contract_lint.resolution.answers import Answer, mapping, structures, text
from contract_lint.resolution.asking import EMR, SUMMARIES, TUNING, Asked
from contract_lint.resolution.errors import Missing, ResolutionError
from contract_lint.resolution.refusals import Denied, Invalid, explained
from contract_lint.resolution.source import Source

#: As the service model has it (`PipelineExecutionArn`).
_ARN = re.compile(r"arn:aws[a-z\-]*:sagemaker:(?P<region>[a-z0-9\-]+):[0-9]{12}:pipeline/[^/]+/execution/[^/]+")
#: `TrainingJobSummaries[k]` holds the 50 best jobs (developer guide, "Tuning step").
_BEST = 50
_PAGE = 100
#: The first attempt included; botocore waits up to 20 s between two, by its standard mode.
_ATTEMPTS = 6
_SERVICES = {"sagemaker": "sagemaker", "emr": "elasticmapreduce"}


class LiveSource:
    """The answers of SageMaker, and of EMR for its steps, about one execution.

    ``region`` is that of the ARN unless it is given; ``client`` and ``emr`` are boto3 clients to use instead of new ones, which take
    credentials from where boto3 always looks (environment, profile, role). Raises ResolutionError for an ARN that is none of an
    execution, and for a region that is not the ARN's.
    """

    fixed = False

    def __init__(self, arn: str, region: str | None = None, *, client: object = None, emr: object = None) -> None:
        read = _ARN.fullmatch(arn)
        if read is None:
            shape = "arn:aws:sagemaker:<region>:<account>:pipeline/<name>/execution/<id>"
            raise ResolutionError(f"{arn!r} is no ARN of a pipeline execution", f"it looks like {shape}")
        if region is not None and region != read["region"]:
            raise ResolutionError(f"the execution is in region {read['region']}, not in {region}", "leave the region out: the ARN has it")
        self._arn, self._region = arn, read["region"]
        self._clients = {"sagemaker": client, "emr": emr}

    @property
    def arn(self) -> str:
        return self._arn

    def summary(self) -> Answer:
        return self._call("describe_pipeline_execution", {"PipelineExecutionArn": self._arn})

    def steps(self) -> Sequence[Answer]:
        arguments = {"PipelineExecutionArn": self._arn, "SortOrder": "Ascending", "MaxResults": _PAGE}
        return [
            step
            for page in self._pages("list_pipeline_execution_steps", arguments)
            for step in structures(page.get("PipelineExecutionSteps"))
        ]

    def definition(self) -> str | None:
        try:
            answer = self._call("describe_pipeline_definition_for_execution", {"PipelineExecutionArn": self._arn})
        except Denied:  # it only makes messages better
            return None
        return text(answer.get("PipelineDefinition"))

    def describe(self, asked: Asked, member: str | None, step: str) -> Answer:
        how = asked.how
        if how is EMR:
            return mapping(self._call(how.operation, {"ClusterId": asked.cluster, "StepId": asked.identity}, "emr").get("Step"))
        arguments = {how.argument: asked.value}
        if how.older is not None and member in how.older_members:
            return self._call(how.older, arguments)
        answer = self._call(how.operation, arguments)
        if how.older is not None and member is None:
            return {**self._older(how.older, arguments), **answer}
        return {**answer, SUMMARIES: self._best_jobs(answer, asked)} if how is TUNING and member in (None, SUMMARIES) else answer

    def other(self, arn: str) -> Source:
        return LiveSource(arn, client=self._clients["sagemaker"], emr=self._clients["emr"])

    def _older(self, operation: str, arguments: Mapping[str, object]) -> Answer:
        """What the older interface tells; nothing of jobs that the newer one made."""
        try:
            return self._call(operation, arguments)
        except (Missing, Invalid):
            return {}

    def _best_jobs(self, tuning: Answer, asked: Asked) -> list[Answer]:
        arguments: dict[str, object] = {asked.how.argument: asked.value, "MaxResults": _BEST}
        if (direction := _direction(tuning)) is not None:
            arguments |= {"SortBy": "FinalObjectiveMetricValue", "SortOrder": "Ascending" if direction == "Minimize" else "Descending"}
        found: list[Answer] = []
        for page in self._pages("list_training_jobs_for_hyper_parameter_tuning_job", arguments):
            found += structures(page.get(SUMMARIES))
            if len(found) >= _BEST:
                break
        return found[:_BEST]

    def _pages(self, operation: str, arguments: Mapping[str, object]) -> Iterator[Answer]:
        """All pages; a token that comes again ends them."""
        seen: set[str] = set()
        token: str | None = None
        while True:
            page = self._call(operation, {**arguments, "NextToken": token} if token else arguments)
            yield page
            token = text(page.get("NextToken"))
            if token is None or token in seen:
                return
            seen.add(token)

    def _call(self, operation: str, arguments: Mapping[str, object], service: str = "sagemaker") -> Answer:
        action = f"{_SERVICES[service]}:{''.join(map(str.capitalize, operation.split('_'))).replace('Automl', 'AutoML')}"
        with explained(action, self._arn):
            client = self._client(service)
            method = getattr(client, operation, None)
            if method is None:
                raise ResolutionError(f"the installed boto3 does not know {operation}", "pip install --upgrade boto3")
            return mapping(method(**arguments))

    def _client(self, service: str) -> object:
        if self._clients[service] is None:
            try:
                import boto3  # type: ignore[import-untyped, unused-ignore]
                from botocore.config import Config  # type: ignore[import-untyped, unused-ignore]
            except ImportError as error:
                raise ResolutionError(
                    "boto3 is not installed, and only it can ask for a live execution", "pip install 'pipeline-contract-lint[aws]'"
                ) from error
            config = Config(retries={"mode": "standard", "total_max_attempts": _ATTEMPTS})
            self._clients[service] = boto3.client(service, region_name=self._region, config=config)
        return self._clients[service]


def _direction(tuning: Answer) -> str | None:
    """``Maximize`` or ``Minimize``: the objective's type of a tuning job, or of its first definition of training jobs."""
    config = mapping(mapping(tuning.get("HyperParameterTuningJobConfig")).get("HyperParameterTuningJobObjective"))
    definitions = [mapping(tuning.get("TrainingJobDefinition")), *structures(tuning.get("TrainingJobDefinitions"))]
    objectives = [config, *(mapping(one.get("TuningObjective")) for one in definitions)]
    return next((found for one in objectives if (found := text(one.get("Type"))) is not None), None)
