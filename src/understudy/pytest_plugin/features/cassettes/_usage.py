"""What the cassettes of a run did: how each test fared, and what was played."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from ....cassettes.played import PlayedInteractions
from ....durable import state_folder
from ._verdicts import Verdicts

if TYPE_CHECKING:
    from ....cassettes.player import CassettePlayer
    from ....telemetry import Owner

RECORD: Final = "cassettes-played.json"
#: Stands for the test where code opens a cassette: who needs all of it is not known.
_CODE: Final = "use_cassette"
_NARROWING: Final = (
    "keyword",
    "markexpr",
    "lf",
    "deselect",
    "ignore",
    "ignore_glob",
    "collectonly",
    "continue_on_collection_errors",
)
_COLLECTED: Final = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)


class CassetteUsage:
    """Keeps the record of a run, which `understudy cassettes orphans` reads."""

    def __init__(self) -> None:
        self.record = PlayedInteractions()
        self.verdicts = Verdicts()
        self._handed: list[dict[str, Any]] = []

    def note(self, player: CassettePlayer, owner: Owner, item: pytest.Item) -> None:
        """Take the cassette of a test that is over."""
        self._note_played(player)
        self.verdicts.note(owner, item, player.verdict)

    def note_use(self, player: CassettePlayer, owner: Owner) -> None:
        """Take a cassette that code opened, for a test or for none."""
        self.record.names(player.name, _CODE)
        self._note_played(player)
        if isinstance(owner.item, pytest.Item):
            self.verdicts.note(owner, owner.item, player.verdict)

    def handover(self) -> dict[str, Any]:
        """Return what a worker hands over."""
        return {"plays": self.record.as_json(), "verdicts": self.verdicts.by_test}

    def take(self, handed: dict[str, Any]) -> None:
        """Take what a worker handed over."""
        self.verdicts.by_test.update(handed["verdicts"])
        self._handed.append(handed["plays"])

    def write(self, config: pytest.Config, exit_status: int) -> None:
        """Write the record."""
        folders = _collected_folders(config, exit_status)
        record = PlayedInteractions.merged([self.record.as_json(), *self._handed], folders=folders)
        if record.cassettes:
            record.write(state_folder(config.rootpath) / RECORD)

    def _note_played(self, player: CassettePlayer) -> None:
        cassette = player.cassette
        played = set(map(id, cassette.played))
        for index, interaction in enumerate(cassette.interactions):
            if id(interaction) in played:
                self.record.played(player.name, index)
        if cassette.recorded:
            self.record.recorded(player.name)


def _collected_folders(config: pytest.Config, exit_status: int) -> list[str]:
    """Return the folders of which all tests were collected, `.` for rootdir and below it."""
    is_narrowed = any(config.getoption(option, default=None) for option in _NARROWING)
    if is_narrowed or exit_status not in _COLLECTED:
        return []
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        return ["."]
    start = config.invocation_params.dir
    folders = [Path(os.path.normpath(start / argument)) for argument in config.args]
    return [_name(folder, config.rootpath) for folder in folders if folder.is_dir()]


def _name(folder: Path, root: Path) -> str:
    return (folder.relative_to(root) if folder.is_relative_to(root) else folder).as_posix()
