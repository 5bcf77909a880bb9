"""A provider that fails again and again is left alone, and tried by one request at a time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from .._check import check
from .._config import BreakerConfig

if TYPE_CHECKING:
    from .._rig import Rig

_FAILURES: Final = 3
_OPEN: Final = 30.0
_BREAKER: Final = BreakerConfig(failures=_FAILURES, seconds=_OPEN)
_CROWD: Final = 5
_AT_ONCE: Final = 0.5


class BreakerChecks:
    """Closed, open, half-open: each lets through what it should."""

    @check("breaker", level=3)
    async def test_a_breaker_opens(self, rig: Rig) -> None:
        """After so many failures the provider is not asked, and the caller is told at once.

        Usual cause of a failure: the state is kept, and not looked at (Portkey-AI/gateway#1289).
        """
        await _open(rig)
        began = rig.clock.now()

        await rig.failing("later")

        asked, took = rig["openai"].count, rig.clock.now() - began
        assert asked == _FAILURES, f"after {_FAILURES} failures it was asked once more"
        assert took < _AT_ONCE, f"the caller waited {took:.1f} seconds for an open breaker"

    @check("breaker", level=3)
    async def test_one_probe_tries_a_sick_provider(self, rig: Rig) -> None:
        """When the breaker is half-open, one of many requests goes through.

        Usual cause of a failure: half-open is no state but a moment: all go through
        (Llucs/backon#26, App-vNext/Polly#216, ferro-labs/ai-gateway#152).
        """
        await _open(rig)
        rig["openai"].recover()
        await rig.advance(_OPEN + 1)
        rig["openai"].hold()

        tasks = [rig.begin(f"probe {number}") for number in range(_CROWD)]
        await rig.arrived("openai", _FAILURES + 1)
        await rig.settle()
        probes = rig["openai"].count - _FAILURES
        rig["openai"].release()
        await asyncio.gather(*tasks, return_exceptions=True)

        assert probes == 1, f"{probes} of {_CROWD} requests went to a provider that was sick"

    @check("breaker", level=3)
    async def test_a_good_probe_closes_it(self, rig: Rig) -> None:
        """Then everybody may go through again.

        Usual cause of a failure: successes are not counted, so that each one is a probe.
        """
        await _open(rig)
        rig["openai"].recover()
        await rig.advance(_OPEN + 1)

        for number in range(_FAILURES):
            error = await rig.attempt(f"later {number}")
            assert error is None, f"the provider is well again, but request {number}: {error!r}"

        healthy = rig["openai"].count - _FAILURES
        assert healthy == _FAILURES, f"{_FAILURES} requests were {healthy} calls"

    @check("breaker", level=3)
    async def test_a_bad_probe_opens_it_again(self, rig: Rig) -> None:
        """One failure is enough then, for another `seconds`.

        Usual cause of a failure: the count of failures begins at 0.
        """
        await _open(rig)
        await rig.advance(_OPEN + 1)

        await rig.failing("probe")
        await rig.failing("too early")

        probes = rig["openai"].count - _FAILURES
        assert probes == 1, f"after a bad probe the provider was asked {probes - 1} times more"

    @check("breaker", level=3)
    async def test_a_probe_that_is_given_up_leaves_its_place(self, rig: Rig) -> None:
        """A probe whose caller leaves is no verdict; the next one may try.

        Usual cause of a failure: the place is given back with the outcome, and there is none
        (ferro-labs/ai-gateway#169).
        """
        await _open(rig)
        rig.check_leaving()
        rig["openai"].recover()
        await rig.advance(_OPEN + 1)
        rig["openai"].hold()
        probe = rig.begin("probe")
        await rig.arrived("openai", _FAILURES + 1)
        await rig.leave(probe)
        rig["openai"].release()

        await rig.advance(4 * _OPEN)
        error = await rig.attempt("later")

        assert error is None, f"the probe was given up, and nobody ever gets through: {error!r}"

    @check("breaker", level=3)
    async def test_a_bad_request_is_no_failure_of_the_provider(self, rig: Rig) -> None:
        """One caller's mistakes do not take the provider from the others.

        Usual cause of a failure: every status from 400 on counts.
        """
        rig.build(breaker=_BREAKER)
        rig["openai"].fail(_FAILURES + 1, status=400)
        for number in range(_FAILURES + 1):
            await rig.failing(f"bad {number}")

        error = await rig.attempt("good")

        assert error is None, f"bad requests opened the breaker: {error!r}"

    @check("health", level=3)
    async def test_health_names_the_sick(self, rig: Rig) -> None:
        """A provider whose breaker is open is not healthy, the others are.

        Usual cause of a failure: health is what was configured, or what a probe said long ago.
        """
        rig.build(breaker=_BREAKER)
        before = dict(await rig.health())
        rig["openai"].fail()
        for number in range(_FAILURES):
            await rig.failing(f"request {number}")

        after = dict(await rig.health())

        assert all(before.get(name) for name in rig.providers), f"at first: {before}"
        assert after == {**before, "openai": False}, f"with openai sick: {after}"


async def _open(rig: Rig) -> None:
    """Let a provider fail until its breaker opens."""
    rig.build(breaker=_BREAKER)
    rig["openai"].fail()
    for number in range(_FAILURES):
        await rig.failing(f"request {number}")
