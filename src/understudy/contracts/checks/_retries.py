"""When a provider is asked again, how often, and when never."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from .._check import check

if TYPE_CHECKING:
    from .._rig import Rig

_RETRIES: Final = 2
#: Seconds that pass at once, whatever clock they are on.
_NOTHING: Final = 0.001
_DEADLINE: Final = 10.0
_SLACK: Final = 1.0


class RetryChecks:
    """One loop of retries, with an end and a pause, for failures that may pass."""

    @pytest.mark.parametrize("fault", ["fail", "go_away", "time_out"])
    @check("retries", level=2)
    async def test_a_failure_that_may_pass_is_tried_again(self, rig: Rig, fault: str) -> None:
        """A status of 500, a lost connection and a time-out are tried again.

        Usual cause of a failure: only statuses are looked at, and not errors of the network.
        """
        rig.build(retries=_RETRIES)
        getattr(rig["openai"], fault)(1, **({"after": 1.0} if fault == "time_out" else {}))

        error = await rig.attempt()

        assert error is None, f"one failure was not tried again: {error!r}"
        assert rig["openai"].count == 2, f"one failure and one answer were {rig.asked}"

    @check("retries", level=2)
    async def test_retries_come_to_an_end(self, rig: Rig) -> None:
        """A provider that always fails is asked once, and `retries` times more.

        Usual cause of a failure: two loops of retries lie around each other, as an SDK's in the
        router's, or a fallback begins the cycle anew (litellm#19985).
        """
        rig.build(retries=_RETRIES)
        rig["openai"].fail()

        await rig.failing()

        asked = rig["openai"].count
        assert asked == 1 + _RETRIES, f"with {_RETRIES} retries it was asked {asked} times"

    @check("retries", level=2)
    async def test_a_retry_comes_after_a_pause(self, rig: Rig) -> None:
        """Whoever just failed is given a moment.

        Usual cause of a failure: the wait is computed and not waited for (litellm#7669).
        """
        rig.build(retries=_RETRIES)
        rig["openai"].fail()

        await rig.failing()

        began = [call.began_at for call in rig["openai"].calls]
        assert len(began) > 1, "nothing was tried again"
        assert began[-1] - began[0] > _NOTHING, f"{len(began)} tries followed without a pause"

    @pytest.mark.parametrize("status", [400, 404, 413, 422])
    @check("retries", level=2)
    async def test_a_bad_request_is_never_tried_again(self, rig: Rig, status: int) -> None:
        """What is wrong with the request stays wrong.

        Usual cause of a failure: every status from 400 on is a failure like any other.
        """
        rig.build(retries=_RETRIES)
        rig["openai"].fail(status=status)

        await rig.failing()

        asked = rig["openai"].count
        assert asked == 1, f"a request that was refused with {status} was sent {asked} times"

    @check("deadline", level=2)
    async def test_one_deadline_holds_for_all_attempts(self, rig: Rig) -> None:
        """The caller waits for `deadline` seconds, however many providers say nothing.

        Usual cause of a failure: each attempt has the whole time.
        """
        rig.build(
            retries=_RETRIES,
            deadline=_DEADLINE,
            fallback=True,
            registry={"gpt*": ("openai", "anthropic")},
        )
        for name in ("openai", "anthropic"):
            rig[name].time_out()
        began = rig.clock.now()

        await rig.failing()

        took = rig.clock.now() - began
        rig.check_asked()
        assert took <= _DEADLINE + _SLACK, f"{_DEADLINE:g} seconds to wait became {took:.1f}"
