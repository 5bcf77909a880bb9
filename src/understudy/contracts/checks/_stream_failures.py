"""Streams that break: before their first content, and after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from .._check import check

if TYPE_CHECKING:
    from .._rig import Rig

_TWO: Final = {"gpt*": ("openai", "anthropic")}
_TIMEOUT: Final = 30.0
_MIDDLE: Final = ("cut", "end_early", "stall", "garble", "break_off")
_BEGINNING: Final = ("fail", "go_away", *_MIDDLE)


class StreamFailureChecks:
    """A broken stream is never taken for a whole one, and never mended by another."""

    @pytest.mark.parametrize("fault", _MIDDLE)
    @check("streaming", level=2)
    async def test_a_broken_stream_ends_in_an_error(self, rig: Rig, fault: str) -> None:
        """Cut, ended early, stalled, garbled or broken off by an error event: the reader is told.

        Usual cause of a failure: the end of the connection is taken for the end of the answer
        (Portkey-AI/gateway#1797, litellm#36768, maximhq/bifrost#5546).
        """
        rig.build(**_limits(fault))
        getattr(rig["openai"], fault)(after_lines=1)

        pieces, error = await rig.read()

        text = "".join(piece.text for piece in pieces)
        assert not any(piece.done for piece in pieces), f"half a stream ended as done: {text!r}"
        assert error is not None, f"half a stream ended as if it were whole: {text!r}"
        rig.check_asked()

    @pytest.mark.parametrize("fault", _MIDDLE)
    @check("failover", level=2)
    async def test_after_the_first_content_nobody_else_is_asked(self, rig: Rig, fault: str) -> None:
        """The text of two models does not make one answer.

        Usual cause of a failure: failover looks at the error, and not at what was handed on.
        """
        rig.build(registry=_TWO, fallback=True, **_limits(fault))
        getattr(rig["openai"], fault)(after_lines=1)

        pieces, _ = await rig.read()

        text = "".join(piece.text for piece in pieces)
        assert rig.asked == {"openai": 1}, (
            f"after the first content another provider was asked, and the text is {text!r}"
        )

    @check("retries", level=2)
    async def test_after_the_first_content_nothing_is_tried_again(self, rig: Rig) -> None:
        """A retry would say the beginning twice.

        Usual cause of a failure: the stream is retried as a call is (litellm#32835).
        """
        rig.build(retries=2)
        rig["openai"].cut(1, after_lines=1)

        pieces, _ = await rig.read()

        text = "".join(piece.text for piece in pieces)
        assert rig["openai"].count == 1, f"the stream was tried again, and the text is {text!r}"

    @pytest.mark.parametrize("fault", _BEGINNING)
    @check("failover", level=2)
    async def test_before_the_first_content_another_one_is_asked(
        self, rig: Rig, fault: str
    ) -> None:
        """A stream that fails before it said anything is the fallback's, also if it began as 200.

        Usual cause of a failure: the status is taken for the answer; the first event may be an
        error, or none may come (litellm#40404, #28216).
        """
        rig.build(registry=_TWO, fallback=True, **_limits(fault))
        befall = getattr(rig["openai"], fault)
        befall(**({"after_lines": 0} if fault in _MIDDLE else {}))

        pieces, error = await rig.read()

        text = "".join(piece.text for piece in pieces)
        assert error is None, f"nothing had been said, but the reader got {error!r}"
        assert text.startswith("anthropic answers"), f"the fallback was not asked: {text!r}"
        assert [piece.done for piece in pieces][-1:] == [True], "the stream has no done flag"

    @pytest.mark.parametrize("fault", ["fail", "break_off"])
    @check("retries", level=2)
    async def test_before_the_first_content_it_is_tried_again(self, rig: Rig, fault: str) -> None:
        """Retries hold for streams as for whole answers, until something was said.

        Usual cause of a failure: streams take another way that knows no retries (litellm#29808).
        """
        rig.build(retries=1)
        getattr(rig["openai"], fault)(1)

        pieces, error = await rig.read()

        assert error is None, (
            f"nothing had been said, but the stream was not tried again: {error!r}"
        )
        assert rig["openai"].count == 2, f"one failure and one answer were {rig.asked}"
        assert pieces, "the stream is empty"

    @check("failover", level=2)
    async def test_a_lost_connection_is_no_answer(self, rig: Rig) -> None:
        """Where nobody could be reached the caller gets an error, and no empty answer.

        Usual cause of a failure: errors of the network are swallowed (Portkey-AI/gateway#267).
        """
        rig.build()
        rig["openai"].go_away()

        await rig.failing()

        rig.check_asked()


def _limits(fault: str) -> dict[str, Any]:
    """Limit the time of what would never end by itself."""
    return {"timeout": _TIMEOUT} if fault == "stall" else {}
