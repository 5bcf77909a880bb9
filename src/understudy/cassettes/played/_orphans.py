"""Cassettes that no test names, interactions that no call needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import CassetteError
from ..writing import load_interactions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._played import PlayedInteractions


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
            unplayed += _unplayed(path, played.played)
        except CassetteError as error:
            unread.append(str(error))
    return Orphans(files=tuple(files), unplayed=tuple(unplayed), unread=tuple(unread))


def _unplayed(path: Path, played: set[int]) -> list[Unplayed]:
    return [
        Unplayed(path, index, each.request.method.upper(), each.request.url.partition("?")[0])
        for index, each in enumerate(load_interactions(path))
        if index not in played
    ]
