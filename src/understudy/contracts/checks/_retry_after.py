"""What a provider asks for that wants to be left alone for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from .._check import check

if TYPE_CHECKING:
    from .._rig import Rig

_WAIT: Final = 20.0
#: What clocks and dates are rounded by.
_ROUNDING: Final = 0.01
_DEADLINE: Final = 10.0
_SLACK: Final = 1.0


class RetryAfterChecks:
    """Retry-After is understood in all its forms, and never undercut."""

    @pytest.mark.parametrize("form", ["s", "ms", "date"])
    @check("retry_after", level=2)
    async def test_a_wait_that_is_asked_for_is_waited(self, rig: Rig, form: Any) -> None:
        """In seconds, in milliseconds (`retry-after-ms`), or as a date.

        Usual cause of a failure: only numbers are read, and a date is no wait at all (Portkey's
        gateway), or the wait is capped.
        """
        rig.build(retries=1)
        rig["openai"].fail(1, status=429, retry_after=_WAIT, retry_after_in=form)

        error = await rig.attempt()

        calls = rig["openai"].calls
        assert len(calls) == 2, f"the request was not tried again after the wait: {error!r}"
        waited = calls[1].began_at - calls[0].began_at
        assert waited >= _WAIT - _ROUNDING, (
            f"the provider asked for {_WAIT:g} seconds and was asked again after {waited:.1f}"
        )

    @check("retry_after", level=2)
    async def test_a_wait_beyond_the_deadline_is_not_waited(self, rig: Rig) -> None:
        """Where the wait is longer than the time that is left, the caller is told at once.

        Usual cause of a failure: the router sleeps, and then gives up; or it undercuts the wait.
        """
        rig.build(retries=1, deadline=_DEADLINE)
        rig["openai"].fail(1, status=429, retry_after=6 * _DEADLINE)
        began = rig.clock.now()

        await rig.failing()

        took = rig.clock.now() - began
        assert rig["openai"].count == 1, "the provider was asked again before its time"
        assert took < _SLACK, f"the caller waited {took:.1f} seconds for an error that was known"

    @check("retry_after", level=2)
    async def test_a_provider_that_asks_for_peace_has_it(self, rig: Rig) -> None:
        """Later requests leave it alone as well, until its time is over.

        Usual cause of a failure: Retry-After is obeyed within one request only.
        """
        rig.build(fallback=True, registry={"gpt*": ("openai", "anthropic")})
        rig["openai"].fail(1, status=429, retry_after=_WAIT)

        await rig.ask("one")
        await rig.ask("two")
        early = rig["openai"].count
        await rig.advance(_WAIT + 1)
        await rig.ask("three")

        assert early == 1, f"it asked for {_WAIT:g} seconds, and the next request went to it"
        assert rig["openai"].count == 2, "its time was over, and it was not asked any more"

    @check("retry_after", level=5)
    async def test_all_that_ask_for_peace_have_it(self, rig: Rig) -> None:
        """Two refuse the same request, and both are left alone by the next one.

        Usual cause of a failure: what is learned of a failure hangs on its log, which is written
        once a request (litellm#32574).
        """
        rig.build(fallback=True, registry={"gpt*": ("openai", "anthropic", "openrouter")})
        for name in ("openai", "anthropic"):
            rig[name].fail(1, status=429, retry_after=_WAIT)

        await rig.ask("one")
        await rig.ask("two")

        assert rig.asked == {"openai": 1, "anthropic": 1, "openrouter": 2}, (
            f"two had asked for {_WAIT:g} seconds, and two requests went to {rig.asked}"
        )
