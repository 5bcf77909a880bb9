"""What is said of figures that scatter: both ends, the word for worse, why it is significant."""

from __future__ import annotations

from math import exp, fsum
from typing import TYPE_CHECKING, Final

from ._number_format import written
from ._past_runs import LATENCIES
from ._verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._metric import Metric
    from .noisy import NoisyVerdict

#: From here on a figure is written without decimals.
_LARGE: Final = 100


def centre(figures: Sequence[float | None], metric: Metric) -> float | None:
    """Return the middle of runs, in the metric's stored unit; of a latency, that of a call."""
    known = [figure for figure in figures if figure is not None]
    if not known:
        return None
    sign = -1 if metric.higher_is_better else 1
    return exp(sign * fsum(known) / len(known)) * _scale(metric)


def change_between(metric: Metric, before: float | None, now: float | None) -> str:
    """Write both ends: `64.1 ms -> 75.7 ms a call (+18.1 %)`."""
    if before is None or now is None:
        return ""
    ends = " -> ".join(_rounded(end, metric) for end in (before, now))
    a_call = " a call" if metric.name in LATENCIES else ""
    share = f"{now / before - 1:+.1%}".replace("%", " %")
    return f"{ends}{a_call} ({share})"


def words_for(metric: Metric) -> tuple[str, str]:
    """Return what worse is called, and what better is."""
    if metric.timed:
        return "slower", "faster"
    return ("lower", "higher") if metric.higher_is_better else ("higher", "lower")


def why(said: NoisyVerdict) -> str:
    """Say why it is significant, where it fails."""
    if said.verdict is not Verdict.FAIL or said.p is None or said.q is None:
        return said.reason
    return f"{said.reason}; p = {said.p:.1g}, q = {said.q:.1g}"


def _rounded(figure: float, metric: Metric) -> str:
    scale = _scale(metric)
    measured = figure / scale
    kept = round(measured) if measured >= _LARGE else float(f"{measured:.3g}")
    return written(kept * scale, metric)


def _scale(metric: Metric) -> int:
    """Return by what a sample is multiplied to be in the stored unit; latencies are in ms."""
    return metric.scale if metric.name in LATENCIES else 1
