from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from contract_lint.model.errors import ConfigError, UsageError
from contract_lint.sources.discover import Discovery, Skipped, discover, find_root
from contract_lint.sources.scope import Scope, shadow_component

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
needs_links = pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links")


def make(root: Path, *files: str, **texts: str) -> Path:
    for name in files:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(texts.get(name, "x = 1\n"))
    return root


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


def reasons(found: Discovery) -> dict[str, str]:
    return {item.path: item.reason for item in found.skipped}


@pytest.fixture(autouse=True)
def _no_git_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)


# --- the root ---


def test_root_is_the_folder_of_the_nearest_configuration(tmp_path: Path) -> None:
    make(tmp_path, "a/b/c/x.py", ".git/HEAD")
    write(tmp_path, "a/pyproject.toml", "[tool.contract-lint]\n")
    write(tmp_path, "a/b/pyproject.toml", "[tool.other]\n")
    assert find_root([tmp_path / "a/b/c/x.py"]) == tmp_path / "a"
    write(tmp_path, "a/b/contract-lint.toml", "")
    assert find_root([tmp_path / "a/b/c"]) == tmp_path / "a/b"
    write(tmp_path, "a/b/contract-lint.toml", "= broken")
    assert find_root([tmp_path / "a/b/c"], use_config=False) == tmp_path


def test_root_is_the_work_tree_else_the_folder_that_holds_all(tmp_path: Path) -> None:
    make(tmp_path, "a/x.py", "a/sub/y.py", "b/z.py")
    assert find_root([tmp_path / "a/x.py"]) == tmp_path / "a"
    assert find_root([tmp_path / "a/x.py", tmp_path / "b"]) == tmp_path
    assert find_root([tmp_path / "a/x.py", tmp_path / "a/sub"]) == tmp_path / "a"
    write(tmp_path, ".git", "gitdir: elsewhere\n")
    assert find_root([tmp_path / "a/sub"]) == tmp_path


def test_root_of_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "p/.git/HEAD", "p/src/x.py")
    monkeypatch.chdir(tmp_path / "p/src")
    assert find_root([]) == tmp_path / "p"


def test_root_given(tmp_path: Path) -> None:
    make(tmp_path, "a/x.py", "b/y.py")
    assert find_root([tmp_path / "a/x.py"], root=tmp_path) == tmp_path
    with pytest.raises(UsageError, match="outside the project root"):
        find_root([tmp_path / "a/x.py"], root=tmp_path / "b")
    with pytest.raises(UsageError, match="not a folder"):
        find_root([], root=tmp_path / "a/x.py")


