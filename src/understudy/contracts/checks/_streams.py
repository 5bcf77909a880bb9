"""Streams that come whole, and streams that somebody leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .._check import check
from .._lacks import told

if TYPE_CHECKING:
    from .._rig import Rig

_TOKENS: Final = 1234 + 567


class StreamChecks:
    """A stream is handed on piece by piece, says that it is whole, and is counted."""

    @check("streaming", level=1)
    async def test_a_stream_ends_with_the_done_flag(self, rig: Rig) -> None:
        """The last piece says that the stream is whole, and no other does.

        Usual cause of a failure: the flag stands at the finish reason, and a chunk with the usage
        follows; or it is never set.
        """
        rig.build()

        pieces = await rig.stream()

        rig.check_asked()
        flags = [number for number, piece in enumerate(pieces, 1) if piece.done]
        assert flags == [len(pieces)], (
            f"of {len(pieces)} pieces the done flag stands on {flags or 'none'}; it belongs on"
            " the last one alone"
        )

    @check("streaming", level=1)
    async def test_a_stream_says_all_of_the_answer(self, rig: Rig) -> None:
        """The texts of the pieces are the answer, in order.

        Usual cause of a failure: the first or the last delta is dropped.
        """
        rig.build()

        pieces = await rig.stream()

        text = "".join(piece.text for piece in pieces)
        whole = "openai answers hello\ncall 1\nof model gpt-4o"
        assert text == whole, f"the provider said {whole!r}, the pieces say {text!r}"

    @check("streaming", level=2)
    async def test_pieces_come_while_the_stream_runs(self, rig: Rig) -> None:
        """The first piece is there before the provider has said the last.

        Usual cause of a failure: the stream is gathered, and handed on when it is whole.
        """
        rig.build()
        rig["openai"].mock.fail("slow_chunks", seconds=0.1)

        began = rig.clock.now()
        waits = [rig.clock.now() - began async for piece in rig.streaming() if piece.text]

        assert len(waits) > 1, "a stream of three lines came as one piece"
        assert waits[0] < waits[-1], (
            f"the first piece came when the last one did, after {waits[-1]:.2f} seconds"
        )

    @check("counters", level=1)
    async def test_a_stream_is_counted(self, rig: Rig) -> None:
        """A stream is a request, a call, and the tokens that its usage tells.

        Usual cause of a failure: only whole answers are counted.
        """
        rig.build()
        await rig.stream()

        counters = await rig.counters()

        total = told(counters.total_calls, "its total calls")
        calls = told(counters.provider_calls, "its provider calls")
        assert (total, calls) == (1, 1), f"one stream is {total} requests and {calls} calls"
        tokens = told(counters.tokens, "its tokens")
        assert tokens == _TOKENS, f"{tokens} tokens were counted of a stream of {_TOKENS}"

    @check("streaming", level=2)
    async def test_a_stream_that_is_left_is_left_at_the_provider(self, rig: Rig) -> None:
        """When the reader goes, the provider's stream is closed, too.

        Usual cause of a failure: it is read on to its end, or stays open for ever
        (maximhq/bifrost#828).
        """
        rig.build()
        await rig.taste()
        await rig.settle()

        rig.check_asked()
        open_calls = [call for call in rig["openai"].calls if call.ended_at is None]

        assert not open_calls, "the reader left, and the stream of the provider is still open"
