"""What an evaluation can be asked to watch beyond the project, and to answer in its stead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from contract_lint.python.calls import Arguments
    from contract_lint.python.frame import Frame
    from contract_lint.python.values import Origin, Value


class Observer(Protocol):
    """Sees each use of something outside the project; what a method returns is the result of the use, None leaves it open.

    ``name`` is the full dotted name (``os.environ``, ``pandas.read_csv``; a builtin's own), or the last part where only that is known.
    """

    def outside_call(self, frame: Frame, name: str, receiver: Value | None, arguments: Arguments, origin: Origin) -> Value | None: ...

    def outside_item(self, frame: Frame, name: str, key: Value, origin: Origin) -> Value | None: ...

    def outside_contains(self, name: str, key: Value) -> Value | None: ...

    def outside_store(self, name: str, key: Value) -> None: ...
