"""Which cassette takes a call."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

import pytest

from understudy.cassettes.deck import DecksInForce
from understudy.intercept import carry

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.cassettes.deck import Deck


def deck(name: str) -> Deck:
    """Return something that stands for a deck: who is in force does not look into it."""
    return cast("Deck", name)


def taker(decks: DecksInForce, owner: object = None) -> Any:
    """Return who takes a call that is made here and now."""
    return decks.current(owner)


@pytest.fixture
def decks() -> DecksInForce:
    """Nothing in force yet."""
    return DecksInForce()


def in_plain_thread(ask: Callable[[], Any]) -> Any:
    """Return what `ask` says in a thread that carries nothing."""
    found: list[Any] = []
    thread = threading.Thread(target=contextvars.Context().run, args=(lambda: found.append(ask()),))
    thread.start()
    thread.join()
    return found[0]


def test_nothing_is_in_force_at_first(decks: DecksInForce) -> None:
    """And nothing is any more when it is over."""
    assert decks.current() is None

    with decks.put(deck("a")):
        assert decks

    assert decks.current() is None
    assert not decks


def test_innermost_takes_the_call(decks: DecksInForce) -> None:
    """And the outer one again after it."""
    with decks.put(deck("outer")):
        with decks.put(deck("inner")):
            assert taker(decks) == "inner"

        assert taker(decks) == "outer"


def test_only_one_answers_code_that_carries_none(decks: DecksInForce) -> None:
    """A thread that was there before is answered, by the innermost of one nest."""
    with decks.put(deck("outer")):
        assert in_plain_thread(lambda: taker(decks)) == "outer"
        with decks.put(deck("inner")):
            assert in_plain_thread(lambda: taker(decks)) == "inner"


def test_none_answers_a_stranger_where_several_are_in_force(decks: DecksInForce) -> None:
    """Two cassettes never mix: the call of a stranger is nobody's."""

    async def both() -> None:
        together = asyncio.Barrier(2)

        async def use(name: str) -> None:
            with decks.put(deck(name)):
                await together.wait()
                assert taker(decks) == name
                assert in_plain_thread(lambda: taker(decks)) is None
                await together.wait()

        await asyncio.gather(use("a"), use("b"))

    asyncio.run(both())


def test_threads_have_each_their_own(decks: DecksInForce) -> None:
    """However their uses overlap."""
    together = threading.Barrier(8)

    def use(name: str) -> bool:
        together.wait()
        with decks.put(deck(name)):
            together.wait()
            found: bool = taker(decks) == name
            together.wait()
            return found

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(use, map(str, range(8))))


def test_started_thread_has_its_starters(decks: DecksInForce) -> None:
    """Where the variable is carried; it lasts no longer than the deck is in force."""
    release = threading.Event()
    found: list[Any] = []

    def look() -> None:
        found.append(decks.current())
        release.wait()
        found.append(decks.current())

    with carry(decks.variable), decks.put(deck("other")):
        with decks.put(deck("mine")):
            thread = threading.Thread(target=look)
            thread.start()
            while not found:
                pass
        release.set()
        thread.join()

    assert found == ["mine", "other"]


def test_owner_has_its_own_wherever_it_runs(decks: DecksInForce) -> None:
    """Its calls are taken in contexts that know nothing of it too."""
    owner = object()

    with decks.put(deck("wide")), decks.put(deck("owned"), owner):
        assert taker(decks, owner) == "owned"
        assert in_plain_thread(lambda: taker(decks, owner)) == "owned"


def test_owners_cassette_covers_a_wider_one_in_an_older_context(decks: DecksInForce) -> None:
    """A loop that was made while only the wider one was in force runs in its context."""
    owner = object()

    with decks.put(deck("wide")):
        older = contextvars.copy_context()
        with decks.put(deck("owned"), owner):
            assert older.run(taker, decks, owner) == "owned"
        assert older.run(taker, decks, owner) == "wide"


def test_cassette_inside_of_the_owners_takes_the_call(decks: DecksInForce) -> None:
    """What the running code put in force itself is nearer than its owner's."""
    owner = object()

    with decks.put(deck("owned"), owner), decks.put(deck("inside")):
        assert taker(decks, owner) == "inside"


def test_use_that_ends_in_another_context_is_over(decks: DecksInForce) -> None:
    """As that of an asynchronous fixture may."""
    use = decks.put(deck("a"))
    contextvars.copy_context().run(use.__enter__)

    use.__exit__(None, None, None)

    assert decks.current() is None
