"""Python turns a pipeline variable into a text or a number, or computes with it.

## What it reports

A pipeline parameter, a property of a step, a `Join`, a `JsonGet`, an `ExecutionVariables` member or the result of a `@step` function in an
f-string, in `%` or `.format`, next to `+` and other operators, or in `str()`, `print()`, `int()`, `float()`, `len()`, `json.dumps()`,
`os.path.join()` and the like; a method of texts that is called on one (`bucket.split("/")`); and one that is read like a list or a text
(`bucket[5:]`, `for subnet in subnets`, `"s3" in bucket`).

## Why it matters

While the pipeline is defined, a pipeline variable has no value: it is replaced when the pipeline runs. The SDK raises a TypeError for
these operations. Its versions up to 2.80 put the variable's `repr` into the text without a word, and later ones the default of a
`ParameterString`.

## Bad

```python
from sagemaker.workflow.parameters import ParameterString

bucket = ParameterString(name="DataBucket", default_value="reports-bucket")
input_uri = f"s3://{bucket}/daily/input"
```

## Good

```python
from sagemaker.workflow.functions import Join
from sagemaker.workflow.parameters import ParameterString

bucket = ParameterString(name="DataBucket", default_value="reports-bucket")
input_uri = Join(on="/", values=["s3:/", bucket, "daily/input"])
```

## How to fix

Let the pipeline put the text together with `Join(on=…, values=[…])`; give a variable that is due as a text as `variable.to_string()`; pass
an argument of a job as an element of its own. To look at a variable, print `variable.expr`.

## When it stays silent

Where the value is a pipeline variable on some paths only, or not known; for `repr()`, `!r`, `isinstance` and logging, which raise nothing;
and for what is a plain value of a variable: `step.name`, `parameter.name`, `parameter.default_value`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    PIPELINE_PARAMETERS,
    Draft,
    Hidden,
    Literal,
    Made,
    Operation,
    OperationView,
    Read,
    SdkNamed,
    SdkScene,
    Severity,
    rule,
)

from ._variables import FUNCTIONS, Variable, scope_of_operation, variable

#: Fields of templates that do not ask for the text of what they are given.
FIELD = re.compile(r"\{[^{}:!]*(?:[.\[]|![ra])")
CONVERSION = re.compile(r"%(?:\([^)]*\))?[-+ #0-9.*]*[ra]")
#: Functions that raise when they are given one, by what a message calls it.
CONVERTING = frozenset({"str", "int", "float", "len", "print", "round", "abs", "bytes", "bytearray", "complex", "open", "format", "divmod",
                        "pow", "chr", "hex", "oct", "bin", "json.dump", "json.dumps", "json.loads", "json.load"})  # fmt: skip
#: Modules whose functions take texts and numbers.
TEXT_MODULES = ("os.path.", "posixpath.", "pathlib.", "urllib.", "re.", "math.", "base64.", "shlex.", "textwrap.")
#: Variables without elements: those of properties and results are looked at elsewhere (CL206, CL213, CL811).
PLACEHOLDERS = PIPELINE_PARAMETERS | FUNCTIONS | {"execution"}
#: What is done to their elements, as a reader would name it.
READING = {"for": "a loop", "unpack": "unpacking", "in": "'in'", "not in": "'not in'", "str.join": "''.join()"}
#: What Python's texts and numbers have, and no pipeline variable.
METHODS = frozenset(name for kind in (str, int, float, bytes) for name in dir(kind) if not name.startswith("_"))


@dataclass(frozen=True, slots=True)
class Operated:
    """``how`` is the operation as a reader would name it."""

    label: str
    how: str
    kind: str

    def message(self) -> str:
        return f"{self.how} needs the value of {self.label}, which is only known while the pipeline runs"

    def help(self) -> str:
        if self.how == "print()":
            return "print its .expr, which shows what the pipeline will replace it with"
        if self.kind == "arithmetic":
            return "compute it in a step of the pipeline, or pass a plain number"
        if self.how in ("int()", "float()", "len()", "round()", "abs()"):
            return "give the variable itself, or compute it in a step of the pipeline"
        if self.how == "str()":
            return "use .to_string(), which the pipeline resolves when it runs"
        return 'put the text together with Join(on="", values=[…]), which the pipeline does when it runs'


@rule("CL801", "string-operation-on-pipeline-variable", Severity.ERROR, view=OperationView, facts=Operated)
def string_operation_on_pipeline_variable(view: OperationView) -> Iterator[Draft]:
    operation = view.operation
    found = _variable(view.scene, operation) if operation.certain else None
    how = _how(operation, found) if found is not None else None
    if found is None or how is None:
        return
    span = operation.operand_span or operation.span
    yield Draft(Operated(found.label, how, operation.kind), span, scope_of_operation(operation), how, found.related())


def _variable(scene: SdkScene, operation: Operation) -> Variable | None:
    """The variable that takes part; of what is read of one by an index, the one that has the index."""
    operand = operation.operand
    if operation.kind == "read" and operation.what == "[]" and isinstance(operand, Read) and operand.path.startswith("["):
        return variable(scene, Made(operand.of)) if operand.path.count("[") == 1 and operand.path.endswith("]") else None
    return variable(scene, operand)


def _how(operation: Operation, operand: Variable) -> str | None:
    """What is done, where it fails on every pipeline variable."""
    what = operation.what
    if operation.kind == "text":
        if "!r" in what or "!a" in what or _shows_something_else(operation):
            return None
        if what.startswith("str."):
            return f"{what.removeprefix('str')}()" if what != "str.join" else "''.join()"
        return "an f-string" if what == "f-string" else f"'{what}'"
    if operation.kind == "arithmetic":
        return f"'{what}'"
    if operation.kind == "convert":
        if what in ("json.dump", "json.dumps") and any(isinstance(one, (Hidden, SdkNamed)) for one in operation.others):
            return None  # a default= or cls= of its own may know what to do
        if what == "slice":
            return "a slice" if operand.kind in PLACEHOLDERS else None
        return f"{what}()" if what in CONVERTING or what.startswith(TEXT_MODULES) else None
    if operand.kind in PLACEHOLDERS and operation.kind in ("iterate", "contains"):
        return READING.get(what, f"{what}()" if what.replace(".", "").isidentifier() else f"'{what}'")
    if operand.kind in PLACEHOLDERS and (operation.kind, what) == ("read", "[]"):
        return "an index"
    if operation.kind == "call-method":
        return f".{what}()" if what in METHODS and operand.kind != "result" else None
    return None


def _shows_something_else(operation: Operation) -> bool:
    """Whether a field may show its ``repr``, or something of it: ``"%(x)r" % {"x": value}``, ``"{0.name}".format(value)``."""
    texts = [one.value for one in operation.others if isinstance(one, Literal) and isinstance(one.value, str)]
    return any((FIELD if operation.what == "str.format" else CONVERSION).search(text) for text in texts)
