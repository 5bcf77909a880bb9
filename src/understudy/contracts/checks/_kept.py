"""What is kept in the cache, what never, and what has to go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from .._check import check
from .._lacks import Lacks, told

if TYPE_CHECKING:
    from .._rig import Rig

_TTL: Final = 86_400.0
_A_WHILE: Final = 3_600.0


class KeptChecks:
    """Only whole answers are kept, under the name of whoever gave them."""

    @pytest.mark.parametrize("status", [400, 429, 500])
    @check("cache", level=4)
    async def test_an_error_is_never_kept(self, rig: Rig, status: int) -> None:
        """After an error the next equal request is asked anew.

        Usual cause of a failure: the body of an error is kept as an answer
        (vllm-project/semantic-router#2130).
        """
        rig.build(cache_ttl=_TTL)
        rig["openai"].fail(1, status=status)
        await rig.attempt()

        await rig.advance(_A_WHILE)
        answer = await rig.ask()

        assert "openai answers" in answer.text, f"the error was answered again: {answer.text!r}"
        assert rig["openai"].count == 2, f"a status of {status} was kept: nobody was asked again"

    @pytest.mark.parametrize("fault", ["cut", "end_early", "break_off"])
    @check("cache", level=4)
    async def test_a_broken_stream_is_never_kept(self, rig: Rig, fault: str) -> None:
        """What broke off is no answer to anybody else.

        Usual cause of a failure: what came until then is kept when the loop over it ends.
        """
        rig.build(cache_ttl=_TTL)
        getattr(rig["openai"], fault)(1, after_lines=1)
        await rig.read()

        await rig.advance(_A_WHILE)
        pieces = await rig.stream()

        text = "".join(piece.text for piece in pieces)
        assert rig["openai"].count == 2, f"half a stream was kept, and answered again: {text!r}"
        assert "of model" in text, f"half a stream was answered: {text!r}"

    @check("cache", level=4)
    async def test_a_stream_that_was_left_is_never_kept_in_part(self, rig: Rig) -> None:
        """Who leaves after the first piece leaves no half answer to others.

        Usual cause of a failure: the pieces are kept when the generator is closed.
        """
        rig.build(cache_ttl=_TTL)
        await rig.taste()

        pieces = await rig.stream()

        rig.check_asked()
        text = "".join(piece.text for piece in pieces)
        assert "of model" in text, f"the part that somebody had read was answered: {text!r}"
        assert pieces[-1].done, "the answer after a stream that was left has no end"

    @check("eviction", level=4)
    async def test_the_least_recently_used_goes_first(self, rig: Rig) -> None:
        """A full cache of two drops what nobody asked for, not what is the oldest.

        Usual cause of a failure: entries leave by their age (ferro-labs/ai-gateway#152).
        """
        rig.build(cache_ttl=_TTL, cache_entries=2)

        for text in ("one", "two", "one", "three"):
            await rig.ask(text)
        full = rig["openai"].count
        await rig.ask("one")
        kept = rig["openai"].count
        await rig.ask("two")

        assert full == 3, f"four requests, one of them twice, were {full} calls"
        assert kept == full, "the entry that had just been used was dropped"
        assert rig["openai"].count == full + 1, "nothing was dropped, though the cache holds two"

    @check("cache", level=4)
    async def test_changing_an_answer_changes_no_other(self, rig: Rig) -> None:
        """What a caller does to the answer that it got is not in the next one.

        Usual cause of a failure: the cache hands out the object that it keeps.
        """
        rig.build(cache_ttl=_TTL)
        first = told((await rig.ask()).raw, "its own answer, as one that can be changed")
        if not isinstance(first, dict):
            msg = "its answers cannot be changed, as far as is known"
            raise Lacks(msg)
        first.clear()

        second: Any = (await rig.ask()).raw

        rig.check_asked()
        assert second, "the second answer is what somebody made of the first one"

    @check("cache", level=5)
    async def test_a_hit_says_so(self, rig: Rig) -> None:
        """An answer that is kept says `hit`, and the one of the provider does not.

        Usual cause of a failure: the answer is handed out as it was kept, word and all.
        """
        rig.build(cache_ttl=_TTL)

        first, second = await rig.ask(), await rig.ask()

        word = told(second.cache, "how it came by an answer")
        assert (first.cache != "hit", word) == (True, "hit"), (
            f"a miss says {first.cache!r}, and a hit {word!r}"
        )

    @check("failover", level=4)
    async def test_the_answer_of_a_fallback_is_its_own(self, rig: Rig) -> None:
        """When the first provider is well again it is asked, though a fallback has answered.

        Usual cause of a failure: the fallback's answer is kept under the key of the first
        (lunargate-ai/gateway#2).
        """
        rig.build(cache_ttl=_TTL, fallback=True, registry={"gpt*": ("openai", "anthropic")})
        rig["openai"].fail()
        fallback = await rig.ask()
        assert "anthropic answers" in fallback.text, f"the fallback was not asked: {fallback.text}"

        rig["openai"].recover()
        await rig.advance(_A_WHILE)
        answer = await rig.ask()

        assert "openai answers" in answer.text, (
            f"the first provider is well again, but {answer.text!r} was answered from the cache"
        )
