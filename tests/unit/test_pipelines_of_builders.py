"""Which pipelines are seen in code: graphs of step names, and builders that are called one by one."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest

from contract_lint.analysis import Analysis, analyse
from contract_lint.config import Config
from contract_lint.model.pipeline import Given, Lack, Pipeline

BUILDERS = """
from sagemaker.processing import ProcessingOutput
from sagemaker.workflow.steps import ProcessingStep, TrainingStep
from steps_framework import StepBuilderBase


class LoadConfig:
    def __init__(self, job_type="training"):
        self.job_type = job_type


class TrainConfig:
    pass


class LoadStepBuilder(StepBuilderBase):
    def __init__(self, config: LoadConfig):
        self.config = config

    def get_input_requirements(self):
        return {}

    def get_output_properties(self):
        return {"train_data": "S3 path of the training data"}

    def get_property_paths(self):
        return {"train_data": "properties.ProcessingOutputConfig.Outputs['train_data'].S3Output.S3Uri"}

    def create_step(self, inputs=None, dependencies=None):
        outputs = [ProcessingOutput(output_name="train_data", source="/opt/ml/processing/output")]
        return ProcessingStep(name="Load", processor=self.processor(), outputs=outputs)


class TrainStepBuilder(StepBuilderBase):
    def __init__(self, config: TrainConfig):
        self.config = config

    def get_input_requirements(self):
        return {"train_data": "S3 path of the training data"}

    def get_output_properties(self):
        return {"model": "S3 path of the model"}

    def get_property_paths(self):
        return {"model": "properties.ModelArtifacts.S3ModelArtifacts"}

    def create_step(self, inputs=None, dependencies=None):
        return TrainingStep(name="Train", estimator=self.estimator(), inputs={"train": inputs["train_data"]})


BUILDER_MAP = {"Load": LoadStepBuilder, "Train": TrainStepBuilder}
"""

GRAPH = """
class PipelineDAG:
    def __init__(self, nodes=None, edges=None):
        self.nodes = list(nodes or [])
        self.edges = []
        for source, target in edges or []:
            self.add_edge(source, target)

    def add_node(self, name):
        if name not in self.nodes:
            self.nodes.append(name)

    def add_edge(self, source, target):
        self.add_node(source)
        self.add_node(target)
        self.edges.append((source, target))
"""


def analysed(folder: Path, **files: str) -> Analysis:
    for name, text in {"builders": BUILDERS, **files}.items():
        (folder / f"{name}.py").write_text(textwrap.dedent(text), encoding="utf-8")
    return analyse(folder, [folder], Config())


def pipelines(folder: Path, **files: str) -> list[Pipeline]:
    return [wiring.pipeline for wiring in analysed(folder, **files).project.wirings]


def only(folder: Path, pipeline: str, **files: str) -> Pipeline:
    found = pipelines(folder, pipeline=pipeline, **files)
    assert len(found) == 1, [one.name for one in found]
    return found[0]


def edges(pipeline: Pipeline) -> list[tuple[str, str]]:
    return sorted((edge.source, edge.target) for edge in pipeline.edges)


def builders(pipeline: Pipeline) -> dict[str, str | None]:
    return {step.name: step.contract.class_name if step.contract is not None else None for step in pipeline.steps}


@pytest.mark.parametrize(
    "where",
    [
        "from steps_framework import PipelineDAG",
        "from graph import PipelineDAG",
        "from graphs_lost import PipelineDAG",
        "from steps_framework.dag import PipelineDAG as DAG\nPipelineDAG = DAG",
    ],
    ids=["an installed framework", "the project's own", "a module that is missing", "another name"],
)
def test_a_graph_is_read_wherever_its_class_comes_from(tmp_path: Path, where: str) -> None:
    grown = "dag = PipelineDAG(nodes=['Load'], edges=[])\n    dag.add_node('Train')\n    dag.add_edge('Load', 'Train')"
    code = f"{where}\n\ndef make_dag():\n    {grown}\n    return dag\n"
    found = only(tmp_path, code, graph=GRAPH)
    assert builders(found) == {"Load": "LoadStepBuilder", "Train": "TrainStepBuilder"}
    assert edges(found) == [("Load", "Train")]
    assert (found.open_steps, found.open_edges) == (None, None)


@pytest.mark.parametrize(
    "body",
    [
        "for name in ('Load', 'Train'):\n        dag.add_node(name)\n    for a, b in zip(STEPS, STEPS[1:]):\n        dag.add_edge(a, b)",
        "[dag.add_node(name) for name in STEPS]\n    dag.add_edge(STEPS[0], STEPS[1])",
        "grow(dag)",
        "dag.add_edge(dst='Train', src='Load')",
        "dag.add_edge(*STEPS)",
    ],
)
def test_a_graph_grows_in_loops_and_functions(tmp_path: Path, body: str) -> None:
    code = f"""
