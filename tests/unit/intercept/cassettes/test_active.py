"""The cassettes in use in a process: whose taps ask, and who answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import httpx2
import pytest

from understudy.calls import Request
from understudy.cassettes import Cassette, RecordMode
from understudy.cassettes.defaults import CassetteDefaults
from understudy.cassettes.player import CassettePlayer, CassetteStack, Passing
from understudy.clock import RealClock
from understudy.intercept import PassThrough
from understudy.intercept.cassettes import ActiveCassettes, CassetteAnswerer
from understudy.providers import default_apis

if TYPE_CHECKING:
    from pathlib import Path

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


REQUEST = Request("POST", "https://api.openai.com/v1/chat/completions", {}, b"{}")


@pytest.fixture
def stack() -> CassetteStack:
    """Nothing in force yet."""
    return CassetteStack()


def player(path: Path, passing: Passing | None = None) -> CassettePlayer:
    """Return a player that records."""
    cassette = Cassette.open(path, record_mode="once")
    return CassettePlayer(
        cassette, clock=RealClock(), apis=default_apis(), passing=passing or Passing()
    )


def test_request_goes_out_where_nothing_is_in_force(stack: CassetteStack) -> None:
    """Nobody is asked whose it is."""

    def owner() -> object:
        raise AssertionError

    assert CassetteAnswerer(stack, current_owner=owner).answer(REQUEST, None) is None


def test_request_is_shown_to_what_records_it(stack: CassetteStack, tmp_path: Path) -> None:
    """It goes out."""
    with stack.put(player(tmp_path / "c.yaml")):
        said = CassetteAnswerer(stack).answer(REQUEST, None)

    assert isinstance(said, PassThrough)


def test_request_that_passes_by_goes_out(stack: CassetteStack, tmp_path: Path) -> None:
    """And is shown to nobody."""
    passing = Passing(ignore_hosts=frozenset({"api.openai.com"}))

    with stack.put(player(tmp_path / "c.yaml", passing)):
        assert CassetteAnswerer(stack).answer(REQUEST, None) is None


def test_owners_cassette_is_asked(stack: CassetteStack, tmp_path: Path) -> None:
    """Whoever is asked for the owner."""
    owner = object()
    owned = player(tmp_path / "owned.yaml")

    passing = player(tmp_path / "wide.yaml", Passing(ignore_hosts=frozenset({"api.openai.com"})))

    with stack.put(passing), stack.put(owned, owner):
        said = CassetteAnswerer(stack, current_owner=lambda: owner).answer(REQUEST, None)

    assert isinstance(said, PassThrough)
    assert passing.passed == 0
