"""Makes players, as the tables and options of a run say."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ....cassettes import RecordMode, read_cassette_settings
from ....cassettes.defaults import CassetteDefaults, CassetteOverrides, treatment_with
from ....cassettes.player import Passing
from ....cassettes.secrets import SecretsRedactor, read_redaction
from ....clock import utc_now

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ....cassettes import CassetteSettings, Expired, Matching
    from ....cassettes.player import CassettePlayer
    from ....clock import Clock
    from ....extensions import Extensions
    from ....settings import Settings
    from ...markers._choice import ChosenCassette


class Shop:
    """Everything that the cassettes of a run have in common.

    Args:
        root: rootdir; cassettes are called by their paths below it.
        extensions: wire APIs, and the tables of `pyproject.toml`.
        clock: what recorded moments pass on.

    Raises:
        SettingsError: the table `[tool.understudy.cassettes]` is wrong.
    """

    def __init__(
        self, root: Path, settings: Settings, extensions: Extensions, *, clock: Clock
    ) -> None:
        where = str(root / "pyproject.toml")
        table = extensions.tables.get("cassettes", {})
        self.settings: CassetteSettings = read_cassette_settings(table, where=where)
        rules = read_redaction(self.settings.redaction, where=where)
        redactor = SecretsRedactor(rules, environment=os.environ)
        self._defaults = CassetteDefaults(
            record_mode=RecordMode.NONE,
            replay_speed=settings.replay_speed,
            clock=clock,
            apis=extensions.apis,
            matching=self.settings.matching(),
            treatment=treatment_with(redactor, extensions.apis),
            root=root,
        )

    def defaults(self, record_mode: str) -> CassetteDefaults:
        """Return what holds for `use_cassette` in this run."""
        return replace(self._defaults, record_mode=RecordMode.named(record_mode))

    def player(self, choice: ChosenCassette) -> CassettePlayer:
        """Open the cassette of a test.

        Raises:
            CassetteError: its file is damaged.
        """
        words = choice.words
        overrides = CassetteOverrides(
            record_mode=RecordMode.named(choice.record_mode),
            matching=_matching(self._defaults.matching, words),
            passing=Passing(
                ignore_hosts=frozenset(words.get("ignore_hosts", ())),
                ignore_localhost=bool(words.get("ignore_localhost", False)),
            ),
        )
        return self._defaults.open(choice.path, overrides)

    def name_of(self, path: Path) -> str:
        """Return what a cassette is called in events and reports."""
        return self._defaults.name_of(path)

    def expired(self, player: CassettePlayer) -> Expired | None:
        """Tell what of a cassette was recorded too long ago, by the table."""
        if self.settings.max_age is None:
            return None
        return player.cassette.expired(self.settings.max_age, utc_now())


def _matching(matching: Matching, words: Mapping[str, Any]) -> Matching:
    if "match_on" in words:
        matching = replace(matching, match_on=tuple(words["match_on"]))
    if "allow_playback_repeats" in words:
        repeats = bool(words["allow_playback_repeats"])
        matching = replace(matching, allow_playback_repeats=repeats)
    return matching