from steps_framework import PipelineDAG

STEPS = ["Load", "Train"]

def grow(dag):
    dag.add_node("Load")
    dag.add_node("Train")
    dag.add_edge("Load", "Train")

def make_dag():
    dag = PipelineDAG()
    {body}
    return dag
"""
    found = only(tmp_path, code)
    assert [step.name for step in found.steps] == ["Load", "Train"]
    assert edges(found) == [("Load", "Train")]


def test_what_some_paths_add_is_uncertain(tmp_path: Path) -> None:
    code = """
from steps_framework import PipelineDAG

def make_dag(evaluate):
    dag = PipelineDAG(nodes=["Load"])
    if evaluate:
        dag.add_node("Train")
        dag.add_edge("Load", "Train")
    dag.add_node("Score")
    return dag
"""
    found = only(tmp_path, code)
    assert {step.name: step.certain for step in found.steps} == {"Load": True, "Train": False, "Score": True}
    assert [edge.certain for edge in found.edges] == [False]


def test_what_is_added_in_a_loop_over_anything_leaves_the_graph_open(tmp_path: Path) -> None:
    code = """
from steps_framework import PipelineDAG

def make_dag(names):
    dag = PipelineDAG(nodes=["Load", "Train"], edges=[("Load", "Train")])
    for name in names:
        dag.add_edge("Load", name)
    return dag
"""
    found = only(tmp_path, code)
    assert found.open_steps is not None and found.open_edges is not None
    assert edges(found) == [("Load", "Train")]


def test_a_configuration_leads_to_the_builder(tmp_path: Path) -> None:
    code = """
from builders import BUILDER_MAP, LoadConfig, TrainConfig
from steps_framework import Assembler, PipelineDAG

def make():
    dag = PipelineDAG(nodes=["first", "second"], edges=[("first", "second")])
    config_map = {"first": LoadConfig(), "second": TrainConfig(), "third": TrainConfig()}
    return Assembler(dag, config_map, BUILDER_MAP)
"""
    found = only(tmp_path, code)
    assert builders(found) == {"first": "LoadStepBuilder", "second": "TrainStepBuilder"}
    assert [one.name for one in found.left_out] == ["third"]


def test_what_a_node_lacks(tmp_path: Path) -> None:
    code = """
from builders import LoadStepBuilder, LoadConfig, TrainConfig
from steps_framework import Assembler, PipelineDAG

STEP_NAMES = {"LoadConfig": "Load", "TrainConfig": "Train"}

def make():
    dag = PipelineDAG(nodes=["first", "second", "third"])
    config_map = {"first": LoadConfig(), "second": TrainConfig()}
    return Assembler(dag, config_map, {"Load": LoadStepBuilder})
