"""What is counted, in plain integers: a series takes about 100 bytes, an addition no object."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Upper bounds in seconds.
DURATIONS: Final = (0.1, 0.5, 1, 2, 5, 10, 30, 60)
#: The same as the GenAI conventions of OpenTelemetry want it, and theirs of tokens.
GENAI_DURATIONS: Final = tuple(0.01 * 2**power for power in range(14))
GENAI_TOKENS: Final = tuple(4**power for power in range(14))
#: A series is one number; more than this no field of a provider's can mean.
_MOST: Final = 10**15


def at_most(value: int) -> int:
    """Return a figure that a counter can take: it never falls, and a provider may say anything."""
    return min(max(value, 0), _MOST)


class Histogram:
    """Counts values by upper bounds that it is told; the sum is kept in millionths."""

    __slots__ = ("counts", "sum_micro")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.counts = array("q", bytes(8 * (len(bounds) + 1)))
        self.sum_micro = 0

    def observe(self, value: float, bounds: Sequence[float]) -> None:
        """Count a value."""
        self.counts[bisect_left(bounds, value)] += 1
        self.sum_micro += round(value * 1_000_000)


class GenAITally:
    """Tokens and durations of one operation as the GenAI conventions have them."""

    __slots__ = ("completion", "duration", "prompt")

    def __init__(self) -> None:
        self.prompt = Histogram(GENAI_TOKENS)
        self.completion = Histogram(GENAI_TOKENS)
        self.duration = Histogram(GENAI_DURATIONS)


class ModelTally:
    """What the requests to one model of one provider came to; None is unknown."""

    __slots__ = (
        "agents",
        "completion", "cost", "duration", "first_content", "genai", "prompt", "saved", "unpriced",
    )  # fmt: skip

    def __init__(self) -> None:
        self.agents: dict[str, int] = {}  # where their requests are counted
        self.cost: int | None = None
        self.saved: int | None = None
        self.unpriced: int | None = None
        self.prompt: int | None = None
        self.completion: int | None = None
        self.duration: Histogram | None = None
        self.first_content: Histogram | None = None
        self.genai: dict[str, GenAITally] | None = None


class Request(NamedTuple):
    """One request that was answered, or not; what is None is unknown.

    `provider` and `model` are whose answer it is; `agent_id` is who asked, `""` for nobody in
    particular. `cache_status` is `hit`, `miss`, `coalesced` or `bypass`. Seconds are those of a
    provider, None where none was asked. `cost_nanousd` was spent where `is_paid`, saved where not;
    one that was paid and `is_unpriced` cost nobody knows what.
    """

    provider: str
    model: str
    agent_id: str
    cache_status: str
    is_paid: bool
    operation: str = "chat"
    duration_s: float | None = None
    first_content_s: float | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_nanousd: int | None = None
    is_unpriced: bool = False
