"""The one thing pyproject.toml cannot say: `rules/` and its sub-packages are found in the tree and named `contract_lint.rules`."""

from setuptools import find_packages, setup

setup(packages=[*find_packages(include=["contract_lint*"]), *(f"contract_lint.{name}" for name in find_packages(include=["rules*"]))])
