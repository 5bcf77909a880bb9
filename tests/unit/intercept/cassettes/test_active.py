"""The cassettes in use in a process: whose taps ask, and what holds by default."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import httpx2

from understudy.cassettes import RecordMode
from understudy.cassettes.defaults import CassetteDefaults
from understudy.intercept.cassettes import ActiveCassettes

if TYPE_CHECKING:
    from understudy.cassettes.player import CassettePlayer

PLAYER = cast("CassettePlayer", "player")


def sender() -> object:
    """Return the method that the taps wrap."""
    return vars(httpx2.Client)["_send_single_request"]


def test_clients_are_tapped_only_while_a_deck_is_in_force() -> None:
    """And nothing is left behind."""
    active, before = ActiveCassettes(), sender()

    with active.put(PLAYER):
        assert active.are_wanted()
        assert sender() is not before

    assert not active.are_wanted()
    assert sender() is before


def test_two_uses_that_overlap_are_undone_by_the_last() -> None:
    """In whatever order they end."""
    active, before = ActiveCassettes(), sender()
    first, second = active.put(PLAYER), active.put(PLAYER)
    first.__enter__()
    second.__enter__()

    first.__exit__(None, None, None)
    assert sender() is not before

    second.__exit__(None, None, None)
    assert sender() is before


def test_hosted_players_tap_nothing() -> None:
    """The host's own taps ask."""
    active, before = ActiveCassettes(), sender()

    with active.hosted(CassetteDefaults.default), active.put(PLAYER):
        assert sender() is before


def test_hosts_rules_hold_while_it_hosts() -> None:
    """Ours before and after."""
    active = ActiveCassettes()
    defaults = CassetteDefaults(record_mode=RecordMode.NEW_EPISODES)

    with active.hosted(lambda: defaults):
        assert active.defaults() is defaults

    assert active.defaults().record_mode is not RecordMode.NEW_EPISODES
