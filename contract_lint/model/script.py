"""What a script that runs in a container needs and does, as far as its code says."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from contract_lint.model.span import Span

#: Below it stands all that SageMaker mounts and collects.
CONTAINER = "/opt/ml"
#: Where the channels of a training job are mounted (SageMaker developer guide, "How Amazon SageMaker Provides Training Information").
CHANNELS = f"{CONTAINER}/input/data"


class Access(str, Enum):
    """How a script uses a path; ``UNKNOWN`` where nothing tells."""

    READ = "reads"
    WRITTEN = "writes"
    UNKNOWN = "uses"


class PathUse(Struct, frozen=True):
    """A path in the container that the script uses; ``span`` is where the path is written or put together."""

    path: str
    access: Access
    span: Span


class EnvironmentRead(Struct, frozen=True):
    """An environment variable that is read; ``demanded`` if the script fails without it."""

    name: str
    demanded: bool
    span: Span


class Argument(Struct, frozen=True):
    """One ``add_argument``: ``flags`` are the option strings, or the sole name of a positional.

    ``choices`` are the accepted values where all are known, ``takes_value`` is false for switches.
    """

    flags: tuple[str, ...]
    required: bool
    choices: tuple[str, ...] | None
    takes_value: bool
    span: Span

    @property
    def positional(self) -> bool:
        return not self.flags[0].startswith("-")


class Script(Struct, frozen=True):
    """A script of the project, read as the program that a job runs; ``span`` is its first character.

    ``paths`` are those that certainly matter to it; ``mentioned`` all container paths and channel variables that its code and its
    own modules name at all, whether or not they are used; a NUL character ends the known beginning of a computed path.
    ``open_paths`` says that it may use more than is mentioned.
    ``arguments`` are those of its only parser, None where it has none, several, or one that is not known in full;
    ``accepts_unknown`` is ``parse_known_args``, ``abbreviates`` whether argparse completes the beginnings of flags.
    """

    path: str
    span: Span
    paths: tuple[PathUse, ...]
    mentioned: tuple[str, ...]
    environment: tuple[EnvironmentRead, ...]
    arguments: tuple[Argument, ...] | None
    accepts_unknown: bool = False
    abbreviates: bool = True
    open_paths: bool = False
