"""Another provider in the place of one that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from .._check import check
from .._lacks import told

if TYPE_CHECKING:
    from .._rig import Rig

_TWO: Final = {"gpt*": ("openai", "anthropic")}
_THREE: Final = {"gpt*": ("openai", "anthropic", "openrouter")}
_RETRIES: Final = 2
_AT_ONCE: Final = 0.5


class FailoverChecks:
    """Failover happens where it helps, without a wait, and comes to an end."""

    @pytest.mark.parametrize("fault", ["fail", "go_away", "end_early"])
    @check("failover", level=2)
    async def test_a_sick_provider_is_replaced(self, rig: Rig, fault: str) -> None:
        """The next one answers, and the answer says so: a status, no connection, half an answer.

        Usual cause of a failure: half a body is an answer; or the answer names the first one.
        """
        rig.build(registry=_TWO, fallback=True)
        getattr(rig["openai"], fault)()

        answer = await rig.ask()

        went = rig["anthropic"].count
        assert went == 1, f"the fallback was asked {went} times, and the answer is {answer.text!r}"
        assert answer.text.startswith("anthropic answers"), f"the answer is {answer.text!r}"
        assert answer.provider in {None, "anthropic"}, (
            f"anthropic answered, and the answer names {answer.provider}"
        )

    @check("failover", level=2)
    async def test_failover_waits_for_nothing(self, rig: Rig) -> None:
        """Where another provider is healthy there is no back-off before it is asked.

        Usual cause of a failure: all retries of the first one, with their pauses, come before
        the fallback (litellm#3274: 47 seconds).
        """
        rig.build(registry=_TWO, fallback=True, retries=_RETRIES)
        rig["openai"].fail()
        began = rig.clock.now()

        await rig.ask()

        took = rig.clock.now() - began
        assert rig["anthropic"].count, "the healthy one was not asked"
        assert took < _AT_ONCE, f"a healthy provider was there, and was asked after {took:.1f} s"

    @check("failover", level=2)
    async def test_without_a_fallback_nobody_else_is_asked(self, rig: Rig) -> None:
        """Who turns it off wants the error.

        Usual cause of a failure: the switch is not looked at in every way (litellm#19077).
        """
        rig.build(fallback=False)
        rig["openai"].fail()

        await rig.failing()

        rig.check_asked()
        others = {name: count for name, count in rig.asked.items() if name != "openai"}
        assert not others, f"there was to be no fallback, and {others} were asked"

    @check("failover", level=2)
    async def test_a_bad_request_is_not_failed_over(self, rig: Rig) -> None:
        """What one refuses with 400 the next would refuse, too.

        Usual cause of a failure: every error falls over (Portkey's gateway).
        """
        rig.build(registry=_TWO, fallback=True)
        rig["openai"].fail(status=400)

        await rig.failing()

        assert rig.asked == {"openai": 1}, f"a bad request went to {rig.asked}"

    @check("failover", level=2)
    async def test_when_all_fail_the_caller_is_told(self, rig: Rig) -> None:
        """With an error, after as many attempts as were allowed.

        Usual cause of a failure: the fallback's failure begins the cycle anew (litellm#19985).
        """
        rig.build(registry=_TWO, fallback=True, retries=_RETRIES)
        for name in ("openai", "anthropic"):
            rig[name].fail()

        await rig.failing()

        asked = {name: rig[name].count for name in ("openai", "anthropic")}
        assert all(1 <= count <= 1 + _RETRIES for count in asked.values()), (
            f"each of two providers may be asked {1 + _RETRIES} times; they were asked {asked}"
        )

    @check("failover", level=5)
    async def test_a_refused_key_is_failed_over(self, rig: Rig) -> None:
        """The key of one provider says nothing of the others.

        Usual cause of a failure: every status from 400 to 499 is the caller's fault, or the
        statuses that were named are not looked at (Portkey-AI/gateway#165).
        """
        rig.build(registry=_TWO, fallback=True)
        rig["openai"].fail(status=401)

        error = await rig.attempt()

        assert error is None, f"the key of openai was refused, and nobody else was asked: {error!r}"
        assert rig.asked == {"openai": 1, "anthropic": 1}, f"a refused key was asked {rig.asked}"

    @check("failover", level=5)
    async def test_every_fallback_is_reached(self, rig: Rig) -> None:
        """Two of three providers fail, and the third one answers, also without retries.

        Usual cause of a failure: the number of retries bounds the way through the providers, too
        (maximhq/bifrost#5876).
        """
        rig.build(registry=_THREE, fallback=True)
        for name in ("openai", "anthropic"):
            rig[name].fail()

        error = await rig.attempt()

        assert error is None, f"a third provider was there and well, but {rig.asked}: {error!r}"
        assert rig["openrouter"].count == 1, f"the third one was to answer; asked were {rig.asked}"

    @check("failover", level=5)
    async def test_the_caller_gets_the_last_failure(self, rig: Rig) -> None:
        """When all fail, the status of the error is that of whoever was asked last.

        Usual cause of a failure: the first error is kept and raised in the end, or a status of
        the router's own hides what happened.
        """
        rig.build(registry=_TWO, fallback=True)
        rig["openai"].fail(status=500)
        rig["anthropic"].fail(status=503)

        error = await rig.failing()

        assert rig["anthropic"].count, "the fallback was not asked"
        status = told(_status(error), "the status of a failure")
        assert status == 503, f"the last one failed with 503, and the caller got {status}"


def _status(error: BaseException | None) -> int | None:
    """Return the status of an error, or of what it was raised from; None where none tells one."""
    while error is not None:
        for owner in (error, getattr(error, "response", None)):
            for name in ("status", "status_code"):
                status = getattr(owner, name, None)
                if isinstance(status, int):
                    return status
        error = error.__cause__
    return None
