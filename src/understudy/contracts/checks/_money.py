"""What requests cost, what they do not, and on which day."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import pytest

from ...mock import MockReply
from .._check import check
from .._lacks import told

if TYPE_CHECKING:
    from .._rig import Rig

_TTL: Final = 600.0
_DAY: Final = 86_400.0
#: 1234 tokens in and 567 out of gpt-4o, at $2.50 and $10.00 a million.
_COST: Final = Decimal("0.008755")
_TOKENS: Final = 1234 + 567
#: 1000 tokens in, 800 of them at half the price, and 100 out.
_CACHED_USAGE: Final = {"input_tokens": 1000, "cache_read_tokens": 800, "output_tokens": 100}
_CACHED_COST: Final = Decimal("0.0025")


class MoneyChecks:
    """Costs are exact, and nothing is paid that was not asked for, or twice."""

    @check("cost", level=1)
    async def test_the_cost_is_exact(self, rig: Rig) -> None:
        """To six decimals: gpt-4o at $2.50 and $10.00 for a million tokens.

        Usual cause of a failure: prices for a thousand tokens, or rounding on the way.
        """
        rig.build()

        answer = await rig.ask()

        cost = _usd(told(answer.cost_usd, "what an answer cost"))
        assert cost == _COST, f"1234 tokens in and 567 out cost ${_COST}, and not ${cost}"

    @check("counters", level=1)
    async def test_the_day_is_counted(self, rig: Rig) -> None:
        """Requests, tokens and spend of the day are the sums of what was answered.

        Usual cause of a failure: hits are paid, or the tokens of one kind are left out.
        """
        rig.build(cache_ttl=_TTL)
        for text in ("one", "two", "two"):
            await rig.ask(text)

        counters = await rig.counters()

        requests = told(counters.requests_today, "the requests of the day")
        tokens = told(counters.tokens, "its tokens")
        spent = _usd(told(counters.spent_today_usd, "what was spent on the day"))
        counted = f"{requests} requests, {tokens} tokens, ${spent}"
        assert (requests, tokens, spent) == (3, 2 * _TOKENS, 2 * _COST), (
            f"two calls and a hit were counted as {counted}"
        )

    @check("counters", level=4)
    async def test_the_day_begins_anew(self, rig: Rig) -> None:
        """24 hours later the day's figures are those of the new day.

        Usual cause of a failure: the day ends when the process does (litellm#24675).
        """
        rig.build()
        await rig.ask("one")
        await rig.advance(_DAY)
        await rig.ask("two")

        counters = await rig.counters()

        requests = told(counters.requests_today, "the requests of the day")
        spent = _usd(told(counters.spent_today_usd, "what was spent on the day"))
        assert (requests, spent) == (1, _COST), (
            f"one request was made on the new day; {requests} and ${spent} were counted"
        )

    @check("cost", level=4)
    async def test_a_hit_costs_nothing(self, rig: Rig) -> None:
        """The answer says 0, and the spend stays.

        Usual cause of a failure: the cost is computed from the tokens, which are kept
        (litellm#1783, #14749).
        """
        rig.build(cache_ttl=_TTL)
        await rig.ask()

        hit = await rig.ask()

        cost = _usd(told(hit.cost_usd, "what an answer cost"))
        assert rig["openai"].count == 1, "two equal requests were two calls"
        assert cost == 0, f"a hit costs ${cost}"

    @pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
    @check("cost", level=4)
    async def test_tokens_that_the_provider_had_cached_are_paid_once(
        self, rig: Rig, stream: Any
    ) -> None:
        """They are a part of the input tokens, at a price of their own.

        Usual cause of a failure: they are added to the input, or paid in full (litellm#14849,
        #11789).
        """
        rig.build()
        rig["openai"].mock.on(model="gpt-4o").reply(MockReply("one\ntwo", usage=_CACHED_USAGE))

        await (rig.stream() if stream else rig.ask())

        spent = _usd(told((await rig.counters()).cost_usd, "what was spent"))
        assert spent == _CACHED_COST, (
            f"1000 tokens in, 800 of them cached, and 100 out cost ${_CACHED_COST}, not ${spent}"
        )

    @check("cost", level=4)
    async def test_a_stream_costs_what_a_whole_answer_does(self, rig: Rig) -> None:
        """The usage comes with its last event.

        Usual cause of a failure: the usage of streams is not asked for, or not read.
        """
        rig.build()
        await rig.stream()

        spent = _usd(told((await rig.counters()).cost_usd, "what was spent"))

        assert spent == _COST, f"a stream of ${_COST} is booked as ${spent}"

    @check("cost", level=4)
    async def test_a_stream_that_was_left_is_not_free(self, rig: Rig) -> None:
        """The provider bills what it said until then, so the router books it, as an estimate.

        Usual cause of a failure: costs are booked when the stream is whole (litellm#13245).
        """
        rig.build()
        await rig.taste()
        await rig.settle()

        spent = _usd(told((await rig.counters()).cost_usd, "what was spent"))

        assert spent > 0, "a reader left a stream, and nothing was booked"


def _usd(cost: Any) -> Decimal:
    """Return a cost with six decimals."""
    return round(Decimal(str(cost)), 6)
