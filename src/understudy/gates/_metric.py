"""What is measured, in which unit, and which way is worse."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from fractions import Fraction

    from ..events import CallEvent

Total = Literal["sum", "max", "mean", "ratio"]


class Kind(StrEnum):
    """By which rule a figure is judged; origin and clock of the calls decide.

    EXACT: mocked and replayed calls, compared as they are. NOISY: figures of live calls, a
    statistical test over runs. PAIRED: SMAPE of live calls, a test over pairs of calls.
    SHOWN: measures the machine or rests on a guess; never judged.
    """

    EXACT = "exact"
    NOISY = "noisy"
    PAIRED = "paired"
    SHOWN = "shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One figure of a test.

    Figures are stored as whole numbers where they can be: `scale` of them make one `unit`.
    `by_model`: it is a sum over calls and kept for each model. `timed`: it is read off a
    clock. `gated`: it is judged where no policy names it. `total` says how the figures of
    tests make one of a group. `measure` reads it off the calls of a test; ours have none.
    """

    name: str
    unit: str
    scale: int = 1
    by_model: bool = False
    timed: bool = False
    gated: bool = True
    higher_is_better: bool = False
    total: Total = "sum"
    measure: Callable[[Sequence[CallEvent]], float | None] | None = None

    def is_worse(self, now: float, limit: float | Fraction) -> bool:
        """Tell whether `now` is on the wrong side of `limit`; what is no number is."""
        return not (now >= limit if self.higher_is_better else now <= limit)


_TOKENS: Final = "tokens"
_BUILT_IN: Final = (
    Metric(name="calls", unit="calls", by_model=True),
    Metric(name="attempts", unit="attempts", by_model=True),
    Metric(name="input_tokens", unit=_TOKENS, by_model=True),
    Metric(name="output_tokens", unit=_TOKENS, by_model=True),
    # Of two prompts of one length the one that is cached costs less: cost judges these.
    Metric(name="cache_read_tokens", unit=_TOKENS, by_model=True, gated=False),
    Metric(name="cache_write_tokens", unit=_TOKENS, by_model=True, gated=False),
    Metric(name="reasoning_tokens", unit=_TOKENS, by_model=True),
    Metric(name="cost", unit="USD", scale=1_000_000_000, by_model=True),
    Metric(name="ttfc", unit="ms", scale=1000, timed=True, total="max"),
    Metric(name="duration", unit="ms", scale=1000, timed=True),
    # With a think time before the first token, a shorter answer takes more of it a token.
    Metric(name="ms_per_token", unit="ms", scale=1_000_000, timed=True, gated=False, total="ratio"),
    Metric(name="smape", unit="%", scale=10_000, total="mean"),
    Metric(name="predictions", unit="calls", gated=False),
)
METRICS: Final[Mapping[str, Metric]] = MappingProxyType(
    {metric.name: metric for metric in _BUILT_IN}
)
#: What is kept for each model, in the order of the files.
BY_MODEL: Final = tuple(metric.name for metric in _BUILT_IN if metric.by_model)
