"""Makes players, as the tables and options of a run say."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ...cassettes import Cassette, RecordMode, Treatment, read_cassette_settings
from ...cassettes.player import CassettePlayer, Passing
from ...cassettes.secrets import SecretScan, SecretsRedactor, read_redaction
from ...cassettes.view import LlmView
from ...intercept.cassettes import CassetteDefaults
from .._books import STATE_FOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ...app import Extensions
    from ...cassettes import CassetteSettings, Expired, Matching
    from ...clock import Clock
    from ...settings import Settings
    from ._choice import Choice


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
        redactor = SecretsRedactor(
            read_redaction(self.settings.redaction, where=where), environment=os.environ
        )
        self._treatment = Treatment(
            redactor=redactor, view=LlmView(extensions.apis), after_save=SecretScan(redactor)
        )
        self._root = root
        self._speed = settings.replay_speed
        self._apis = extensions.apis
        self._clock = clock

    def defaults(self, record_mode: str) -> CassetteDefaults:
        """Return what holds for `use_cassette` in this run."""
        return CassetteDefaults(
            record_mode=RecordMode.named(record_mode),
            replay_speed=self._speed,
            clock=self._clock,
            apis=self._apis,
            matching=self.settings.matching(),
            treatment=self._treatment,
            root=self._root,
        )

    def player(self, choice: Choice) -> CassettePlayer:
        """Open the cassette of a test.

        Raises:
            CassetteError: its file is damaged.
        """
        cassette = Cassette.open(
            choice.path,
            record_mode=choice.record_mode,
            matching=self._matching(choice.words),
            treatment=self._treatment,
            state=self._state,
        )
        return CassettePlayer(
            cassette,
            clock=self._clock,
            apis=self._apis,
            replay_speed=self._speed,
            passing=Passing(
                ignore_hosts=frozenset(choice.words.get("ignore_hosts", ())),
                ignore_localhost=bool(choice.words.get("ignore_localhost", False)),
            ),
            name=self.name_of(choice.path),
        )

    def name_of(self, path: Path) -> str:
        """Return what a cassette is called in events and reports."""
        below = path.is_relative_to(self._root)
        return path.relative_to(self._root).as_posix() if below else str(path)

    def expired(self, player: CassettePlayer) -> Expired | None:
        """Tell what of a cassette was recorded too long ago, by the table."""
        if self.settings.max_age is None:
            return None
        return player.cassette.expired(self.settings.max_age, datetime.now(UTC))

    @property
    def _state(self) -> Path:
        return self._root / STATE_FOLDER

    def _matching(self, words: Mapping[str, Any]) -> Matching:
        matching = self.settings.matching()
        if "match_on" in words:
            matching = replace(matching, match_on=tuple(words["match_on"]))
        if "allow_playback_repeats" in words:
            repeats = bool(words["allow_playback_repeats"])
            matching = replace(matching, allow_playback_repeats=repeats)
        return matching
