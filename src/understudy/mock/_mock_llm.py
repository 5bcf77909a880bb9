"""The understudy itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..clock import RealClock
from ..delays import due_times
from ..scenarios.conditions import Condition
from ._conditions import wanted_condition
from ._direct import Direct, DirectPlay
from ._engine import Engine
from ._library import MockLibrary
from ._resilience import judge
from ._rule_maker import RuleMaker
from ._rules import FaultPlan

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from typing import Any, Unpack

    from ..clock import Clock
    from ._call import IncomingCall, UnmatchedCall
    from ._conditions import Wanted
    from ._mocked_call import MockedCall
    from ._resilience import ClientMisbehaviour

_MAX_ATTEMPTS = 10


class MockLLM(RuleMaker):
    """Stands in for the model: answers the calls of a test by rules and scenarios.

    Args:
        repertoire: scenarios, delay profiles and faults by name; None is what understudy
            brings, behind the scenarios of the folder `golden`.
        clock: what time passes on; None is the machine's.
        profile: delay profile of answers that name none.
        run_seed: with `node_id` and the number of a call, the seed of all that is random.
        node_id: the test.
        on_play: told of each play of `stream` and `stream_sync` when it has ended.
        on_unmatched: asked for an answer where no rule has one; None is none.

    Raises:
        UnknownNameError: there is no such delay profile.
    """

    def __init__(
        self,
        repertoire: MockLibrary | None = None,
        *,
        clock: Clock | None = None,
        profile: str = "instant",
        run_seed: int = 0,
        node_id: str = "",
        on_play: Callable[[DirectPlay], None] | None = None,
        on_unmatched: Callable[[IncomingCall], Any] | None = None,
    ) -> None:
        library = repertoire or MockLibrary.default(Path("golden"))
        library.profiles.get(profile)
        engine = Engine(
            materials=library,
            clock=clock or RealClock(),
            profile=profile,
            run_seed=run_seed,
            node_id=node_id,
            on_unmatched=on_unmatched,
        )
        super().__init__(Condition(), engine)
        self._on_play = on_play

    @property
    def profile(self) -> str:
        """The delay profile of answers that name none; may be set to another name."""
        return self.engine.profile

    @profile.setter
    def profile(self, name: str) -> None:
        self.engine.materials.profiles.get(name)
        self.engine.profile = name

    @property
    def calls(self) -> tuple[MockedCall, ...]:
        """The attempts so far, in the order in which they began: what was asked and answered."""
        return tuple(self.engine.calls)

    @property
    def unmatched(self) -> tuple[UnmatchedCall, ...]:
        """The calls that nothing answered, though the application may have hidden it."""
        return tuple(self.engine.unmatched)

    def on(self, **wanted: Unpack[Wanted]) -> RuleMaker:
        """Say what answers calls of a kind: `on(model="gpt-5*", contains="weather").reply(…)`.

        Raises:
            SettingsError: a key is unknown, or a value is of a wrong type.
        """
        return RuleMaker(wanted_condition(wanted), self.engine)

    def share_faults(self, other: MockLLM) -> None:
        """Let the faults told to another mock befall calls of this one, too: whichever is first."""
        self.engine.plan = FaultPlan(other.engine.plan)

    def recover(self) -> None:
        """Let no fault that was told befall any further call."""
        self.engine.recover()

    def reset(self) -> None:
        """Forget all rules, faults and calls."""
        self.engine.forget()

    def list_scenarios(self) -> list[str]:
        """Return the names of all scenarios, sorted."""
        return list(self.engine.materials.scenarios.names())

    def stream_sync(self, scenario: str, *, profile: str | None = None) -> Iterator[str]:
        """Play a scenario line by line, each line as it stands, when it is due.

        Of a scenario with several turns the first one is played.

        Raises:
            UnknownNameError: there is no such scenario, or no such profile.
        """
        return self._direct(scenario, profile).lines()

    def stream(self, scenario: str, *, profile: str | None = None) -> AsyncIterator[str]:
        """Play a scenario line by line, as `stream_sync` does, to who awaits."""
        return self._direct(scenario, profile).async_lines()

    def judge(
        self, *, strict: bool = False, max_attempts: int = _MAX_ATTEMPTS
    ) -> tuple[ClientMisbehaviour, ...]:
        """Return what the client did wrong so far."""
        return judge(self.calls, strict=strict, max_attempts=max_attempts)

    def assert_resilient(self, *, strict: bool = False, max_attempts: int = _MAX_ATTEMPTS) -> None:
        """Fail where the client did not bear what befell it.

        It ignored Retry-After, tried again without a wait, too often, or what will never
        succeed, took a truncated answer for whole, or had no read time-out. `strict` holds
        every truncated answer against it that nobody asked for again.

        Raises:
            AssertionError: says what the client did; or no fault befell any call.
        """
        if not any(call.fault or call.error for call in self.calls):
            msg = "no fault befell any call, so there is nothing to judge: use mock_llm.fail(…)."
            raise AssertionError(msg)
        findings = self.judge(strict=strict, max_attempts=max_attempts)
        if findings:
            raise AssertionError("\n".join(["the client is not resilient:", *map(str, findings)]))

    def _direct(self, scenario: str, profile: str | None) -> Direct:
        engine = self.engine
        script = engine.materials.scenarios.get(scenario)
        name = profile or script.turns[script.start[0].then].reply.profile or engine.profile
        delays = engine.materials.profiles.get(name)
        seed, _ = engine.next_seed()
        play = DirectPlay(scenario=scenario, profile=name, clock=engine.clock.name)
        due = due_times(delays, engine.timed(seed))
        return Direct(script, due, play, engine.clock, self._on_play)
