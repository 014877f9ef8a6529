"""What README and docs say is true: commands, links and tables."""

from __future__ import annotations

import doctest
import re

import pytest
import tomli
from snapshot import ROOT, project_files

import contract_lint
from contract_lint.engine import load_rules

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [name for name in project_files() if name.endswith(".md") and not name.startswith("tests/")]


def console_blocks(text: str) -> list[str]:
    return [block.strip() for block in re.findall(r"^```console\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)]


def test_the_readme_opens_with_the_two_commands_that_ci_runs() -> None:
    lint, test, *_ = console_blocks(README)
    assert "\n" not in lint + test
    assert lint.endswith("/contract-lint examples/churn")
    assert "/pytest" in test

    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.findall(r'^run "(.*)"$', script, flags=re.MULTILINE) == [lint, test]


def test_the_hook_snippet_names_a_hook_that_exists() -> None:
    declared = re.findall(r"^- id: (\S+)$", (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert re.findall(r"^ +- id: (\S+)$", README, flags=re.MULTILINE) == declared
    assert re.findall(r"^ +rev: v(\S+)$", README, flags=re.MULTILINE) == [contract_lint.__version__]


def test_the_version_stands_in_the_package_the_metadata_and_the_changelog() -> None:
    metadata = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert metadata["project"]["version"] == contract_lint.__version__
    assert f"\n## {contract_lint.__version__} " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_links_within_the_repository_lead_somewhere(page: str) -> None:
    path = ROOT / page
    prose = re.sub(r"^```.*?^```|`[^`\n]*`", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", prose) if not re.match(r"[a-z]+:", target)]
    assert [target for target in targets if target and not (path.parent / target).exists()] == []


@pytest.mark.parametrize("recipe", sorted(set(re.findall(r"just ([a-z][a-z-]*)", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))))
def test_the_recipes_named_in_contributing_exist(recipe: str) -> None:
    assert re.search(rf"^{recipe}\b[^=\n]*:", (ROOT / "justfile").read_text(encoding="utf-8"), flags=re.MULTILINE)


def test_the_readme_lists_all_rules() -> None:
    table = README.partition("<!-- rules -->\n")[2].partition("<!-- /rules -->")[0].splitlines()[2:]
    rules = load_rules()
    assert table == [f"| {r.id} | {r.name} | {r.severity.value}{', off' if r.off else ''} | {r.summary} |" for r in rules]


def test_the_examples_of_the_library_give_what_they_say() -> None:
    """In order, in one namespace; tracebacks stand without their frames."""
    page = ROOT / "docs" / "library.md"
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    assert blocks
    assert all(block.startswith(">>> ") for block in blocks)

    said: list[str] = []
    names: dict[str, object] = {}
    for block in blocks:
        line = text[: text.index(block)].count("\n")
        example = doctest.DocTestParser().get_doctest(block, names, page.name, str(page), line)
        doctest.DocTestRunner().run(example, out=said.append, clear_globs=False)
        names = example.globs
    assert said == [], "".join(said)
