"""Container paths that a script uses, against the folders that its step mounts."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from contract_lint.api import CHANNELS, CONTAINER, HOLE, Access, LaunchView, Mount, PathUse

PROCESSING = f"{CONTAINER}/processing"
INPUT = f"{PROCESSING}/input"
OUTPUT = f"{PROCESSING}/output"
#: What processors mount by themselves: the script and its folder (sagemaker/processing.py).
OWN_FOLDERS = (f"{INPUT}/code", f"{INPUT}/entrypoint")
#: Variables from which a training script learns all its channels.
ALL_CHANNELS = ("SM_INPUT_DIR", "SM_CHANNELS", "SM_TRAINING_ENV", "SM_INPUT_DATA_CONFIG")
ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A path that nothing mounts, and the folder that was probably meant for it."""

    use: PathUse
    reads: bool
    mount: Mount | None


def mismatches(view: LaunchView) -> Iterator[Mismatch]:
    """The paths that the script uses and that its step does not mount, each with its counterpart if there is one."""
    for reads in (True, False):
        if view.launch.open_inputs if reads else view.launch.open_outputs:
            continue
        uses = list(_unmounted(view, reads))
        yield from _paired(uses, list(unused(view, reads, above=False)), reads)


def unused(view: LaunchView, reads: bool, *, above: bool) -> Iterator[Mount]:
    """The folders that are mounted, and that nothing in the script or in what it is given names.

    With ``above`` the name of a folder above one counts for it too.
    """
    launch = view.launch
    words = [*launch.arguments, *(setting.value for setting in (*launch.environment, *launch.hyperparameters))]
    given = [word.text.replace(HOLE, "") for word in words if word.text is not None]
    for mount in launch.inputs if reads else launch.outputs:
        path = _folder(mount)
        if path is None or within(path, OWN_FOLDERS):
            continue
        channel = f"SM_CHANNEL_{path.rpartition('/')[2].upper().replace('-', '_')}"
        named = any(_names(text, path, above) or text in (channel, *ALL_CHANNELS) for text in view.script.mentioned)
        if not named and not any(path in text for text in given):
            yield mount


def within(path: str, folders: Iterable[str]) -> bool:
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def _names(text: str, path: str, above: bool) -> bool:
    """Whether a text names a folder or something in it; of a computed path only the beginning is known."""
    beginning, computed, _ = text.partition(HOLE)
    if computed:
        return beginning.startswith(f"{path}/") or (above and f"{path}/".startswith(beginning))
    return within(text, (path,)) or (above and within(path, (text.rstrip("/"),)))


def _folder(mount: Mount) -> str | None:
    written = mount.container_path
    return written.text.rstrip("/") if written.known and written.text else None


def _unmounted(view: LaunchView, reads: bool) -> Iterator[PathUse]:
    """The topmost paths used in one direction that are neither mounted, nor above or below a mounted folder."""
    folders = [folder for mount in (*view.launch.inputs, *view.launch.outputs) if (folder := _folder(mount)) is not None]
    folders += OWN_FOLDERS
    found: dict[str, PathUse] = {}
    for use in sorted(view.script.paths, key=lambda use: (use.path.count("/"), use.path)):
        if _reads(use, view.made.kind) is not reads:
            continue
        if within(use.path, folders) or any(folder.startswith(f"{use.path}/") for folder in folders):
            continue
        last = use.path.rpartition("/")[2]
        group = use.path.rpartition("/")[0] if "." in last else use.path
        if not within(group, found) and not within(use.path, found):
            found[group] = use
    yield from found.values()


def _reads(use: PathUse, kind: str) -> bool | None:
    """Whether the script expects the path to be there, or leaves it to be collected; None if neither is certain."""
    if kind == "Training":
        return True if within(use.path, (CHANNELS,)) and use.path != CHANNELS and use.access is not Access.WRITTEN else None
    if within(use.path, (INPUT,)):
        return True if use.access is not Access.WRITTEN else None
    if within(use.path, (OUTPUT,)):
        return False if use.access is not Access.READ else None
    if within(use.path, (PROCESSING,)) and use.access is not Access.UNKNOWN:
        return use.access is Access.READ
    return None


def _paired(uses: Sequence[PathUse], mounts: list[Mount], reads: bool) -> Iterator[Mismatch]:
    """Each path with the unused folder most like it; a single path takes a single folder. Scratch folders have no counterpart."""
    candidates = sorted(
        ((_likeness(use, mount), -i, -j) for i, use in enumerate(uses) for j, mount in enumerate(mounts)),
        reverse=True,
    )
    chosen: dict[int, int] = {}
    for likeness, i, j in candidates:
        if likeness >= ALIKE and -i not in chosen and -j not in chosen.values():
            chosen[-i] = -j
    left_uses = [i for i in range(len(uses)) if i not in chosen]
    left_mounts = [j for j in range(len(mounts)) if j not in chosen.values()]
    if len(left_uses) == len(left_mounts) == 1:
        chosen[left_uses[0]] = left_mounts[0]
    for i, use in enumerate(uses):
        mount = mounts[chosen[i]] if i in chosen else None
        if mount is not None or within(use.path, (INPUT, OUTPUT, CHANNELS)):
            yield Mismatch(use, reads, mount)


def _likeness(use: PathUse, mount: Mount) -> float:
    parts = [part for part in use.path.split("/")[4:] if "." not in part] or [""]
    name = (_folder(mount) or "").rpartition("/")[2]
    return max(difflib.SequenceMatcher(None, part, name).ratio() for part in parts)
