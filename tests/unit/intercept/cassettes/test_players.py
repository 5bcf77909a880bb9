"""The players of a process: whose taps ask, and what holds by default."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import httpx2
import pytest

from understudy.cassettes import RecordMode
from understudy.intercept.cassettes import HouseRules, Players

if TYPE_CHECKING:
    from understudy.cassettes.deck import Deck

DECK = cast("Deck", "deck")


def sender() -> object:
    """Return the method that the taps wrap."""
    return vars(httpx2.Client)["_send_single_request"]


def test_clients_are_tapped_only_while_a_deck_is_in_force() -> None:
    """And nothing is left behind."""
    players, before = Players(), sender()

    with players.put(DECK):
        assert players.are_wanted()
        assert sender() is not before

    assert not players.are_wanted()
    assert sender() is before


def test_two_uses_that_overlap_are_undone_by_the_last() -> None:
    """In whatever order they end."""
    players, before = Players(), sender()
    first, second = players.put(DECK), players.put(DECK)
    first.__enter__()
    second.__enter__()

    first.__exit__(None, None, None)
    assert sender() is not before

    second.__exit__(None, None, None)
    assert sender() is before


def test_hosted_players_tap_nothing() -> None:
    """The host's own taps ask."""
    players, before = Players(), sender()

    with players.hosted(HouseRules.default), players.put(DECK):
        assert sender() is before


def test_hosts_rules_hold_while_it_hosts() -> None:
    """Ours before and after."""
    players = Players()
    rules = HouseRules(record_mode=RecordMode.NEW_EPISODES)

    with players.hosted(lambda: rules):
        assert players.house() is rules

    assert players.house().record_mode is not RecordMode.NEW_EPISODES


@pytest.mark.parametrize(("value", "mode"), [("true", RecordMode.NONE), ("", RecordMode.ONCE)])
def test_nothing_is_recorded_in_ci(
    value: str, mode: RecordMode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless somebody says so."""
    monkeypatch.setenv("CI", value)

    assert HouseRules.default().record_mode is mode


def test_secrets_are_taken_out_by_default() -> None:
    """And looked for in what was saved."""
    treatment = HouseRules.default().treatment

    assert treatment.redactor is not None
    assert treatment.after_save is not None
    assert treatment.view is not None
