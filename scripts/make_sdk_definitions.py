"""Run the examples of plain SDK code and keep the definitions that the SDK makes of them (`just sdk-definitions`).

The two versions of the SDK exclude each other, so each has an environment of its own, `.venv-sdk-2` and `.venv-sdk-3`, made at the first
run; `--python 2=PATH` names another. Nothing is asked of AWS: every request of botocore is answered here, and any other connection is an
error. `normalised` says what in the definitions is replaced.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import json
import logging
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import venv
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "abalone_style"
TARGET = EXAMPLE / "definitions"

#: Major version -> what is installed for it.
SDKS = {"2": "sagemaker==2.257.7", "3": "sagemaker==3.27.0"}
#: What is run -> the version that it is written for.
EXAMPLES = {"v2": "2", "v3": "3", "notebook": "2"}

REGION = "eu-west-1"
ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/HeatingPipelines"
#: The default bucket of the session, and the one that the SDK would make by itself.
BUCKET = "heating-pipelines"
BUCKETS = (BUCKET, f"sagemaker-{REGION}-{ACCOUNT}")

ENVIRONMENT = {
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "SAGEMAKER_SUPPRESS_V2_WARNING": "1",
    # The hashes of files that the SDK packs must not depend on the machine.
    "SOURCE_DATE_EPOCH": "0",
}
#: The SDK reports each call to its makers, past botocore, unless this is its configuration.
CONFIG = "SchemaVersion: '1.0'\nSageMaker:\n  PythonSDK:\n    Modules:\n      TelemetryOptOut: true\n"

ANSWERS = {
    "ListBuckets": "<ListAllMyBucketsResult><Buckets>"
    + "".join(f"<Bucket><Name>{name}</Name><CreationDate>2020-01-01T00:00:00Z</CreationDate></Bucket>" for name in BUCKETS)
    + "</Buckets></ListAllMyBucketsResult>",
    "GetCallerIdentity": "<GetCallerIdentityResponse><GetCallerIdentityResult>"
    f"<Arn>arn:aws:sts::{ACCOUNT}:assumed-role/HeatingPipelines/run</Arn><UserId>A</UserId><Account>{ACCOUNT}</Account>"
    "</GetCallerIdentityResult></GetCallerIdentityResponse>",
    "GetRole": "<GetRoleResponse><GetRoleResult><Role><Path>/</Path><RoleName>HeatingPipelines</RoleName><RoleId>A</RoleId>"
    f"<Arn>{ROLE}</Arn><CreateDate>2020-01-01T00:00:00Z</CreateDate></Role></GetRoleResult></GetRoleResponse>",
    "SimulatePrincipalPolicy": "<SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult><EvaluationResults/>"
    "</SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>",
    "HeadBucket": "",
    "HeadObject": "",
    "PutObject": "",
}


# --- in the environment of an SDK ---


def answer_everything() -> None:
    """Let botocore's requests be answered here; nothing else may connect."""
    import boto3  # type: ignore[import-not-found,unused-ignore]
    import botocore.session  # type: ignore[import-untyped,unused-ignore]
    from botocore.awsrequest import AWSResponse  # type: ignore[import-untyped,unused-ignore]

    class Body(io.BytesIO):
        def stream(self, *_: object, **__: object) -> Iterator[bytes]:
            yield self.read()

    def answer(request: object, event_name: str, **_: object) -> object:
        operation = event_name.rpartition(".")[2]
        if operation not in ANSWERS:
            raise SystemExit(f"no answer is known for {event_name.removeprefix('before-send.')}")
        return AWSResponse(getattr(request, "url", ""), 200, {}, Body(ANSWERS[operation].encode()))

    def refuse(*_: object, **__: object) -> NoReturn:
        raise OSError("no connection is made here")

    session = botocore.session.get_session()
    session.register("before-send", answer)
    boto3.setup_default_session(botocore_session=session)
    socket.socket.connect = refuse  # type: ignore[method-assign]
    socket.getaddrinfo = refuse


