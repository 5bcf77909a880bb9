"""A prediction against what its call came to."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from ..calls import Status
from ..stats import is_underestimated, smape_percent, waste_ratio

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._call import CallEvent
    from ._estimate import TokenEstimate

#: The providers' words for an answer that ended at a limit of tokens.
_TRUNCATED: Final = frozenset(
    {"length", "limit", "max_length", "max_output_tokens", "max_tokens",
     "model_context_window_exceeded", "model_length"}
)  # fmt: skip


def settle(estimate: TokenEstimate, attempts: Iterable[CallEvent]) -> TokenEstimate:
    """Add what the last successful of the call's attempts came to; without any, what failed."""
    in_order = sorted(attempts, key=attrgetter("attempt"))
    if not in_order:
        return estimate
    good = [each for each in in_order if each.status is Status.OK]
    last = (good or in_order)[-1]
    outcome: dict[str, Any] = {
        "model": last.model or estimate.model,
        "success": bool(good),
        "stop_reason": last.finish_reason,
    }
    if estimate.prompt_tokens is None:
        outcome["prompt_tokens"] = last.input_tokens
    if good:
        reason = last.finish_reason
        outcome["truncated"] = None if reason is None else reason.lower() in _TRUNCATED
        outcome |= _scores(estimate.predicted_output_tokens, last.output_tokens)
    return estimate.model_copy(update=outcome)


def _scores(predicted: int, actual: int | None) -> dict[str, Any]:
    if actual is None:
        return {}
    return {
        "actual_output_tokens": actual,
        "smape_percent": smape_percent(predicted, actual),
        "waste_ratio": waste_ratio(predicted, actual),
        "underestimated": is_underestimated(predicted, actual),
    }
