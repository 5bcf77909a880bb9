"""Who answers a request, and what its event is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from understudy.calls import Request
from understudy.cassettes import Cassette
from understudy.cassettes.deck import Deck, DecksInForce, Passing
from understudy.clock import RealClock
from understudy.intercept import Witness
from understudy.intercept.cassettes import CassetteAnswerer
from understudy.wire import Codecs

if TYPE_CHECKING:
    from pathlib import Path

REQUEST = Request("POST", "https://api.openai.com/v1/chat/completions", {}, b"{}")


@pytest.fixture
def decks() -> DecksInForce:
    """Nothing in force yet."""
    return DecksInForce()


def deck(path: Path, passing: Passing | None = None) -> Deck:
    """Return a deck that records."""
    cassette = Cassette.open(path, record_mode="once")
    return Deck(cassette, clock=RealClock(), codecs=Codecs.default(), passing=passing or Passing())


def test_request_goes_out_where_nothing_is_in_force(decks: DecksInForce) -> None:
    """Nobody is asked whose it is."""

    def owner() -> object:
        raise AssertionError

    assert CassetteAnswerer(decks, owner=owner).answer("httpx", REQUEST, None) is None


def test_request_is_shown_to_what_records_it(decks: DecksInForce, tmp_path: Path) -> None:
    """It goes out."""
    with decks.put(deck(tmp_path / "c.yaml")):
        said = CassetteAnswerer(decks).answer("httpx", REQUEST, None)

    assert isinstance(said, Witness)


def test_request_that_passes_by_goes_out(decks: DecksInForce, tmp_path: Path) -> None:
    """And is shown to nobody."""
    passing = Passing(ignore_hosts=frozenset({"api.openai.com"}))

    with decks.put(deck(tmp_path / "c.yaml", passing)):
        assert CassetteAnswerer(decks).answer("httpx", REQUEST, None) is None


def test_owners_cassette_is_asked(decks: DecksInForce, tmp_path: Path) -> None:
    """Whoever is asked for the owner."""
    owner = object()
    owned = deck(tmp_path / "owned.yaml")

    passing = deck(tmp_path / "wide.yaml", Passing(ignore_hosts=frozenset({"api.openai.com"})))

    with decks.put(passing), decks.put(owned, owner):
        said = CassetteAnswerer(decks, owner=lambda: owner).answer("httpx", REQUEST, None)

    assert isinstance(said, Witness)
    assert passing.passed == 0
