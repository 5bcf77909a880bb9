"""Hits, misses and expiry, and what is counted of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from .._check import check
from .._lacks import told

if TYPE_CHECKING:
    from .._answer import Counters
    from .._rig import Rig

_TTL: Final = 600.0
_THREADS: Final = 50
_EACH: Final = 10
_PROMPTS: Final = 7


class CacheChecks:
    """A cache of answers that expire."""

    @check("cache", level=1)
    async def test_an_equal_request_is_a_hit(self, rig: Rig) -> None:
        """The second of two equal requests is answered without a call, with the same text.

        Usual cause of a failure: the key holds something that differs each time, as an id.
        """
        rig.build(cache_ttl=_TTL)

        first, second = await rig.ask(), await rig.ask()

        assert rig.asked == {"openai": 1}, f"two equal requests were {rig['openai'].count} calls"
        assert second.text == first.text, f"the hit says {second.text!r}, not {first.text!r}"

    @check("cache", level=1)
    async def test_another_request_is_a_miss(self, rig: Rig) -> None:
        """A request with other words is asked anew.

        Usual cause of a failure: the key is made of the model alone, or of a part of the text.
        """
        rig.build(cache_ttl=_TTL)

        first, second = await rig.ask("one"), await rig.ask("two")

        assert rig["openai"].count == 2, "another request got the answer to the first"
        assert first.text != second.text

    @check("counters", level=1)
    async def test_hits_and_calls_are_counted(self, rig: Rig) -> None:
        """The router's own counters tell a miss, a hit and a miss on another request.

        Usual cause of a failure: hits are not counted as requests, or are counted as calls.
        """
        rig.build(cache_ttl=_TTL)

        for text in ("one", "one", "two"):
            await rig.ask(text)

        _check_counters(await rig.counters(), total=3, hits=1, calls=2)

    @check("expiry", level=1)
    async def test_an_answer_expires(self, rig: Rig) -> None:
        """Before its time to live is over an answer is a hit, afterwards a miss.

        Usual cause of a failure: milliseconds are taken for seconds, so that nothing is ever hit
        or nothing ever expires (Portkey-AI/gateway#1256).
        """
        rig.build(cache_ttl=_TTL)
        await rig.ask()

        await rig.advance(_TTL * 0.9)
        await rig.ask()
        early = rig["openai"].count
        await rig.advance(_TTL * 0.2)
        await rig.ask()

        assert early == 1, f"the answer was gone after 90 % of its {_TTL:g} seconds"
        assert rig["openai"].count == 2, f"the answer was still there after {_TTL * 1.1:g} seconds"

    @check("threads", level=1)
    async def test_fifty_at_once_race_for_nothing(self, rig: Rig) -> None:
        """50 threads (tasks, where it is async) ask 10 times each; hits and calls are the total.

        Usual cause of a failure: counters are changed without a lock, or an entry of the cache
        is written in two steps.
        """
        rig.build(cache_ttl=_TTL)
        await rig.counters()  # a router that has none is not put to the trouble

        answers = await rig.crowd(_THREADS, [f"prompt {n % _PROMPTS}" for n in range(_EACH)])

        wrong = [text for text, answer in answers if f"answers {text}\n" not in answer.text]
        assert not wrong, f"{len(wrong)} of {len(answers)} requests got the answer to another one"
        asked, total = rig["openai"].count, _THREADS * _EACH
        least = Counter(text for text, _ in answers)
        assert len(least) <= asked <= total, f"{asked} calls for {total} requests"
        _check_counters(await rig.counters(), total=total, hits=total - asked, calls=asked)

    @check("warming", level=3)
    async def test_a_warmed_request_is_a_hit(self, rig: Rig) -> None:
        """What was asked for in advance is there when it is wanted, and only that.

        Usual cause of a failure: warming makes another key than asking does.
        """
        rig.build(cache_ttl=_TTL)

        await rig.warm("one", "two")
        warmed = rig["openai"].count
        await rig.ask("one")
        await rig.ask("two")
        hit = rig["openai"].count
        await rig.ask("three")

        assert warmed == 2, f"two requests were warmed by {warmed} calls"
        assert hit == warmed, f"{hit - warmed} of two warmed requests were asked again"
        assert rig["openai"].count == warmed + 1, "a request that was not warmed was a hit"


def _check_counters(counters: Counters, *, total: int, hits: int, calls: int) -> None:
    counted = (
        told(counters.total_calls, "its total calls"),
        told(counters.cache_hits, "its cache hits"),
        told(counters.provider_calls, "its provider calls"),
    )
    assert counted == (total, hits, calls), (
        f"the router counts {counted[0]} requests, {counted[1]} hits and {counted[2]} calls;"
        f" there were {total}, {hits} and {calls}"
    )
