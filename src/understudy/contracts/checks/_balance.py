"""How several providers share what they are asked, and how much is let through at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from .._check import check
from .._config import BreakerConfig

if TYPE_CHECKING:
    from .._rig import Rig

_ALL: Final = ("anthropic", "openai", "openrouter")
_CYCLES: Final = 3
_WEIGHTS: Final = {"anthropic": 3, "openai": 1}
_OPEN: Final = 30.0
_LIMIT: Final = 2
_CROWD: Final = 5


class BalanceChecks:
    """Load is spread as it was said, and bounded."""

    @check("balance", level=3)
    async def test_all_take_their_turns(self, rig: Rig) -> None:
        """Three providers share nine requests, three each.

        Usual cause of a failure: the least busy is always the first where all are idle
        (litellm#37622, #1195).
        """
        rig.build(registry={"gpt*": _ALL}, balance="round_robin")

        for number in range(_CYCLES * len(_ALL)):
            await rig.ask(f"request {number}")

        fair = dict.fromkeys(_ALL, _CYCLES)
        assert rig.asked == fair, f"nine requests went to {rig.asked}"

    @check("balance", level=3)
    async def test_weights_are_kept(self, rig: Rig) -> None:
        """Of eight requests six go to the one with three quarters of the weight.

        Usual cause of a failure: weights are read from the wrong place, or are only chances
        (litellm#33329).
        """
        rig.build(registry={"gpt*": tuple(_WEIGHTS)}, balance="weighted", weights=_WEIGHTS)

        for number in range(2 * sum(_WEIGHTS.values())):
            await rig.ask(f"request {number}")

        fair = {name: 2 * weight for name, weight in _WEIGHTS.items()}
        assert rig.asked == fair, f"with the weights {_WEIGHTS} requests went to {rig.asked}"

    @check("balance", level=5)
    async def test_a_provider_that_is_back_is_not_flooded(self, rig: Rig) -> None:
        """It takes its turns again, and not those that it missed.

        Usual cause of a failure: whoever had the fewest requests so far is next, or is the
        quickest of late because nobody asked it (maximhq/bifrost#125, #120).
        """
        breaker = BreakerConfig(failures=1, seconds=_OPEN)
        rig.build(registry={"gpt*": _ALL}, balance="round_robin", breaker=breaker)
        rig["openai"].fail(1)
        for number in range(2 * _CYCLES * len(_ALL)):
            await rig.attempt(f"request {number}")
        await rig.advance(_OPEN + 1)
        away = dict(rig.asked)

        for number in range(_CYCLES * len(_ALL)):
            await rig.ask(f"later {number}")

        took = {name: count - away.get(name, 0) for name, count in rig.asked.items()}
        assert away["openai"] == 1, f"with openai sick after one failure requests went to {away}"
        assert all(_CYCLES - 1 <= count <= _CYCLES + 1 for count in took.values()), (
            f"openai was back, and of nine requests went to {took}"
        )

    @check("limits", level=3)
    async def test_no_more_are_let_through_than_the_limit(self, rig: Rig) -> None:
        """Of five at once two are with a provider; the others wait or are refused, none is lost.

        Usual cause of a failure: the limit is one of connections, or is taken back too early.
        """
        rig.build(limit=_LIMIT)
        rig["openai"].hold()

        tasks = [rig.begin(f"request {number}") for number in range(_CROWD)]
        await rig.arrived("openai", _LIMIT)
        await rig.settle()
        through = rig["openai"].count
        rig["openai"].release()
        await asyncio.gather(*tasks, return_exceptions=True)
        error = await rig.attempt("afterwards")

        assert through == _LIMIT, f"{through} requests were with a provider, with {_LIMIT} allowed"
        assert error is None, f"all had ended, and the next request was refused: {error!r}"
