"""How exact a mocked stream is on the machine's clock, seen through the openai SDK.

Targets for `realistic_l3` (1500 ms, then 150 ms a line), one stream: the first content is late by
at most 2 ms at the 95th percentile, and the answer drifts by at most 0.05 %. What the SDK itself
takes until the first content is told beside it, and not taken off.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING

from openai import OpenAI

from benchmarks.mock import MESSAGES, Understudy, Unwatched
from understudy.intercept import Taps

if TYPE_CHECKING:
    from collections.abc import Sequence

ANSWERS = 10
LINES = 20
THINK_MS = 1500.0
PER_LINE_MS = 150.0


@dataclass(frozen=True, slots=True)
class Answer:
    """When each line came, in ms since the call."""

    moments: tuple[float, ...]

    @property
    def late(self) -> float:
        """How late the first content came, in ms."""
        return self.moments[0] - THINK_MS

    @property
    def drift(self) -> float:
        """By what share the time from the first line to the last one is wrong."""
        due = (LINES - 1) * PER_LINE_MS
        return abs(self.moments[-1] - self.moments[0] - due) / due

    @property
    def errors(self) -> list[float]:
        """By how many ms each delay between two lines is wrong."""
        pairs = zip(self.moments, self.moments[1:], strict=False)
        return [abs(now - before - PER_LINE_MS) for before, now in pairs]


def main() -> None:
    """Print how late the first content is, and what the answer drifts."""
    understudy = Understudy(LINES)
    client = OpenAI(api_key="none", max_retries=0)
    with Taps(Unwatched(), answerer=understudy):
        _ask(client)  # the first call imports half the SDK
        own = median(_ask(client).moments[0] for _ in range(20))
        understudy.mock.profile = "realistic_l3"
        answers = [_ask(client) for _ in range(ANSWERS)]
    print(f"{ANSWERS} streams of {LINES} lines, realistic_l3 (the SDK's own share {own:.2f} ms):")
    _tell("first content late by", [each.late for each in answers], "ms")
    _tell("drift over the answer", [each.drift * 100 for each in answers], "%")
    _tell("error of a delay", [error for each in answers for error in each.errors], "ms")


def _ask(client: OpenAI) -> Answer:
    began = time.perf_counter()
    stream = client.chat.completions.create(model="gpt-4o", messages=MESSAGES, stream=True)
    moments = [
        (time.perf_counter() - began) * 1000 for chunk in stream if chunk.choices[0].delta.content
    ]
    return Answer(tuple(moments))


def _tell(what: str, figures: Sequence[float], unit: str) -> None:
    p95 = quantiles(figures, n=20, method="inclusive")[-1]
    print(f"  {what:<22} {median(figures):.3f} {unit} (median), {p95:.3f} {unit} (p95)")


if __name__ == "__main__":
    main()