"""
    found = only(tmp_path, code)
    assert [step.lacks for step in found.steps] == [None, Lack.BUILDER, Lack.CONFIG]
    assert all(step.lacks_at is not None for step in found.steps[1:])


def test_a_job_type_is_no_part_of_the_steps_name(tmp_path: Path) -> None:
    code = "from steps_framework import PipelineDAG\n\nDAG = PipelineDAG(nodes=['Load_training', 'Load_calibration', 'Train'])\n"
    found = only(tmp_path, code)
    assert builders(found) == {"Load_training": "LoadStepBuilder", "Load_calibration": "LoadStepBuilder", "Train": "TrainStepBuilder"}
    assert [step.variant for step in found.steps] == ["training", "calibration", None]


def test_a_name_that_only_edges_use_is_not_declared(tmp_path: Path) -> None:
    code = "from steps_framework import PipelineDAG\n\nDAG = PipelineDAG(nodes=['Load', 'Train'], edges=[('Laod', 'Train')])\n"
    found = only(tmp_path, code)
    assert {step.name: step.declared for step in found.steps} == {"Load": True, "Train": True, "Laod": False}


def test_a_graph_of_edges_alone_declares_its_ends(tmp_path: Path) -> None:
    code = "from steps_framework import PipelineDAG\n\ndag = PipelineDAG()\ndag.add_edge('Load', 'Train')\n"
    assert all(step.declared for step in only(tmp_path, code).steps)


def test_a_name_in_the_list_twice_is_repeated(tmp_path: Path) -> None:
    code = "from steps_framework import PipelineDAG\n\nDAG = PipelineDAG(nodes=['Load', 'Train', 'Load'])\n"
    found = only(tmp_path, code)
    assert [(one.name, one.span.line, one.first.column < one.span.column) for one in found.repeated] == [("Load", 3, True)]


def test_a_name_that_is_added_again_is_not_repeated(tmp_path: Path) -> None:
    code = "from steps_framework import PipelineDAG\n\nDAG = PipelineDAG(nodes=['Load', 'Train'])\nDAG.add_node('Train')\n"
    found = only(tmp_path, code)
    assert [step.name for step in found.steps] == ["Load", "Train"] and found.repeated == ()


def test_a_name_that_either_branch_adds_is_not_repeated(tmp_path: Path) -> None:
    code = """
from steps_framework import PipelineDAG

def graph(full):
    dag = PipelineDAG(nodes=["Load"])
    if full:
        dag.add_node("Train")
    else:
        dag.add_node("Train")
    return dag
"""
    found = only(tmp_path, code)
    assert [step.name for step in found.steps] == ["Load", "Train"] and found.repeated == ()


@pytest.mark.parametrize(
    "body",
    [
        "dag.edges.append(('Load', 'Train'))",
        "dag.edges = [('Load', 'Train')]",
        "dag.edges += [('Load', 'Train')]",
        "dag.edges['Load'] = ['Train']",
        "dag['Load'] = ['Train']",
        "dag.add_edges_from([('Load', 'Train')])",
        "dag.connect_all()",
        "dag.remove_node('Train')",
        "chain(dag, 'Load', 'Train')",
        "add_edges(dag)",
        "add_edges(graph=dag)",
        "nest(dag, 99)",
        "dag.add_node('Train', after=['Load'])",
        "dag.add_node('Train', 'Load')",
    ],
)
@pytest.mark.parametrize("where", ["steps_framework", "graph"])
def test_a_graph_that_changes_unseen_is_open(tmp_path: Path, where: str, body: str) -> None:
    own = """
    def add_edges_from(self, pairs):
        self.edges = [*self.edges, *pairs]

    def connect_all(self):
        self.edges = list(zip(self.nodes, self.nodes[1:]))

    def remove_node(self, name):
        self.nodes.remove(name)

    def __setitem__(self, name, names):
        self.edges += [(name, one) for one in names]
"""
    own = GRAPH.replace("add_node(self, name)", "add_node(self, name, after=())") + own
    code = f"""
from {where} import PipelineDAG
from steps_framework.helpers import add_edges, chain

def nest(dag, depth):
    if depth:
        nest(dag, depth - 1)
    else:
        dag.add_edge("Load", "Train")

def make():
    dag = PipelineDAG(nodes=["Load", "Train"])
    {body}
    print(dag)
    dag.validate()
"""
    assert only(tmp_path, code, graph=own).open_edges is not None


@pytest.mark.parametrize(
    "body",
    ["print(dag)", "dag.topological_sort()", "dag.name = 'churn'", "compile_dag(dag)", "for name in dag.nodes:\n        print(name)"],
)
def test_a_graph_that_is_only_looked_at_stays_closed(tmp_path: Path, body: str) -> None:
    code = f"""
from steps_framework import PipelineDAG, compile_dag

def make():
    dag = PipelineDAG(nodes=["Load", "Train"], edges=[("Load", "Train")])
    {body}
    return dag
