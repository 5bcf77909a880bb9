"""What the cassettes of a run did: how each test fared, and what was played."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from ...cassettes.played import PlayedInteractions
from .._books import STATE_FOLDER
from .._handover import KEY
from ._collected import collected_folders
from ._verdicts import Verdicts

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from ...cassettes.player import CassettePlayer
    from ...settings import Settings

#: What an xdist worker hands back of its cassettes, among other things.
HANDED: Final = "replaying"
RECORD: Final = "cassettes-played.json"
#: Stands for the test where code opens a cassette: who needs all of it is not known.
_CODE: Final = "use_cassette"
_PATHS: Final[pytest.StashKey[str]] = pytest.StashKey()
_REPORTS: Final[pytest.StashKey[list[pytest.TestReport]]] = pytest.StashKey()


class Account:
    """Keeps the record of a run, which `understudy cassettes orphans` reads."""

    def __init__(self, config: pytest.Config, settings: Settings, *, rival: str | None) -> None:
        self.record = PlayedInteractions()
        self._verdicts = Verdicts()
        self._handed: list[dict[str, Any]] = []
        self._config: Any = config
        self._rival = rival if settings.vcr_marker else None

    def note(self, player: CassettePlayer, item: pytest.Item) -> None:
        """Take the cassette of a test that is over."""
        item.stash[_PATHS] = player.name
        self._note_played(player)
        self._verdicts.note(item, player.verdict)

    def note_use(self, player: CassettePlayer, item: pytest.Item | None) -> None:
        """Take a cassette that code opened, for a test or for none."""
        self.record.names(player.name, _CODE)
        self._note_played(player)
        if item is not None:
            self._verdicts.note(item, player.verdict)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """A test begins, perhaps again."""
        item.stash[_REPORTS] = []
        self._verdicts.forget(item)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note how a test that has a cassette ended."""
        report = yield
        reports = item.stash.setdefault(_REPORTS, [])
        reports.append(report)
        name = item.stash.get(_PATHS, None)
        if name is not None and call.when == "teardown":
            self.record.ended(name, item.nodeid, passed=all(one.passed for one in reports))
        return report

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, exitstatus: int) -> Generator[None, Any, Any]:
        """Hand over what a worker has; in the controller, write the record."""
        result = yield
        if hasattr(self._config, "workerinput"):
            handed = {"plays": self.record.as_json(), "verdicts": self._verdicts.by_test}
            self._config.workeroutput.setdefault(KEY, {})[HANDED] = handed
        else:
            self._write(exitstatus)
        return result

    def take(self, handed: dict[str, Any]) -> None:
        """Take what a worker handed back."""
        if HANDED in handed:
            self._verdicts.by_test.update(handed[HANDED]["verdicts"])
            self._handed.append(handed[HANDED]["plays"])

    def facts(self) -> Iterator[str]:
        """Yield how the tests with cassettes fared."""
        return self._verdicts.lines(every=self._config.get_verbosity() > 0)

    def notices(self) -> Iterator[str]:
        """Yield what is to be said."""
        if self._rival is not None:
            yield (
                f"llm_vcr_marker is on, but {self._rival} serves the tests that are marked with"
                f" vcr: they are left to it. Uninstall it, or switch it off with -p no:…"
            )

    def _note_played(self, player: CassettePlayer) -> None:
        cassette = player.cassette
        played = set(map(id, cassette.played))
        for index, interaction in enumerate(cassette.interactions):
            if id(interaction) in played:
                self.record.played(player.name, index)
        if cassette.recorded:
            self.record.recorded(player.name)

    def _write(self, exit_status: int) -> None:
        folders = collected_folders(self._config, exit_status)
        record = PlayedInteractions.merged([self.record.as_json(), *self._handed], folders=folders)
        if record.cassettes:
            record.write(self._config.rootpath / STATE_FOLDER / RECORD)
