"""``python -m contract_lint``."""

from __future__ import annotations

import sys

if not getattr(sys.flags, "safe_path", False):
    # `python -m` looks for modules in the working directory first, and what is checked must never be run.
    del sys.path[0]

from contract_lint.cli import console

if __name__ == "__main__":
    console()
