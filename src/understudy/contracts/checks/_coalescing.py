"""Equal requests at once: one call, and everybody is free to leave."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from .._check import check
from .._lacks import told

if TYPE_CHECKING:
    from .._rig import Rig

_CROWD: Final = 4


class CoalescingChecks:
    """Requests join one that is under way. The provider holds it, so that it is."""

    @check("coalescing", level=3)
    async def test_equal_requests_at_once_are_one_call(self, rig: Rig) -> None:
        """All get the answer of the first.

        Usual cause of a failure: there is only a cache, which is empty until the first is
        answered.
        """
        rig.build(coalesce=True)

        calls, answers = await _at_once(rig, ["hello"] * _CROWD)

        assert calls == 1, f"{_CROWD} equal requests at once were {calls} calls"
        texts = {answer.text for answer in answers}
        assert len(texts) == 1, f"they got different answers: {texts}"

    @check("coalescing", level=3)
    async def test_other_requests_at_once_are_not_joined(self, rig: Rig) -> None:
        """Each gets an answer of its own.

        Usual cause of a failure: the key of a flight is the model.
        """
        rig.build(coalesce=True)

        calls, answers = await _at_once(rig, ["one", "two"])

        assert calls == 2, "two different requests were one call"
        assert all(
            f"answers {text}\n" in answer.text
            for text, answer in zip(("one", "two"), answers, strict=True)
        ), f"requests got the answers of others: {[answer.text for answer in answers]}"

    @check("coalescing", level=3)
    async def test_agents_share_no_call(self, rig: Rig) -> None:
        """What two agents ask at once is asked twice.

        Usual cause of a failure: the key of a flight leaves the agent out.
        """
        rig.build(coalesce=True)
        rig["openai"].hold()

        tasks = [rig.begin(agent=agent) for agent in ("writer", "reader")]
        await rig.settle()
        calls = rig["openai"].count
        rig["openai"].release()
        await asyncio.gather(*tasks)

        assert calls == 2, "two agents shared a call"

    @check("coalescing", level=3)
    async def test_who_leaves_takes_nobody_along(self, rig: Rig) -> None:
        """The first one leaves, and the others are answered by the same call.

        Usual cause of a failure: the call runs in the task of whoever came first.
        """
        rig.build(coalesce=True)
        rig["openai"].hold()
        first = rig.begin()
        await rig.arrived("openai", 1)
        others = [rig.begin() for _ in range(_CROWD - 1)]
        await rig.settle()

        await rig.leave(first)
        await rig.settle()
        rig["openai"].release()
        answers = await asyncio.gather(*others, return_exceptions=True)

        lost = [repr(answer) for answer in answers if isinstance(answer, BaseException)]
        assert not lost, f"the first one left, and {len(lost)} others got {lost[0]}"
        calls = rig["openai"].count
        assert calls == 1, f"the first one left, and the provider was asked {calls} times"

    @check("coalescing", level=3)
    async def test_the_last_to_leave_ends_the_call(self, rig: Rig) -> None:
        """Nobody waits any more, and nothing is paid for in vain.

        Usual cause of a failure: the call is shielded from everybody.
        """
        rig.build(coalesce=True)
        rig["openai"].hold()
        tasks = [rig.begin() for _ in range(2)]
        await rig.arrived("openai", 1)
        await rig.settle()

        for task in tasks:
            await rig.leave(task)
        await rig.settle()

        assert rig["openai"].leavers == 1, "all have left, and the call goes on"

    @check("coalescing", level=3)
    async def test_an_error_is_told_to_all_and_kept_for_nobody(self, rig: Rig) -> None:
        """Who comes later asks anew.

        Usual cause of a failure: the others wait for ever, or the failed flight stays.
        """
        rig.build(coalesce=True)
        rig["openai"].fail(1, status=400)

        calls, answers = await _at_once(rig, ["hello"] * _CROWD)
        later = await rig.attempt()

        told_all = [isinstance(answer, Exception) for answer in answers]
        assert calls == 1, f"{_CROWD} equal requests at once were {calls} calls"
        assert all(told_all), f"one call failed, and {told_all.count(False)} got an answer"
        assert later is None, f"whoever came later got the error of before: {later!r}"

    @check("coalescing", level=3)
    async def test_a_call_that_is_shared_is_paid_once(self, rig: Rig) -> None:
        """The spend is that of one call, whoever joined it.

        Usual cause of a failure: each answer books the cost that it tells.
        """
        rig.build(coalesce=True)

        await _at_once(rig, ["hello"] * _CROWD)

        cost: Any = told((await rig.counters()).cost_usd, "what was spent")
        spent, once = round(float(cost), 6), 0.008755
        assert spent == once, f"one call of ${once} was booked as ${spent}"


async def _at_once(rig: Rig, texts: list[str]) -> tuple[int, list[Any]]:
    """Ask all at once; return how many calls were with the provider, and answers or errors."""
    rig["openai"].hold()
    tasks = [rig.begin(text) for text in texts]
    await rig.arrived("openai", 1)
    await rig.settle()
    calls = rig["openai"].count
    rig["openai"].release()
    return calls, list(await asyncio.gather(*tasks, return_exceptions=True))