"""
    found = only(tmp_path, code)
    assert (found.open_steps, found.open_edges) == (None, None)


def test_a_graph_without_edges_that_is_returned_may_get_some(tmp_path: Path) -> None:
    made = "from steps_framework import PipelineDAG\n\ndef make_dag():\n    return PipelineDAG(nodes=['Load', 'Train'])\n"
    assert only(tmp_path, made).open_edges == "given-to-caller"


def test_a_graph_that_another_module_extends_is_one_pipeline(tmp_path: Path) -> None:
    base = "from steps_framework import PipelineDAG\n\ndef base_dag():\n    return PipelineDAG(nodes=['Load'])\n"
    code = "from a_base import base_dag\n\ndef full():\n    dag = base_dag()\n    dag.add_edge('Load', 'Train')\n    return dag\n"
    assert edges(only(tmp_path, code, a_base=base)) == [("Load", "Train")]


@pytest.mark.parametrize(
    "made",
    [
        "PipelineDAG({'Load': ['Train'], 'Train': []})",
        "PipelineDAG(nodes=['Load', 'Train'], edges=[{'from': 'Load', 'to': 'Train'}])",
        "PipelineDAG('churn', ['Load', 'Train'], [('Load', 'Train')])",
        "PipelineDAG(steps=['Load', 'Train'])",
    ],
)
def test_arguments_of_another_constructor_leave_the_graph_open(tmp_path: Path, made: str) -> None:
    code = f"from steps_framework import PipelineDAG\n\ndag = {made}\ndag.add_node('Load')\n"
    assert only(tmp_path, code).open_edges is not None


def test_a_title_is_no_list_of_nodes(tmp_path: Path) -> None:
    code = "from steps_framework import PipelineDAG\n\ndag = PipelineDAG('churn')\ndag.add_edge('Load', 'Train')\n"
    assert [step.name for step in only(tmp_path, code).steps] == ["Load", "Train"]


def test_parameters_of_the_projects_own_graph_may_stand_in_another_order(tmp_path: Path) -> None:
    own = """
class PipelineDAG:
    def __init__(self, edges=(), nodes=()):
        self.edges, self.nodes = list(edges), list(nodes)

    def add_node(self, name):
        self.nodes.append(name)

    def add_edge(self, child, parent):
        self.edges.append((parent, child))
"""
    made = "DAG = PipelineDAG([('Load', 'Train')], ['Load', 'Train', 'Score'])\nDAG.add_edge('Score', 'Train')\n"
    code = f"from graph import PipelineDAG\n\n{made}"
    found = only(tmp_path, code, graph=own)
    assert [step.name for step in found.steps] == ["Load", "Train", "Score"]
    assert edges(found) == [("Load", "Train"), ("Train", "Score")]


def test_a_graph_of_something_else_is_no_pipeline(tmp_path: Path) -> None:
    code = GRAPH.replace("PipelineDAG", "Knowledge") + "\n\nk = Knowledge()\nk.add_edge('Vehicle', 'Train')\nk.add_edge('Vehicle', 'Car')\n"
    assert pipelines(tmp_path, pipeline=code) == []


CONFIGURED = """
from steps_framework import Assembler, PipelineDAG
from builders import LoadConfig, TrainConfig

class SharedConfig:
    pass

class BigTrainConfig(TrainConfig):
    pass

"""


def test_only_what_configures_a_step_of_its_own_is_left_out(tmp_path: Path) -> None:
    code = f"""{CONFIGURED}
def graph():
    load = LoadConfig()
    configs = {{
        "Load": load,
        "Train": TrainConfig(),
        "Retrain": TrainConfig(),
        "Loader": load,
        "Base": SharedConfig(),
        "Notes": "none",
    }}
    return Assembler(PipelineDAG(nodes=["Load", "Train"]), configs)
"""
    assert [one.name for one in only(tmp_path, code).left_out] == ["Retrain"]


def test_a_configuration_that_others_inherit_from_is_nobodys(tmp_path: Path) -> None:
    code = f"""{CONFIGURED}
def graph():
    configs = {{"Common": TrainConfig(), "Load": LoadConfig(), "Train": BigTrainConfig()}}
    return Assembler(PipelineDAG(nodes=["Load", "Train"]), configs)
"""
    assert only(tmp_path, code).left_out == ()


def test_what_another_graph_uses_is_left_out_by_none(tmp_path: Path) -> None:
    code = f"""{CONFIGURED}
CONFIGS = {{"Load": LoadConfig(), "Train": TrainConfig()}}

def loading():
    return Assembler(PipelineDAG(nodes=["Load"]), CONFIGS)

def training():
    return Assembler(PipelineDAG(nodes=["Load", "Train"]), CONFIGS)
