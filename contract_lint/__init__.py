"""Find broken contracts between SageMaker pipeline steps without running the code that defines them."""

from __future__ import annotations

TYPE_CHECKING = False  # for type checkers; to import typing would run a typing.py of the project that is checked (see __main__)

if TYPE_CHECKING:
    from contract_lint.run import lint as lint

__version__ = "0.1.0"
__all__ = ["__version__", "lint"]


def __getattr__(name: str) -> object:
    """Load ``lint`` only when it is asked for: it brings msgspec and the model, which ``--version`` must not."""
    if name == "lint":
        from contract_lint.run import lint

        return lint
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
