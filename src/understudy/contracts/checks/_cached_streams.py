"""Streams that are answered from the cache."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Final

from .._check import check
from .._lacks import Lacks, told

if TYPE_CHECKING:
    from .._answer import Piece
    from .._rig import Rig

_TTL: Final = 600.0


class CachedStreamChecks:
    """A replayed stream is the stream, and no two replays know of each other."""

    @check("cached_streams", level=4)
    async def test_an_equal_stream_is_a_hit(self, rig: Rig) -> None:
        """The second of two equal streams needs no call.

        Usual cause of a failure: only whole answers are kept.
        """
        rig.build(cache_ttl=_TTL)

        await rig.stream()
        await rig.stream()

        asked = rig["openai"].count
        assert asked == 1, f"two equal streams were {asked} calls"

    @check("cached_streams", level=4)
    async def test_a_replay_is_the_stream_piece_by_piece(self, rig: Rig) -> None:
        """Boundaries, events and usage are what they were.

        Usual cause of a failure: the text is replayed as one piece, or without its usage
        (litellm#42244).
        """
        first, second = await _twice(rig)

        assert _texts(second) == _texts(first), (
            f"the pieces {_texts(first)} were replayed as {_texts(second)}"
        )
        events = [piece.raw for piece in first], [piece.raw for piece in second]
        assert events[1] == events[0], f"the events {events[0]} were replayed as {events[1]}"

    @check("cached_streams", level=4)
    async def test_a_replay_ends_with_the_done_flag(self, rig: Rig) -> None:
        """As a stream does.

        Usual cause of a failure: the flag is no part of what is kept.
        """
        _, second = await _twice(rig)

        flags = [piece.done for piece in second]
        assert flags == [*[False] * (len(second) - 1), True], f"the done flags are {flags}"

    @check("cached_streams", level=5)
    async def test_a_replay_says_that_it_is_one(self, rig: Rig) -> None:
        """Its last piece says `hit`, as a whole answer does; that of the stream does not.

        Usual cause of a failure: what is known of the cache gets lost on the way of streams
        (maximhq/bifrost#3049).
        """
        first, second = await _twice(rig)
        await rig.ask("whole")
        whole = told((await rig.ask("whole")).cache, "how it came by an answer")

        said = first[-1].cache, second[-1].cache
        assert said[1] == whole, f"a hit says {whole!r}, and the end of a replay {said[1]!r}"
        assert said[0] != whole, f"a stream of the provider says {said[0]!r}"

    @check("cached_streams", level=4)
    async def test_two_replays_do_not_disturb_each_other(self, rig: Rig) -> None:
        """One stops after its first piece, the other one goes on to the end.

        Usual cause of a failure: both read from the one iterator that is kept.
        """
        first, _ = await _twice(rig)

        async with aclosing(rig.streaming()) as one, aclosing(rig.streaming()) as other:
            begun = [await anext(one, None), await anext(other, None)]
            assert all(begun), "beside another replay a replay has no pieces"
            await other.aclose()
            pieces = [piece for piece in begun[:1] if piece] + [piece async for piece in one]

        assert _texts(pieces) == _texts(first), (
            f"beside another replay the pieces {_texts(first)} were {_texts(pieces)}"
        )

    @check("cached_streams", level=4)
    async def test_a_stream_and_a_whole_answer_are_not_mixed_up(self, rig: Rig) -> None:
        """Who asks for a stream gets one, whatever was kept of the same request, and vice versa.

        Usual cause of a failure: `stream` is no part of the key, and the one is handed out as
        the other.
        """
        rig.build(cache_ttl=_TTL)
        whole = await rig.ask()

        pieces = await rig.stream()
        again = await rig.ask()

        rig.check_asked()
        text = "".join(_texts(pieces))
        assert "of model" in text, f"a stream after a whole answer says {text!r}"
        assert pieces[-1].done, "a stream after a whole answer has no end"
        assert again.text == whole.text, f"a whole answer after a stream says {again.text!r}"


async def _twice(rig: Rig) -> tuple[list[Piece], list[Piece]]:
    """Return a stream and its replay."""
    rig.build(cache_ttl=_TTL)
    first, second = await rig.stream(), await rig.stream()
    if rig["openai"].count != 1:
        msg = "it keeps no streams"
        raise Lacks(msg)
    return first, second


def _texts(pieces: list[Piece]) -> list[str]:
    return [piece.text for piece in pieces if piece.text]