"""
    assert [one.left_out for one in pipelines(tmp_path, pipeline=code)] == [(), ()]


def test_a_dict_of_other_things_configures_no_node(tmp_path: Path) -> None:
    code = f"""{CONFIGURED}
def graph():
    return Assembler(PipelineDAG(nodes=["Load", "Train"]), {{"Train": "the slow one"}})
"""
    assert [step.lacks for step in only(tmp_path, code).steps] == [None, None]


def test_another_graph_is_no_pipeline(tmp_path: Path) -> None:
    code = "import networkx as nx\n\ngraph = nx.DiGraph()\ngraph.add_node('Load')\ngraph.add_edge('Load', 'Train')\n"
    assert pipelines(tmp_path, pipeline=code) == []


def test_a_subclass_that_fills_itself(tmp_path: Path) -> None:
    code = """
from graph import PipelineDAG

class ChurnDAG(PipelineDAG):
    def __init__(self):
        super().__init__(nodes=["Load"])
        self.chain("Load", "Train")

    def chain(self, *names):
        for a, b in zip(names, names[1:]):
            self.add_edge(a, b)

dag = ChurnDAG()
"""
    found = only(tmp_path, code, graph=GRAPH)
    assert edges(found) == [("Load", "Train")]


def test_calls_of_builders_make_a_pipeline(tmp_path: Path) -> None:
    code = """
from builders import LoadConfig, LoadStepBuilder, TrainConfig, TrainStepBuilder
from sagemaker.workflow.pipeline import Pipeline

def get_pipeline():
    load = LoadStepBuilder(LoadConfig()).create_step()
    data = load.properties.ProcessingOutputConfig.Outputs["train_data"].S3Output.S3Uri
    train = TrainStepBuilder(TrainConfig()).create_step(inputs={"train_data": data}, dependencies=[load])
    return Pipeline(name="churn", steps=[load, train])
"""
    found = only(tmp_path, code)
    assert found.name == "churn"
    assert builders(found) == {"Load": "LoadStepBuilder", "Train": "TrainStepBuilder"}
    (given,) = found.given
    assert (given.step, given.input, given.given, given.producer) == ("Train", "train_data", Given.REFERENCE, "Load")
    assert given.path is not None
    assert given.path.text == "properties.ProcessingOutputConfig.Outputs['train_data'].S3Output.S3Uri"
    assert edges(found) == [("Load", "Train"), ("Load", "Train")]
    assert found.left_out == ()


def test_what_comes_from_outside_is_told_apart(tmp_path: Path) -> None:
    code = """
from builders import LoadConfig, LoadStepBuilder, TrainConfig, TrainStepBuilder
from sagemaker.workflow.parameters import ParameterString

def get_steps(something):
    load = LoadStepBuilder(LoadConfig()).create_step()
    one = TrainStepBuilder(TrainConfig()).create_step(inputs={"train_data": "s3://bucket/data"})
    two = TrainStepBuilder(TrainConfig()).create_step(inputs={"train_data": ParameterString(name="Data")})
    three = TrainStepBuilder(TrainConfig()).create_step(inputs={"train_data": something})
    return [load, one, two, three]
"""
    found = only(tmp_path, code)
    assert [step.name for step in found.steps] == ["Load", "Train", "Train#2", "Train#3"]
    assert [(one.step, one.given, one.says) for one in found.given] == [
        ("Train", Given.EXTERNAL, "a text"),
        ("Train#2", Given.EXTERNAL, "a pipeline parameter"),
        ("Train#3", Given.UNKNOWN, None),
    ]


def test_a_step_that_the_pipeline_does_not_list_is_left_out(tmp_path: Path) -> None:
    code = """
from builders import LoadConfig, LoadStepBuilder, TrainConfig, TrainStepBuilder
from sagemaker.workflow.pipeline import Pipeline

def get_pipeline():
    load = LoadStepBuilder(LoadConfig()).create_step()
    train = TrainStepBuilder(TrainConfig()).create_step(inputs={"train_data": "s3://bucket/data"})
    train.add_depends_on([load])
    other = LoadStepBuilder(LoadConfig("testing")).create_step()
    return Pipeline(name="churn", steps=[train])
