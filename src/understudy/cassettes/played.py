"""What a run played of its cassettes, and what nothing plays any more."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from ..durable import make_state_folder, write_atomically
from ..errors import CassetteError
from ..redaction import without_keys
from ._cassette_file import load_interactions

if TYPE_CHECKING:
    from collections.abc import Iterable

_VERSION: Final = 1


@dataclass(slots=True)
class Played:
    """One cassette in a run.

    `tests` maps each test that names it to whether it passed; None where it did not run. `played`
    are the places of the interactions that answered a call. `written` tells that the run wrote it.
    """

    tests: dict[str, bool | None] = field(default_factory=dict)
    played: set[int] = field(default_factory=set)
    written: bool = False

    @property
    def is_conclusive(self) -> bool:
        """Tell whether what was not played is not needed: all its tests ran and passed."""
        return not self.written and bool(self.tests) and all(self.tests.values())

    def add(self, other: Played) -> None:
        """Take over what another process saw of the same cassette."""
        for test, passed in other.tests.items():
            known = self.tests.get(test)
            self.tests[test] = known if passed is None else passed and known is not False
        self.played |= other.played
        self.written = self.written or other.written


class PlayedInteractions:
    """What one process of a run saw; those of several can be put together.

    `folders` are those of which all tests were collected, `.` is everything: a cassette in one of
    them that no test names is an orphan.
    """

    def __init__(self, *, folders: Iterable[str] = ()) -> None:
        self.folders = tuple(folders)
        self.cassettes: dict[str, Played] = {}

    @property
    def whole(self) -> bool:
        """Whether all tests were collected."""
        return "." in self.folders

    def names(self, path: Path | str, test: str) -> None:
        """Note that a collected test has this cassette."""
        self._of(path).tests.setdefault(without_keys(test), None)

    def played(self, path: Path | str, index: int) -> None:
        """Note that the interaction at `index` answered a call."""
        self._of(path).played.add(index)

    def recorded(self, path: Path | str) -> None:
        """Note that this run wrote the cassette: its places may be others now."""
        self._of(path).written = True

    def ended(self, path: Path | str, test: str, *, passed: bool) -> None:
        """Note how a test that has this cassette ended."""
        tests, test = self._of(path).tests, without_keys(test)
        tests[test] = passed and tests.get(test) is not False

    def as_json(self) -> dict[str, Any]:
        """Return plain data, paths and tests sorted."""
        return {
            "version": _VERSION,
            "folders": list(self.folders),
            "cassettes": {
                path: {
                    "tests": dict(sorted(each.tests.items())),
                    "played": sorted(each.played),
                    "written": each.written,
                }
                for path, each in sorted(self.cassettes.items())
            },
        }

    @classmethod
    def of_json(cls, data: Any) -> Self:
        """Read what `as_json` returned.

        Raises:
            ValueError: it is something else.
        """
        try:
            if data["version"] != _VERSION:
                msg = f"version {data['version']!r}"
                raise ValueError(msg)
            record = cls(folders=map(str, data["folders"]))
            for path, entry in data["cassettes"].items():
                tests = {str(test): passed for test, passed in entry["tests"].items()}
                record.cassettes[path] = Played(tests, set(entry["played"]), bool(entry["written"]))
        except (AttributeError, KeyError, TypeError) as error:
            msg = f"{type(error).__name__}: {error}"
            raise ValueError(msg) from error
        return record

    @classmethod
    def merged(cls, parts: Iterable[dict[str, Any]], *, folders: Iterable[str] = ()) -> Self:
        """Put together what the processes of a run handed over with `as_json`."""
        together = cls(folders=folders)
        for part in parts:
            for path, played in cls.of_json(part).cassettes.items():
                together._of(path).add(played)
        return together

    def write(self, path: Path) -> None:
        """Replace the record at `path`, in a folder that is made; raises OSError."""
        make_state_folder(path.parent)
        write_atomically(path, json.dumps(self.as_json(), indent=1) + "\n")

    def _of(self, path: Path | str) -> Played:
        return self.cassettes.setdefault(str(path), Played())


def read_played(path: Path) -> PlayedInteractions:
    """Read the record of the last run; raises CassetteError where there is none to be read."""
    try:
        return PlayedInteractions.of_json(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        msg = f"{path}: no run has left a record. Run `pytest` with tests that use cassettes first."
        raise CassetteError(msg) from None
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror or error}"
        raise CassetteError(msg) from error
    except ValueError as error:
        msg = f"{path}: is no record of a run ({error}). Remove it and run `pytest` again."
        raise CassetteError(msg) from error


@dataclass(frozen=True, slots=True)
class Unplayed:
    """An interaction that no call was answered by although all tests of its cassette passed."""

    path: Path
    index: int
    method: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphans:
    """`files` are named by no test; `unread` says why a file that is named cannot be judged."""

    files: tuple[Path, ...]
    unplayed: tuple[Unplayed, ...]
    unread: tuple[str, ...] = ()


def find_orphans(paths: Iterable[Path], record: PlayedInteractions) -> Orphans:
    """Compare cassette files with the record of a run.

    Only those in folders of which the run collected all tests are judged. Interactions are
    unplayed only where all tests that name their cassette ran and passed, and it was not recorded
    meanwhile.
    """
    files, unplayed, unread = [], [], []
    collected = [Path(folder).resolve() for folder in record.folders]
    known = {Path(path).resolve(): played for path, played in record.cassettes.items()}
    for path in paths:
        if not any(path.resolve().is_relative_to(folder) for folder in collected):
            continue
        played = known.get(path.resolve())
        if played is None:
            files.append(path)
        if played is None or not played.is_conclusive:
            continue
        try:
            unplayed += [
                Unplayed(
                    path, index, each.request.method.upper(), each.request.url.partition("?")[0]
                )
                for index, each in enumerate(load_interactions(path))
                if index not in played.played
            ]
        except CassetteError as error:
            unread.append(str(error))
    return Orphans(files=tuple(files), unplayed=tuple(unplayed), unread=tuple(unread))
