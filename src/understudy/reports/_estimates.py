"""How good the predictions of a run were, for people and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ..errors import counted
from ._layout import Column

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..analytics import Accuracy, Overview

_NAME_WIDTH = 28


def estimate_columns(overview: Overview) -> list[Column]:
    """Make the table with a row for all predictions, and one for each category and complexity."""
    rows = [("all", overview.overall)]
    rows += _named("category", overview.by_category)
    rows += _named("complexity", overview.by_complexity)
    names, figures = zip(*rows, strict=True)
    return [
        Column("estimates", names, name=_NAME_WIDTH),
        Column("calls", tuple(f"{each.calls:,}" for each in figures)),
        Column("SMAPE", tuple(percent(each.smape_percent) for each in figures)),
        Column("waste", tuple(ratio(each.waste_ratio) for each in figures), rank=2),
        Column("underestimated", tuple(map(_underestimated, figures)), rank=1),
    ]


def has_strata(overview: Overview) -> bool:
    """Tell whether there are at least two categories, or two complexities."""
    return max(len(overview.by_category), len(overview.by_complexity)) > 1


def accuracy_in_words(accuracy: Accuracy) -> str:
    """Write how good predictions were: `5.4 % in 1 call (0 % is exact), 1.06 tokens …`."""
    calls = counted(accuracy.calls, "call")
    if accuracy.smape_percent is None or accuracy.waste_ratio is None:
        return f"{percent(accuracy.smape_percent)} in {calls}"
    low = f", {accuracy.underestimated:,} too low" if accuracy.underestimated else ""
    ways = f"{accuracy.waste_ratio:.2f} tokens predicted for each that came"
    return f"{percent(accuracy.smape_percent)} in {calls} (0 % is exact), {ways}{low}"


def estimate_notes(overview: Overview) -> Iterator[str]:
    """Yield one sentence for each sort of prediction that nothing can be said of."""
    if overview.without_call:
        yield f"{counted(overview.without_call, 'estimate')} for which no call was made"
    if overview.failed:
        yield f"{counted(overview.failed, 'estimate')} of calls that failed"
    if overview.without_usage:
        yield f"{counted(overview.without_usage, 'estimate')} of calls that sent no usage"
    if overview.truncated:
        yield (
            f"{counted(overview.truncated, 'predicted call')} cut off at a limit of tokens:"
            " the whole answer would have been longer"
        )


def accuracy_as_json(accuracy: Accuracy) -> dict[str, Any]:
    """Return what `json.dumps` takes; null is unknown."""
    return {**asdict(accuracy), "underestimated_percent": accuracy.underestimated_percent}


def overview_as_json(overview: Overview) -> dict[str, Any]:
    """Return what `json.dumps` takes; null is unknown."""
    return {
        "predictions": overview.predictions,
        "without_call": overview.without_call,
        "failed": overview.failed,
        "without_usage": overview.without_usage,
        "truncated": overview.truncated,
        **accuracy_as_json(overview.overall),
        "by_category": _groups("category", overview.by_category),
        "by_complexity": _groups("complexity", overview.by_complexity),
    }


def percent(figure: float | None) -> str:
    """Write a percentage: `18.2 %`."""
    return "n/a" if figure is None else f"{figure:.1f} %"


def ratio(figure: float | None) -> str:
    """Write predicted / actual: `1.31x`."""
    return "n/a" if figure is None else f"{figure:.2f}x"


def _underestimated(accuracy: Accuracy) -> str:
    share = accuracy.underestimated_percent
    return f"{accuracy.underestimated:,}" + ("" if share is None else f" ({share:.0f} %)")


def _named(kind: str, groups: Mapping[str | None, Accuracy]) -> list[tuple[str, Accuracy]]:
    """Name groups; without any name they would say the same as all."""
    if not any(groups):
        return []
    return [(f"{kind} {name or '-'}", accuracy) for name, accuracy in groups.items()]


def _groups(kind: str, groups: Mapping[str | None, Accuracy]) -> list[dict[str, Any]]:
    return [{kind: name, **accuracy_as_json(each)} for name, each in groups.items()]