"""
    found = only(tmp_path, code)
    assert edges(found) == [("Load_training", "Train")]
    assert [one.name for one in found.left_out] == ["Load_testing"]


@pytest.mark.parametrize("later", ["pipeline.steps.append(train)", "pipeline.steps = [load, train]", "pipeline.steps += [train]"])
def test_steps_that_are_listed_later_are_not_left_out(tmp_path: Path, later: str) -> None:
    code = f"""
from builders import LoadConfig, LoadStepBuilder, TrainConfig, TrainStepBuilder
from sagemaker.workflow.pipeline import Pipeline

def get_pipeline():
    load = LoadStepBuilder(LoadConfig()).create_step()
    train = TrainStepBuilder(TrainConfig()).create_step(inputs={{"train_data": "s3://bucket/data"}})
    pipeline = Pipeline(name="churn", steps=[load])
    {later}
    return pipeline
"""
    assert only(tmp_path, code).left_out == ()


def test_a_builder_that_calls_its_base_makes_one_step(tmp_path: Path) -> None:
    code = """
from builders import LoadConfig, LoadStepBuilder, TrainConfig, TrainStepBuilder
from sagemaker.workflow.pipeline import Pipeline

class OtherStepBuilder(TrainStepBuilder):
    def create_step(self, inputs=None, dependencies=None):
        return super().create_step({"train_data": "s3://bucket/data"}, dependencies)

def get_pipeline():
    load = LoadStepBuilder(LoadConfig()).create_step()
    other = OtherStepBuilder(TrainConfig()).create_step(dependencies=[load])
    return Pipeline(name="churn", steps=[load, other])
"""
    found = only(tmp_path, code)
    assert [step.name for step in found.steps] == ["Load", "Other"]
    assert edges(found) == [("Load", "Other")] and found.left_out == ()


def test_a_graph_in_json(tmp_path: Path) -> None:
    dag = {"dag": {"nodes": ["Load", "Train"], "edges": [["Load", "Train"], ["Laod", "Train"]]}, "metadata": {"name": "churn"}}
    (tmp_path / "churn.dag.json").write_text(json.dumps(dag, indent=1), encoding="utf-8")
    (found,) = pipelines(tmp_path)
    assert found.name == "churn"
    assert builders(found) == {"Load": "LoadStepBuilder", "Train": "TrainStepBuilder", "Laod": None}
    assert [str(edge.source_at) for edge in found.edges] == ["churn.dag.json:9:5", "churn.dag.json:13:5"]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('{"dag": {"nodes": ["A"],\n "edges": [}}', 2, "not valid JSON"),
        ('{"dag": {"nodes": ["A"],\n "edges": [["A"]]}}', 2, "an edge is to be a list of two names"),
        ('{"dag":\n {"edges": []}}', 2, "'nodes' of the graph is to be a list"),
        ("[]", 1, "no graph"),
        ('{"dag": {"nodes": [], "edges": []}, "version": ' + "9" * 5000 + "}", 1, "holds a number that is too long"),
    ],
)
def test_a_broken_graph_in_json_is_a_finding_with_its_place(tmp_path: Path, text: str, line: int, message: str) -> None:
    (tmp_path / "churn.dag.json").write_text(text, encoding="utf-8")
    project = analysed(tmp_path).project
    assert [(one.rule, one.span.line) for one in project.unreadable] == [("CL002", line)]
    assert project.unreadable[0].message.startswith(message)


def test_of_builders_of_one_name_the_one_counts_that_the_graphs_module_imports(tmp_path: Path) -> None:
    for package in ("first", "second"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
        (tmp_path / package / "builders.py").write_text(BUILDERS, encoding="utf-8")
        code = (
            f"from steps_framework import PipelineDAG\n\nfrom {package}.builders import BUILDER_MAP\n\nDAG = PipelineDAG(nodes=['Load'])\n"
        )
        (tmp_path / package / "pipeline.py").write_text(code, encoding="utf-8")
    found = [wiring.pipeline for wiring in analyse(tmp_path, [tmp_path], Config()).project.wirings]
    assert [one.name for one in found] == ["first/pipeline.py:pipeline", "second/pipeline.py:pipeline"]
    assert [str(one.steps[0].contract.span.path) for one in found if one.steps[0].contract is not None] == [
        "first/builders.py",
        "second/builders.py",
    ]


@pytest.mark.parametrize(
    "merge",
    [
        "inputs.update({'train_data': self.config.path})",
        "inputs.update(train_data=self.config.path)",
        "inputs = {'train_data': self.config.path, **inputs}",
        "inputs = dict(inputs, train_data=self.config.path)",
    ],
)
def test_what_a_builder_merges_into_its_inputs_may_come_from_itself(tmp_path: Path, merge: str) -> None:
    made = "        return TrainingStep("
    text = BUILDERS.replace(made, f"        {merge}\n{made}")
    assert text != BUILDERS
    found = only(tmp_path, "from steps_framework import PipelineDAG\n\nDAG = PipelineDAG(nodes=['Train'])\n", builders=text)
    assert [port.external for port in found.steps[0].inputs] == ["its builder may fill it in itself"]


NEEDY = (
    BUILDERS
    + """

