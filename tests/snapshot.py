"""A copy of the working tree as a commit of it would be: for tests that build or install the project."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def clean_environment(**more: str) -> dict[str, str]:
    """The environment without git's own variables: inside a git hook they would lead every git command to the outer repository."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))}
    return {
        **kept,
        "GIT_AUTHOR_NAME": "test",
        "GIT_AUTHOR_EMAIL": "test@example.com",
        "GIT_COMMITTER_NAME": "test",
        "GIT_COMMITTER_EMAIL": "test@example.com",
        **more,
    }


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", str(folder), *arguments], env=clean_environment(), check=True, stdout=subprocess.PIPE, encoding="utf-8"
    ).stdout


def project_files() -> list[str]:
    """The files that git tracks or would track, relative to the root."""
    listed = git(ROOT, "ls-files", "-coz", "--exclude-standard").split("\0")
    return sorted(name for name in listed if name and (ROOT / name).is_file())


def copy_project(target: Path) -> Path:
    """Copy these files to a new folder: nothing that an earlier build left behind comes along."""
    for name in project_files():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target / name)
    return target


def commit_all(folder: Path) -> Path:
    """Make the folder a git repository with one commit that holds everything in it."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "-c", "commit.gpgsign=false", "commit", "--quiet", "--no-verify", "--message", "snapshot")
    return folder