def test_root_of_a_missing_path(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nope\.py"):
        find_root([tmp_path / "nope.py"])


def test_root_with_a_broken_configuration(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", "[tool.contract-lint]\nselect = [\n")
    with pytest.raises(ConfigError):
        find_root([tmp_path])


# --- what is left out ---


def test_default_exclusions(tmp_path: Path) -> None:
    make(
        tmp_path,
        "a.py",
        "pkg/b.py",
        "pkg/note.txt",
        "env/lib/x.py",
        "env/pyvenv.cfg",
        "conda/conda-meta/history",
        "conda/x.py",
        "lib/site-packages/x.py",
        "build/lib/x.py",
        "pkg/__pycache__/x.py",
        "my.egg-info/x.py",
        "{{cookiecutter.name}}/x.py",
        "hooks/{{name}}.py",
        "builder/x.py",
    )
    found = discover(tmp_path)
    assert found.files == ("a.py", "builder/x.py", "pkg/b.py")
    assert reasons(found) == {
        "env": "a virtual environment",
        "conda": "a virtual environment",
        "lib/site-packages": "installed packages",
        "build": "a build or cache folder",
        "pkg/__pycache__": "a build or cache folder",
        "my.egg-info": "a build or cache folder",
        "{{cookiecutter.name}}": "a template (`{{` in its name)",
        "hooks/{{name}}.py": "a template (`{{` in its name)",
    }


def test_suffixes(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "b.yaml", "c.pyc", "d.PY")
    assert discover(tmp_path, suffixes=(".py", ".yaml")).files == ("a.py", "b.yaml")


def test_excludes(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "legacy/a.py", "legacy/deep/b.py", "src/gen/x.py", "src/gen_x.py", "src/x/gen_y.py", ".hidden/c.py", "docs/d.py")
    found = discover(tmp_path, excludes=["legacy", "src/**/gen_*.py", "./docs/", "**/c.py", "nothing/**"])
    assert found.files == ("a.py", "src/gen/x.py")
    assert reasons(found)["legacy"] == "excluded by 'legacy'"
    assert reasons(found)["src/x/gen_y.py"] == "excluded by 'src/**/gen_*.py'"
    assert found.unmatched == ("nothing/**",)


def test_a_star_stays_within_a_folder(tmp_path: Path) -> None:
    make(tmp_path, "a/x.py", "a/b/y.py")
    assert discover(tmp_path, excludes=["a/*.py"]).files == ("a/b/y.py",)


def test_a_folder_called_build_counts_unless_a_build_made_it(tmp_path: Path) -> None:
    make(tmp_path, "build/pipelines/train.py", "dist/a.py", "made/build/lib.linux-x86_64/x.py", "made/dist/pkg-1.0.whl", "made/dist/x.py")
    found = discover(tmp_path)
    assert found.files == ("build/pipelines/train.py", "dist/a.py")
    assert reasons(found) == {"made/build": "a build or cache folder", "made/dist": "a build or cache folder"}


# --- named paths ---


def test_named_files_count_although_excluded(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "build/gen.py", "legacy/b.py")
    found = discover(tmp_path, excludes=["legacy/**"], named=[tmp_path / "build/gen.py", tmp_path / "legacy/b.py"])
    assert found.files == ("a.py", "build/gen.py", "legacy/b.py")
    assert "legacy/b.py" not in reasons(found)


def test_named_folders_count_although_excluded(tmp_path: Path) -> None:
    make(
        tmp_path,
        "a.py",
        "build/gen.py",
        "build/lib/pkg.py",
        "build/node_modules/x.py",
        "build/venv/pyvenv.cfg",
        "build/venv/y.py",
        "legacy/b.py",
        "legacy/c/d.py",
    )
    found = discover(tmp_path, excludes=["legacy/**"], named=[tmp_path / "build", tmp_path / "legacy/c"])
    assert found.files == ("a.py", "build/gen.py", "build/lib/pkg.py", "legacy/c/d.py")
    found = discover(tmp_path, excludes=["legacy", "**/d.py", "build"], named=[tmp_path / "legacy"])
    assert found.files == ("a.py", "legacy/b.py")


@pytest.mark.parametrize("use_git", [pytest.param(True, marks=needs_git), False])
def test_named_paths_count_although_git_ignores_them(tmp_path: Path, use_git: bool) -> None:
    make(tmp_path, "a.py", "gen/b.py", "gen/c/d.py", "gen/skip.py", "e.py", "deep/gen/f.py")
    write(tmp_path, ".gitignore", "gen/\ne.py\n")
    write(tmp_path, "gen/.gitignore", "skip.py\n")
    if use_git:
        git(tmp_path, "init")
    everything = discover(tmp_path, use_git=use_git, list_ignored=True)
    assert everything.files == ("a.py",)
    assert {"gen", "e.py", "deep/gen"} <= {path for path, reason in reasons(everything).items() if reason == "ignored by git"}
    assert discover(tmp_path, named=[tmp_path / "gen"], use_git=use_git).files == ("a.py", "gen/b.py", "gen/c/d.py")
    assert discover(tmp_path, named=[tmp_path / "gen/c", tmp_path / "e.py"], use_git=use_git).files == ("a.py", "e.py", "gen/c/d.py")


def test_named_paths_that_are_missing_or_outside(tmp_path: Path) -> None:
    make(tmp_path, "p/a.py", "q/b.py")
    with pytest.raises(UsageError, match="missing"):
        discover(tmp_path / "p", named=[tmp_path / "p/missing"])
    with pytest.raises(UsageError, match="outside the project root"):
        discover(tmp_path / "p", named=[tmp_path / "q/b.py"])


# --- git and the walk ---

NASTY = {
    ".gitignore": (
        "# comment\n*.gen.py\n!keep.gen.py\n/top.py\nsecret/\n**/deep/*.py\n!**/deep/ok.py\nspace\\ .py\ntrail.py   \n\\#hash.py\n"
        "\\!bang.py\n[ab]?.py\nfoo/**/bar.py\nclosed/\n!closed/in.py\nnodir.py/\n*.tmp\nall/*\n!all/not.py\ncase.PY\n"
    ),
    "pkg/.gitignore": "!x.gen.py\n/local.py\nsub/*.py\n!sub/kept.py\n",
    "pkg/sub/.gitignore": "kept2.py\n",
    "crlf/.gitignore": "one.py\r\ntwo.py\r\n",
    "bom/.gitignore": "\ufefffirst.py\n",
    "deny/.gitignore": "*\n!.gitignore\n!yes.py\n",
}
NASTY_FILES = (
    "a.gen.py keep.gen.py top.py pkg/top.py secret/x.py pkg/secret/y.py secret.py x/deep/a.py x/deep/ok.py deep/b.py #hash.py !bang.py"
    " a1.py c1.py foo/bar.py foo/1/2/bar.py foo/1/2/baz.py closed/in.py nodir.py pkg/x.gen.py pkg/local.py pkg/q/local.py pkg/sub/a.py"
    " pkg/sub/kept.py pkg/sub/kept2.py crlf/one.py crlf/two.py crlf/three.py bom/first.py bom/second.py deny/no.py deny/yes.py all/not.py"
    " all/yes.py all/sub/z.py trail.py case.py info.py .hidden/h.py plain.py"
).split()


@needs_git
def test_git_and_the_walk_agree(tmp_path: Path) -> None:
    make(tmp_path, *NASTY_FILES, "space .py", "with space.py", "ünïcode.py", "tab\tand\nnewline.py", "nested/n.py", "nested/plain.tmp.py")
    for name, text in NASTY.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(text.encode())
    git(tmp_path, "init")
    (tmp_path / ".git/info").mkdir(exist_ok=True)
    (tmp_path / ".git/info/exclude").write_text("info.py\n")
    write(tmp_path, "nested/.gitignore", "ignored.py\n")
    make(tmp_path, "nested/ignored.py", "nested/a.gen.py")
    git(tmp_path / "nested", "init")
    with_git = discover(tmp_path, list_ignored=True)
    walked = discover(tmp_path, use_git=False, list_ignored=True)
    assert with_git.files == walked.files
    assert {"keep.gen.py", "x/deep/ok.py", "pkg/x.gen.py", "pkg/sub/kept.py", "nested/n.py", "tab\tand\nnewline.py"} <= set(walked.files)
    # The outer rules do not reach into a repository of its own.
    assert "nested/a.gen.py" in walked.files
    assert not {"closed/in.py", "info.py", "bom/first.py", "nested/ignored.py"} & set(walked.files)
    for part in ("pkg", "x", "foo/1"):
        assert discover(tmp_path / part).files == discover(tmp_path / part, use_git=False).files != ()


@needs_git
def test_tracked_files(tmp_path: Path) -> None:
    make(tmp_path, "kept.py", "deleted.py", "tracked_though_ignored.py", "untracked.py")
    write(tmp_path, ".gitignore", "tracked_though_ignored.py\n")
    git(tmp_path, "init")
    git(tmp_path, "add", "-f", "kept.py", "deleted.py", "tracked_though_ignored.py")
    (tmp_path / "deleted.py").unlink()
    found = discover(tmp_path)
    assert found.files == ("kept.py", "tracked_though_ignored.py", "untracked.py")
    assert found.skipped == ()


@needs_git
def test_submodules_and_nested_repositories(tmp_path: Path) -> None:
    other = make(tmp_path / "other", "lib.py", "skipped.py")
    write(other, ".gitignore", "skipped2.py\n")
    git(other, "init")
    git(other, "add", ".")
    git(other, "commit", "-m", "x")
    main = make(tmp_path / "main", "a.py")
    git(main, "init")
    git(main, "submodule", "add", str(other), "vendor/sub")
    make(main, "vendor/sub/new.py", "vendor/sub/skipped2.py", "ignored/repo/x.py")
    git(main / "ignored/repo", "init")
    write(main, ".gitignore", "ignored/\n")
    files = ("a.py", "vendor/sub/lib.py", "vendor/sub/new.py", "vendor/sub/skipped.py")
    assert discover(main).files == discover(main, use_git=False).files == files
    assert discover(main, named=[main / "vendor/sub"]).files == files
    assert "ignored/repo/x.py" in discover(main, named=[main / "ignored/repo"]).files
    # A submodule that is not checked out is an empty folder.
    shutil.rmtree(main / "vendor/sub")
    (main / "vendor/sub").mkdir()
    assert discover(main).files == ("a.py",)


@needs_git
def test_a_root_that_its_repository_ignores(tmp_path: Path) -> None:
    make(tmp_path, "project/a.py", "project/sub/b.py")
    write(tmp_path, ".gitignore", "*\n")
    git(tmp_path, "init")
    assert discover(tmp_path / "project").files == discover(tmp_path / "project", use_git=False).files == ("a.py", "sub/b.py")


@needs_git
def test_the_environment_of_a_hook_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "hooked/a.py", "other/b.py")
    git(tmp_path / "hooked", "init")
    git(tmp_path / "other", "init")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "hooked/.git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "hooked/.git/index"))
    assert discover(tmp_path / "other").files == ("b.py",)


@needs_git
def test_no_program_that_the_repository_names_is_run(tmp_path: Path) -> None:
    make(tmp_path, "a.py")
    git(tmp_path, "init")
    git(tmp_path, "add", "a.py")
    write(tmp_path, "evil.sh", "#!/bin/sh\ntouch ran\n")
    (tmp_path / "evil.sh").chmod(0o755)
    git(tmp_path, "config", "core.fsmonitor", str(tmp_path / "evil.sh"))
    assert discover(tmp_path).files == ("a.py",)
    assert not (tmp_path / "ran").exists()


def test_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a.py", "b.py", ".git/HEAD")
    write(tmp_path, ".gitignore", "b.py\n")
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    assert discover(tmp_path).files == ("a.py",)


# --- links and odd names ---


@needs_links
@pytest.mark.parametrize("use_git", [pytest.param(True, marks=needs_git), False])
def test_links(tmp_path: Path, use_git: bool) -> None:
    root = make(tmp_path / "root", "z.py", "sub/y.py")
    make(tmp_path, "outside.py", "elsewhere/w.py")
    (root / "a_link.py").symlink_to("z.py")
    (root / "b_out.py").symlink_to(tmp_path / "outside.py")
    (root / "c_out.py").symlink_to(tmp_path / "outside.py")
    (root / "dead.py").symlink_to("nowhere.py")
    (root / "self.py").symlink_to("self.py")
    (root / "sub/loop").symlink_to(root, target_is_directory=True)
    (root / "far").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    if use_git:
        git(root, "init")
    found = discover(root, use_git=use_git)
    assert found.files == ("b_out.py", "sub/y.py", "z.py")
    assert reasons(found) == {"dead.py": "a link that leads nowhere", "self.py": "a link that leads nowhere"}
    # What is named is known by its real place, if that is within the root.
    assert discover(root, named=[root / "sub/loop/sub"], use_git=use_git).files == found.files
    assert discover(root, named=[root / "a_link.py"], use_git=use_git).files == found.files
    assert discover(root, named=[root / "far/w.py"], use_git=use_git).files == ("b_out.py", "far/w.py", "sub/y.py", "z.py")
    assert discover(root, named=[root / "far"], use_git=use_git).files == ("b_out.py", "far/w.py", "sub/y.py", "z.py")


@needs_links
def test_a_root_reached_through_a_link(tmp_path: Path) -> None:
    make(tmp_path / "real", "a.py")
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    assert discover(tmp_path / "link", named=[tmp_path / "link/a.py"]).files == ("a.py",)
    assert Scope.of(tmp_path / "link", [tmp_path / "real/a.py"]).names == ("a.py",)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a file system that takes any bytes")
@pytest.mark.parametrize("use_git", [pytest.param(True, marks=needs_git), False])
def test_names_that_are_not_utf8(tmp_path: Path, use_git: bool) -> None:
    name = os.fsdecode(b"caf\xe9.py")
    make(tmp_path, name, "gen\udce9/x.py")
    (tmp_path / ".gitignore").write_bytes(b"gen\xe9/\n")
    if use_git:
        git(tmp_path, "init")
    assert discover(tmp_path, use_git=use_git).files == (name,)
    assert discover(tmp_path, use_git=use_git, excludes=["caf*"]).files == ()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
def test_a_fifo_is_no_file(tmp_path: Path) -> None:
    make(tmp_path, "a.py")
    os.mkfifo(tmp_path / "pipe.py")
    found = discover(tmp_path, use_git=False)
    assert found.files == ("a.py",)
    assert found.skipped == (Skipped("pipe.py", "not a regular file"),)


def test_an_empty_folder(tmp_path: Path) -> None:
    assert discover(tmp_path).files == ()


# --- what is reported ---


@pytest.mark.parametrize(
    ("path", "component"),
    [
        ("src/steps/builder.py", None),
        ("src/latest/a.py", None),
        ("src/contest_a.py", None),
        ("threshold_older.py", None),
        ("steps/step_copyright.py", None),
        ("steps/copy_data.py", None),
        ("steps/data_copy_step.py", None),
        ("src/household/fold.py", None),
        ("tests/steps/a.py", "tests"),
        ("src/pkg/Tests/a.py", "src/pkg/Tests"),
        ("src/test_a.py", "src/test_*"),
        ("src/conftest.py", "src/test_*"),
        ("b_test.py", "test_*"),
        ("src_backup/a.py", "src_backup"),
        ("src/builder_backup_2024.py", "src/builder_backup_2024.py"),
        ("steps_old/x/a_old.py", "steps_old"),
        ("steps/x_old.py", "steps/x_old.py"),
        ("steps/x_old_v2.py", "steps/x_old_v2.py"),
        ("steps/x.bak/a.py", "steps/x.bak"),
        ("steps/x_bak.py", "steps/x_bak.py"),
        ("steps/x_copy.py", "steps/x_copy.py"),
        ("steps/x_copy2.py", "steps/x_copy2.py"),
        ("steps/x - Copy.py", "steps/x - Copy.py"),
        ("steps/x - Copy (2).py", "steps/x - Copy (2).py"),
        ("steps/x (1).py", "steps/x (1).py"),
        ("copy_of_steps/x.py", "copy_of_steps"),
    ],
)
def test_shadow_components(path: str, component: str | None) -> None:
    assert shadow_component(path) == component


def test_scope(tmp_path: Path) -> None:
    make(tmp_path, "src/a.py", "srcs/b.py", "tests/t.py", "src/a_old.py", "src/test_x.py", "src/conftest.py")
    everything = Scope.of(tmp_path, [])
    assert everything.in_scope("src/a.py") and everything.in_scope("srcs/b.py")
    assert not everything.in_scope("tests/t.py") and not everything.in_scope("src/a_old.py")
    source = Scope.of(tmp_path, [tmp_path / "src"])
    assert source.in_scope("src/a.py") and not source.in_scope("srcs/b.py") and not source.in_scope("src/a_old.py")
    assert Scope.of(tmp_path, [tmp_path / "tests"]).in_scope("tests/t_old.py")
    assert Scope.of(tmp_path, [tmp_path / "tests/t.py"]).in_scope("tests/t.py")
    assert not Scope.of(tmp_path, [tmp_path / "tests/t.py"]).in_scope("tests/other.py")
    one = Scope.of(tmp_path, [tmp_path / "src/a_old.py", tmp_path / "src/test_x.py"])
    assert one.in_scope("src/a_old.py") and one.in_scope("src/test_x.py")
    assert not one.in_scope("src/a.py") and not one.in_scope("src/conftest.py")


def test_scope_of_a_missing_path(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nope"):
        Scope.of(tmp_path, [tmp_path / "nope"])
