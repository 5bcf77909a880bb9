"""Scenarios by name, read once."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from ..errors import UnknownNameError
from ._errors import Problem, ScenarioError
from ._golden_file import read_golden
from ._scenario import GOLDEN_SUFFIX

if TYPE_CHECKING:
    from ._scenario import Scenario

_SUFFIXES: Final = (GOLDEN_SUFFIX, ".yaml", ".yml")

Stamp: TypeAlias = tuple[int, int, int] | None


class _Entry(NamedTuple):
    """A scenario and what it was read from: paths and what they looked like then."""

    scenario: Scenario
    watched: tuple[tuple[str, Stamp], ...]


class ScenarioLibrary:
    """The scenarios of some folders; the first folder that has a name goes before the others.

    A file is read again when it changed. The name of a scenario is the path of its file below
    the folder, with `/` and without the suffix.
    """

    def __init__(self, *folders: Path) -> None:
        self.folders = folders
        self._entries: dict[str, _Entry] = {}
        self._lock = Lock()

    def names(self) -> tuple[str, ...]:
        """Return the names of all scenarios, sorted."""
        return tuple(sorted({name for folder in self.folders for name in _files(folder)}))

    def get(self, name: str) -> Scenario:
        """Return a scenario.

        Raises:
            UnknownNameError: there is none of that name; lists those that exist.
            ScenarioError: its file cannot be used.
        """
        entry = self._entries.get(name)
        if entry is None or _is_stale(entry):
            with self._lock:
                entry = self._entries.get(name)
                if entry is None or _is_stale(entry):
                    entry = self._entries[name] = self._read(name)
        return entry.scenario

    def invalidate_cache(self) -> None:
        """Forget what was read."""
        with self._lock:
            self._entries = {}

    def _read(self, name: str) -> _Entry:
        in_front: list[str] = []
        for folder in self.folders:
            paths = _files(folder).get(name)
            if paths:
                path = _only(paths, folder)
                # Stamps are taken first: a change while the file is read is seen later.
                watched = tuple((each, _stamp(each)) for each in (*in_front, str(path)))
                return _Entry(_read_file(name, path), watched)
            in_front.append(str((folder / name).parent))
        raise UnknownNameError(kind="scenario", name=name, known=self.names())


def shipped_folder() -> Path:
    """Return the folder of the scenarios that come with understudy."""
    package = Path(__file__).parent.parent
    installed = package / "golden"
    return installed if installed.is_dir() else package.parent.parent / "golden"


def _files(folder: Path) -> dict[str, list[Path]]:
    """Return the files below a folder, by name; hidden ones and linked folders are left out."""
    files: dict[str, list[Path]] = {}
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(parent, name) for name in names if not name.startswith(".")):
            if path.suffix in _SUFFIXES:
                scenario = path.relative_to(folder).with_suffix("").as_posix()
                files.setdefault(scenario, []).append(path)
    return files


def _only(paths: list[Path], folder: Path) -> Path:
    """Return the one file of a name; it must stand in the folder.

    Raises:
        ScenarioError: there are several, or a link leads out of the folder.
    """
    path, *others = sorted(paths)
    if others:
        names = " and ".join(other.name for other in others)
        raise ScenarioError(Problem(path, f"the same scenario stands in {names}. Rename one."))
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ScenarioError(Problem(path, "the link leads out of the folder. Copy the file."))
    return path


def _read_file(name: str, path: Path) -> Scenario:
    text = _text(path)
    if path.suffix == GOLDEN_SUFFIX:
        return read_golden(name, path, text)
    from ._graph_file import read_graph  # noqa: PLC0415 - golden files need neither YAML nor models

    return read_graph(name, path, text.removeprefix("\ufeff"))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except OSError as error:
        raise ScenarioError(Problem(path, f"cannot be read: {error.strerror}.")) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problem = Problem(path, "the text is not UTF-8. Save the file as UTF-8.", line)
        raise ScenarioError(problem) from None


def _stamp(path: str) -> Stamp:
    try:
        status = os.stat(path)  # noqa: PTH116 - every access pays for it, and a Path costs as much
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _is_stale(entry: _Entry) -> bool:
    for path, stamp in entry.watched:  # noqa: SIM110 - a generator costs a quarter of a look
        if _stamp(path) != stamp:
            return True
    return False
