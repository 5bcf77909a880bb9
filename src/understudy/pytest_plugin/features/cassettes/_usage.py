"""What the cassettes of a run did: how each test fared, and what was played."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakSet

import pytest

from ....cassettes.played import PlayedInteractions
from ....durable import state_folder
from ..telemetry import CASSETTE_VERDICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ....cassettes.player import CassettePlayer
    from ....telemetry import Owner

#: Of several cassettes of a test, the word furthest down counts.
_WORDS: Final = ("hit", "recorded", "live", "partial", "miss")
#: What is told by name, as nothing else tells it.
_UNTOLD: Final = ("live", "partial")
_MOST_NAMES: Final = 10


class Verdicts:
    """The verdicts of a run; `by_test` has them by node id."""

    def __init__(self) -> None:
        self.by_test: dict[str, str] = {}
        self._noted: WeakSet[Owner] = WeakSet()

    def note(self, owner: Owner, item: pytest.Item, verdict: str | None) -> None:
        """Take how one cassette of a test fared; None where it was not asked.

        `owner` is that run of the test: what an earlier run of it did does not count.
        """
        if owner not in self._noted:
            self._noted.add(owner)
            self.by_test.pop(item.nodeid, None)
            _put(item, None)
        if verdict is not None:
            worst = max(verdict, self.by_test.get(item.nodeid, verdict), key=_WORDS.index)
            self.by_test[item.nodeid] = worst
            _put(item, worst)

    def lines(self, *, every: bool) -> Iterator[str]:
        """Yield how many tests fared how, and which; `every` names all of them."""
        counts = Counter(self.by_test.values())
        told = [f"{counts[word]} {word}" for word in _WORDS if counts[word]]
        if told:
            yield f"cassettes  {', '.join(told)}"
        for word in _WORDS if every else _UNTOLD:
            names = sorted(name for name, verdict in self.by_test.items() if verdict == word)
            first = names if every else names[:_MOST_NAMES]
            yield from (f"  {word:8}  {name}" for name in first)
            if first != names:
                yield f"  {word:8}  … and {len(names) - len(first)} further tests; -v names all"


def _put(item: pytest.Item, verdict: str | None) -> None:
    """Set the property of a test's report, which JUnit and the store show."""
    others = [each for each in item.user_properties if each[0] != CASSETTE_VERDICT]
    mine = [] if verdict is None else [(CASSETTE_VERDICT, verdict)]
    item.user_properties[:] = [*others, *mine]


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
        #: Why there is no record of this run.
        self.unwritten: OSError | None = None
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
        try:
            if record.cassettes:
                record.write(state_folder(config.rootpath) / RECORD)
        except OSError as error:
            self.unwritten = error

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
