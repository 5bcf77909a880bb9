"""What a router counts: requests, tokens and money, exact to 1e-9 USD."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias
from zoneinfo import ZoneInfo

from ._errors import RouterConfigError

if TYPE_CHECKING:
    from ._answers import Answer
    from ._policy import BudgetPolicy

_NANO: Final = 10**9
#: Agents that are counted apart; those who come later are counted as one.
_MOST_AGENTS: Final = 1000
OTHER_AGENTS: Final = "other"
_DAYS_KEPT: Final = 62


@dataclass(frozen=True, slots=True)
class Counters:
    """What a router did so far.

    `total_calls` are requests that an answer was sought for: `cache_hits` (those that joined
    another, `coalesced`, among them) and `provider_calls`, which are requests, too, and not
    attempts. `batched` joined before the other was sent. `refused` were sent nowhere and are in
    no total. `failed` found no answer. `warmed` were asked for in advance: they cost, and are no
    requests. `estimated_calls` are calls whose tokens were guessed, `unpriced_calls` those whose
    cost is unknown; the latter are in no sum.
    """

    total_calls: int = 0
    cache_hits: int = 0
    provider_calls: int = 0
    attempts: int = 0
    coalesced: int = 0
    batched: int = 0
    bypassed: int = 0
    warmed: int = 0
    failed: int = 0
    refused: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_nanousd: int = 0
    saved_nanousd: int = 0
    estimated_calls: int = 0
    unpriced_calls: int = 0

    @property
    def hit_rate(self) -> float | None:
        """The part of the requests that took an answer that was there; None without requests."""
        return self.cache_hits / self.total_calls if self.total_calls else None


@dataclass(frozen=True, slots=True)
class Day:
    """What a calendar day of the router's zone came to so far."""

    day: date
    zone: str
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_nanousd: int = 0
    saved_nanousd: int = 0


Tally: TypeAlias = dict[str, int]
_ZEROS: Final = tuple((each.name, 0) for each in fields(Counters))
_OF_A_DAY: Final = (
    "total_calls", "input_tokens", "output_tokens", "cost_nanousd", "saved_nanousd",
)  # fmt: skip


class Books:
    """The counters of all and of each agent, and what each day cost. It holds no lock."""

    def __init__(self, budget: BudgetPolicy) -> None:
        self._budget = budget
        try:
            self._zone = ZoneInfo(budget.zone)
        except (KeyError, ValueError, OSError) as error:
            msg = f"budget: zone={budget.zone!r} is no time zone, such as Europe/Vienna or UTC."
            raise RouterConfigError(msg) from error
        self._agents: dict[str, Tally] = {}
        self._days: dict[date, Tally] = {}
        self._today: Tally | None = None
        self._date = date.min
        self._begins = self._ends = 0.0

    @property
    def has_budget(self) -> bool:
        """Whether there is a limit to what may be spent."""
        return self._budget.is_limited

    def counters(self, agent: str | None = None) -> Counters:
        """Return what was counted, of all or of one agent."""
        if agent is not None:
            return Counters(**self._agents.get(agent, {}))
        every = self._agents.values()
        return Counters(**{name: sum(tally[name] for tally in every) for name, _ in _ZEROS})

    def count(self, agent: str, now: float, **more: int) -> None:
        """Add to the counters of an agent and of the day of a moment since the epoch."""
        own = self._of_agent(agent)
        for name, number in more.items():
            own[name] += number
        today = self._of_day(now)
        for name in more.keys() & _OF_A_DAY:
            today[name] += more[name]

    def answered(self, answer: Answer, now: float) -> None:
        """Count a request that was answered."""
        if answer.is_paid:
            self.count(
                answer.agent,
                now,
                total_calls=1,
                provider_calls=1,
                bypassed=answer.cache == "bypass",
                failed=not answer.is_whole,
                **_paid(answer),
            )
            return
        self.count(
            answer.agent,
            now,
            total_calls=1,
            cache_hits=1,
            coalesced=answer.cache == "coalesced",
            attempts=len(answer.attempts) if answer.cache == "hit" else 0,
            saved_nanousd=answer.completion.cost_nanousd or 0,
        )

    def warmed(self, answer: Answer, now: float) -> None:
        """Count an answer that was asked for in advance."""
        self.count(answer.agent, now, warmed=1, **_paid(answer))

    def today(self, now: float) -> Day:
        """Return what the day of a moment came to."""
        told = self._of_day(now)
        return Day(
            day=self._date,
            zone=self._budget.zone,
            requests=told["total_calls"],
            input_tokens=told["input_tokens"],
            output_tokens=told["output_tokens"],
            cost_nanousd=told["cost_nanousd"],
            saved_nanousd=told["saved_nanousd"],
        )

    def spent_out(self, now: float) -> str | None:
        """Say which budget is spent, None where none is."""
        budget = self._budget
        today = self._of_day(now)
        if budget.daily_usd is not None and today["cost_nanousd"] >= budget.daily_usd * _NANO:
            return f"daily_usd={budget.daily_usd} of {self._date} ({budget.zone})"
        month = sum(
            tally["cost_nanousd"]
            for day, tally in self._days.items()
            if (day.year, day.month) == (self._date.year, self._date.month)
        )
        if budget.monthly_usd is not None and month >= budget.monthly_usd * _NANO:
            return f"monthly_usd={budget.monthly_usd} of {self._date:%Y-%m} ({budget.zone})"
        return None

    def _of_agent(self, agent: str) -> Tally:
        own = self._agents.get(agent)
        if own is None:
            name = agent if len(self._agents) < _MOST_AGENTS else OTHER_AGENTS
            own = self._agents.setdefault(name, dict(_ZEROS))
        return own

    def _of_day(self, now: float) -> Tally:
        today = self._today
        if today is None or not self._begins <= now < self._ends:
            today = self._turn_page(now)
        return today

    def _turn_page(self, now: float) -> Tally:
        """Go to the calendar day of a moment; days of 23 and of 25 hours are days, too."""
        self._date = datetime.fromtimestamp(now, self._zone).date()
        self._begins, self._ends = (
            datetime.combine(self._date + timedelta(days=more), time(), self._zone).timestamp()
            for more in (0, 1)
        )
        while len(self._days) >= _DAYS_KEPT:
            del self._days[min(self._days)]
        self._today = self._days.setdefault(self._date, dict.fromkeys(_OF_A_DAY, 0))
        return self._today


def _paid(answer: Answer) -> Tally:
    """Return what a call adds that a provider was asked for."""
    completion = answer.completion
    usage, cost = completion.usage, completion.cost_nanousd
    return {
        "attempts": len(answer.attempts),
        "input_tokens": usage.input_tokens or 0,
        "output_tokens": usage.output_tokens or 0,
        "cost_nanousd": cost or 0,
        "unpriced_calls": cost is None,
        "estimated_calls": completion.is_estimated,
    }
