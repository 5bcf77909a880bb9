"""What the cassettes of a run have in common, and what a test wants otherwise."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from ....cassettes import CassetteSettings, Matching, RecordMode, read_cassette_settings
from ....cassettes.defaults import CassetteDefaults, CassetteOverrides, treatment_with
from ....cassettes.player import CassettePlayer, Passing
from ....cassettes.secrets import SecretsRedactor, read_redaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ....clock import Clock
    from ..._context import RunContext
    from ...markers._choice import ChosenCassette


class RunCassettes(NamedTuple):
    """The table `[tool.understudy.cassettes]`, and what comes of it and of the options."""

    settings: CassetteSettings
    defaults: CassetteDefaults

    @classmethod
    def read(cls, context: RunContext, *, clock: Clock) -> Self:
        """Read table and options; cassettes are called by their paths below rootdir.

        Raises:
            SettingsError: the table is wrong.
        """
        where, apis = str(context.root / "pyproject.toml"), context.extensions.apis
        settings = read_cassette_settings(
            context.extensions.tables.get("cassettes", {}), where=where
        )
        rules = read_redaction(settings.redaction, where=where)
        defaults = CassetteDefaults(
            record_mode=RecordMode.NONE,
            replay_speed=context.settings.replay_speed,
            clock=clock,
            apis=apis,
            matching=settings.matching(),
            treatment=treatment_with(SecretsRedactor(rules, environment=os.environ), apis),
            root=context.root,
        )
        return cls(settings, defaults)

    def open(self, chosen: ChosenCassette) -> CassettePlayer:
        """Open the cassette of a test.

        Raises:
            CassetteError: its file is damaged.
        """
        words = chosen.words
        overrides = CassetteOverrides(
            record_mode=RecordMode.named(chosen.record_mode),
            note=chosen.note,
            matching=_matching(self.defaults.matching, words),
            passing=Passing(
                ignore_hosts=frozenset(words.get("ignore_hosts", ())),
                ignore_localhost=bool(words.get("ignore_localhost", False)),
            ),
        )
        return self.defaults.open(chosen.path, overrides)


def _matching(matching: Matching, words: Mapping[str, Any]) -> Matching:
    if "match_on" in words:
        matching = replace(matching, match_on=tuple(words["match_on"]))
    if "allow_playback_repeats" in words:
        repeats = bool(words["allow_playback_repeats"])
        matching = replace(matching, allow_playback_repeats=repeats)
    return matching