class DeployConfig:
    def __init__(self, image="image"):
        self.image = image


class DeployStepBuilder(StepBuilderBase):
    def __init__(self, config: DeployConfig):
        self.config = config

    def get_input_requirements(self):
        return {"image": "Image to deploy", "endpoint": "Name of the endpoint"}

    def get_output_properties(self):
        return {}

    def create_step(self, inputs=None, dependencies=None):
        return ProcessingStep(name="Deploy", step_args=self.run(inputs))
"""
)


def externals(folder: Path, config: str, extra: str = "") -> dict[str, str | None]:
    code = f"""
from needy import DeployConfig, DeployStepBuilder
from steps_framework import Assembler, PipelineDAG, load

def make():
    {extra or "pass"}
    dag = PipelineDAG(nodes=["Deploy"])
    return Assembler(dag, {{"Deploy": {config}}}, {{"Deploy": DeployStepBuilder}})
"""
    found = only(folder, code, needy=NEEDY)
    return {port.name: port.external for port in found.steps[0].inputs}


def test_an_input_that_the_configuration_has_may_come_from_there(tmp_path: Path) -> None:
    assert externals(tmp_path, "DeployConfig()") == {"image": "its configuration has an attribute of this name", "endpoint": None}


def test_of_a_configuration_that_is_not_known_any_input_may_come(tmp_path: Path) -> None:
    unknown = "its configuration is only known at run time, and may have it"
    assert externals(tmp_path, "load('deploy')") == {"image": unknown, "endpoint": unknown}
    set_here = externals(tmp_path, "config", "config = load('deploy'); config.endpoint = 'e'")
    assert set_here == {"image": unknown, "endpoint": "its configuration has an attribute of this name"}


def test_a_step_with_attributes_of_its_own_may_hand_on_more_than_is_declared(tmp_path: Path) -> None:
    made = 'return TrainingStep(name="Train", estimator=self.estimator(), inputs={"train": inputs["train_data"]})'
    text = BUILDERS.replace(made, made.replace("return", "step =") + "\n        step.model_path = 's3://bucket/model'\n        return step")
    assert text != BUILDERS
    found = only(tmp_path, "from steps_framework import PipelineDAG\n\nDAG = PipelineDAG(nodes=['Load', 'Train'])\n", builders=text)
    assert [step.open_outputs for step in found.steps] == [None, "step-attributes"]


def test_comments_beside_a_port_declare_its_type_and_where_it_comes_from(tmp_path: Path) -> None:
    text = BUILDERS.replace(
        'return {"train_data": "S3 path of the training data"}\n\n    def get_output_properties(self):\n        return {"model"',
        'return {\n            "train_data": "What to train on",  # contract-lint: type=S3Uri[content=dataset] -- as agreed\n'
        '            "seed": "What to begin with",  # contract-lint: external\n'
        '            "odd": "Something",  # contract-lint: type=S3Uri[\n        }\n\n'
        '    def get_output_properties(self):\n        return {"model"',
    )
    assert text != BUILDERS
    found = only(tmp_path, "from steps_framework import PipelineDAG\n\nDAG = PipelineDAG(nodes=['Train'])\n", builders=text)
    ports = {port.name: port for port in found.steps[0].inputs}
    assert str(ports["train_data"].typing.type) == "S3Uri[content=dataset]"
    assert ports["train_data"].typing.evidence[0].says == "declared as S3Uri[content=dataset] in a comment"
    assert ports["seed"].external == "a comment says that it comes from outside"
    assert (str(ports["odd"].typing.type), ports["odd"].external) == ("S3Uri", None)
