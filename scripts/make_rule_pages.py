"""Write docs/rules/*.md from the docstrings of the rules; with ``--check``, only say whether they are current.

Run it from anywhere: ``python scripts/make_rule_pages.py``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from contract_lint.engine import load_rules

TARGET = Path(__file__).resolve().parent.parent / "docs" / "rules"
AREAS = {
    "CL0": "Hygiene: the run itself",
    "CL1": "Declarations: one step's contract against itself",
    "CL2": "Properties and types",
    "CL3": "Connections",
    "CL4": "Pipeline graph",
    "CL5": "Property files, conditions, parameters",
    "CL6": "Scripts against contracts",
    "CL7": "Service limits",
    "CL8": "Definition time against run time",
    "CL9": "Evolution",
}


def pages() -> Mapping[str, str]:
    """The text of every file below docs/rules, by its name."""
    rules = load_rules()
    files: dict[str, str] = {}
    index = ["# Rules", "", "A rule's id or its name is accepted wherever a rule is named; an area (`CL2`) stands for all its rules."]
    area = ""
    for rule in rules:
        off = ", off unless selected" if rule.off else ""
        files[f"{rule.id}.md"] = f"# {rule.id} {rule.name}\n\nDefault severity: {rule.severity.value}{off}.\n\n{rule.page.rstrip()}\n"
        if rule.area != area:
            area = rule.area
            index += ["", f"## {area}xx {AREAS.get(area, 'Other rules')}", "", "| rule | name | severity | |", "|---|---|---|---|"]
        index.append(f"| [{rule.id}]({rule.id}.md) | {rule.name} | {rule.severity.value}{off} | {rule.summary} |")
    files["index.md"] = "\n".join(index) + "\n"
    return files


def stale() -> list[str]:
    """The names of pages that are missing, not current, or of no rule."""
    wanted = pages()
    present = {path.name: path.read_text(encoding="utf-8") for path in TARGET.glob("*.md")}
    return sorted(name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name))


def main(arguments: Sequence[str]) -> int:
    if arguments == ["--check"]:
        names = stale()
        print(f"not current: {', '.join(names)}; run python scripts/make_rule_pages.py" if names else "all rule pages are current")
        return 1 if names else 0
    TARGET.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for name in stale():
        if name in wanted:
            (TARGET / name).write_text(wanted[name], encoding="utf-8", newline="\n")
        else:
            (TARGET / name).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