def run(name: str, folder: Path) -> str:
    """The definition of an example in a copy of the examples' folder."""
    if name == "notebook":
        os.chdir(folder)
        namespace: dict[str, object] = {"__name__": "__main__"}
        for code in cells(json.loads((folder / "notebook.ipynb").read_text(encoding="utf-8")), folder):
            exec(compile(code, "notebook.ipynb", "exec"), namespace)
        pipeline = namespace["pipeline"]
    else:
        sys.path.insert(0, str(folder / name))
        context = "sagemaker.workflow.pipeline_context" if name == "v2" else "sagemaker.core.workflow.pipeline_context"
        session = importlib.import_module(context).PipelineSession(default_bucket=BUCKET)
        pipeline = importlib.import_module("pipeline").get_pipeline(session, ROLE, BUCKET)
    return str(pipeline.definition())  # type: ignore[attr-defined]


def cells(notebook: dict[str, list[dict[str, object]]], folder: Path) -> Iterator[str]:
    """The code of a notebook without its magics; what ``%%writefile`` is to write is written."""
    for cell in notebook["cells"]:
        source = "".join(cell["source"]) if isinstance(cell["source"], list) else str(cell["source"])
        first, _, rest = source.partition("\n")
        if cell["cell_type"] != "code":
            continue
        if first.startswith("%%writefile"):
            written = folder / first.split()[1]
            written.parent.mkdir(parents=True, exist_ok=True)
            written.write_text(rest, encoding="utf-8")
        elif not first.startswith("%%"):
            yield "\n".join("" if line.startswith(("%", "!")) else line for line in source.split("\n"))


def print_definition(name: str) -> None:
    os.environ.update(ENVIRONMENT)
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as temporary:
        config = Path(temporary) / "config.yaml"
        config.write_text(CONFIG, encoding="utf-8")
        os.environ["SAGEMAKER_ADMIN_CONFIG_OVERRIDE"] = os.environ["SAGEMAKER_USER_CONFIG_OVERRIDE"] = str(config)
        folder = Path(temporary) / "example"
        shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__", "definitions"))
        with contextlib.redirect_stdout(sys.stderr):
            answer_everything()
            logging.disable(logging.WARNING)
            definition = run(name, folder)
    print(definition)


# --- outside of it ---


def environment(major: str) -> Path:
    """The interpreter of the environment for a version of the SDK, which is made if it is not there."""
    folder = ROOT / f".venv-sdk-{major}"
    python = folder / "bin" / "python"
    if not list(folder.glob(f"lib/python*/site-packages/{SDKS[major].replace('==', '-')}.dist-info")):
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", SDKS[major]], check=True)
    return python


def normalised(definition: str) -> str:
    """A definition in lines, with what differs from run to run replaced.

    ``CODE_HASH`` stands for the hashes (64 hexadecimal digits) in the keys of uploaded code, ``TIMESTAMP`` for the times in names that the
    SDK makes up (`xgboost-2026-01-31-08-15-00-123`, `code-20260131081500`), ``TEMPORARY`` for a path below the folder for temporary files.
    """
    text = json.dumps(json.loads(definition), indent=2, ensure_ascii=False)
    text = re.sub(r"\b[0-9a-f]{64}\b", "CODE_HASH", text)
    text = re.sub(r"\b20\d\d-\d\d-\d\d-\d\d-\d\d-\d\d(-\d{3})?\b|\b20\d{12}\b", "TIMESTAMP", text)
    text = re.sub(re.escape(tempfile.gettempdir()) + r'/[^/"]+', "TEMPORARY", text)
    return text + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--python", action="append", default=[], metavar="MAJOR=PATH", help="the interpreter for a version of the SDK")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file would change")
    parser.add_argument("--run", choices=EXAMPLES, help="print the definition that this interpreter's SDK makes of an example")
    arguments = parser.parse_args()
    if arguments.run:
        print_definition(arguments.run)
        return 0
    given = dict(one.split("=", 1) for one in arguments.python)
    changed = 0
    for name, major in EXAMPLES.items():
        python = given.get(major) or environment(major)
        command = [str(python), str(Path(__file__).resolve()), "--run", name]
        ran = subprocess.run(command, capture_output=True, encoding="utf-8")
        if ran.returncode:
            raise SystemExit(f"{name}:\n{ran.stderr}")
        text = normalised(ran.stdout)
        file = TARGET / f"{name}.json"
        if arguments.check:
            changed += not file.exists() or file.read_text(encoding="utf-8") != text
            continue
        TARGET.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        print(f"{file.relative_to(ROOT)}: {SDKS[major]}, {len(text):,} bytes")
    return int(changed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
