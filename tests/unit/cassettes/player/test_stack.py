"""Which cassette takes a call."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

import pytest

from understudy.cassettes.player import CassetteStack
from understudy.intercept import carry

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy.cassettes.player import CassettePlayer


def player(name: str) -> CassettePlayer:
    """Return something that stands for a player: who is in force does not look into it."""
    return cast("CassettePlayer", name)


def taker(stack: CassetteStack, owner: object = None) -> Any:
    """Return who takes a call that is made here and now."""
    return stack.current(owner)


@pytest.fixture
def stack() -> CassetteStack:
    """Nothing in force yet."""
    return CassetteStack()


def in_plain_thread(ask: Callable[[], Any]) -> Any:
    """Return what `ask` says in a thread that carries nothing."""
    found: list[Any] = []
    thread = threading.Thread(target=contextvars.Context().run, args=(lambda: found.append(ask()),))
    thread.start()
    thread.join()
    return found[0]


def test_nothing_is_in_force_at_first(stack: CassetteStack) -> None:
    """And nothing is any more when it is over."""
    assert stack.current() is None

    with stack.put(player("a")):
        assert stack

    assert stack.current() is None
    assert not stack


def test_innermost_takes_the_call(stack: CassetteStack) -> None:
    """And the outer one again after it."""
    with stack.put(player("outer")):
        with stack.put(player("inner")):
            assert taker(stack) == "inner"

        assert taker(stack) == "outer"


def test_only_one_answers_code_that_carries_none(stack: CassetteStack) -> None:
    """A thread that was there before is answered, by the innermost of one nest."""
    with stack.put(player("outer")):
        assert in_plain_thread(lambda: taker(stack)) == "outer"
        with stack.put(player("inner")):
            assert in_plain_thread(lambda: taker(stack)) == "inner"


def test_none_answers_a_stranger_where_several_are_in_force(stack: CassetteStack) -> None:
    """Two cassettes never mix: the call of a stranger is nobody's."""

    async def both() -> None:
        together = asyncio.Barrier(2)

        async def use(name: str) -> None:
            with stack.put(player(name)):
                await together.wait()
                assert taker(stack) == name
                assert in_plain_thread(lambda: taker(stack)) is None
                await together.wait()

        await asyncio.gather(use("a"), use("b"))

    asyncio.run(both())


def test_threads_have_each_their_own(stack: CassetteStack) -> None:
    """However their uses overlap."""
    together = threading.Barrier(8)

    def use(name: str) -> bool:
        together.wait()
        with stack.put(player(name)):
            together.wait()
            found: bool = taker(stack) == name
            together.wait()
            return found

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(use, map(str, range(8))))


def test_started_thread_has_its_starters(stack: CassetteStack) -> None:
    """Where the variable is carried; it lasts no longer than the player is in force."""
    release = threading.Event()
    found: list[Any] = []

    def look() -> None:
        found.append(stack.current())
        release.wait()
        found.append(stack.current())

    with carry(stack.variable), stack.put(player("other")):
        with stack.put(player("mine")):
            thread = threading.Thread(target=look)
            thread.start()
            while not found:
                pass
        release.set()
        thread.join()

    assert found == ["mine", "other"]


def test_owner_has_its_own_wherever_it_runs(stack: CassetteStack) -> None:
    """Its calls are taken in contexts that know nothing of it too."""
    owner = object()

    with stack.put(player("wide")), stack.put(player("owned"), owner):
        assert taker(stack, owner) == "owned"
        assert in_plain_thread(lambda: taker(stack, owner)) == "owned"


def test_owners_cassette_covers_a_wider_one_in_an_older_context(stack: CassetteStack) -> None:
    """A loop that was made while only the wider one was in force runs in its context."""
    owner = object()

    with stack.put(player("wide")):
        older = contextvars.copy_context()
        with stack.put(player("owned"), owner):
            assert older.run(taker, stack, owner) == "owned"
        assert older.run(taker, stack, owner) == "wide"


def test_cassette_inside_of_the_owners_takes_the_call(stack: CassetteStack) -> None:
    """What the running code put in force itself is nearer than its owner's."""
    owner = object()

    with stack.put(player("owned"), owner), stack.put(player("inside")):
        assert taker(stack, owner) == "inside"


def test_use_that_ends_in_another_context_is_over(stack: CassetteStack) -> None:
    """As that of an asynchronous fixture may."""
    use = stack.put(player("a"))
    contextvars.copy_context().run(use.__enter__)

    use.__exit__(None, None, None)

    assert stack.current() is None
