"""The command line: ``main`` runs one command and turns every way to fail into a message and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from contract_lint import __version__
from contract_lint.cli.check import check
from contract_lint.cli.config import config
from contract_lint.cli.files import files
from contract_lint.cli.graph import graph
from contract_lint.cli.init import init
from contract_lint.cli.resolve import resolve
from contract_lint.cli.rule import rule
from contract_lint.cli.rules import rules
from contract_lint.cli.show import show
from contract_lint.cli.why import why

PROGRAM = "contract-lint"
DEBUG = "CONTRACT_LINT_DEBUG"

EXIT_FAILED = 2
EXIT_INTERRUPTED = 130


class CheckByDefault(click.Group):
    """An exact command name wins; everything else, options first included, goes to ``check``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {name for parameter in self.get_params(ctx) for name in parameter.opts}
        if not args or (args[0] not in self.commands and args[0] not in own):
            args = ["check", *args]
        return super().parse_args(ctx, args)


@click.group(cls=CheckByDefault, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name=PROGRAM, message="%(prog)s %(version)s")
def commands() -> None:
    """Find broken contracts between SageMaker pipeline steps without running the code that defines them.

    \b
    contract-lint              check the project here
    contract-lint src/         report on one folder
    contract-lint rule CL201   explain a rule

    What is no command is given to `check`, which `contract-lint check --help` describes. A folder named like a command is ./rules.

    Exit codes: 0 nothing found, 1 findings, 2 could not check.
    """


for _command in (check, config, files, graph, init, resolve, rule, rules, show, why):
    commands.add_command(_command)


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``argv`` (default: the process's arguments) and return the exit code."""
    try:
        code = commands.main(args=argv, prog_name=PROGRAM, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return EXIT_FAILED
    except (click.Abort, KeyboardInterrupt):
        return _say("interrupted", EXIT_INTERRUPTED)
    except Exception as error:
        return _failed(error)
    return code if isinstance(code, int) else 0


def console() -> None:
    """The process: ``main``, and an end that does not take apart what was read (a twentieth of a run's time)."""
    code = main()
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            sys.exit(code)
    os._exit(code)


def _failed(error: Exception) -> int:
    from contract_lint.model.errors import ContractLintError

    if os.environ.get(DEBUG):
        import traceback

        traceback.print_exception(error)
    if isinstance(error, ContractLintError):
        return _say(f"error: {error}", EXIT_FAILED)
    kind = type(error).__name__
    hint = f"please report it with the command you ran and, if you may, the code it read ({DEBUG}=1 shows the traceback)"
    return _say(f"internal error: {kind}: {error}\nThis is a bug in contract-lint: {hint}.", EXIT_FAILED)


def _say(message: str, code: int) -> int:
    from contract_lint.cli.output import complain

    complain(message)
    return code
