"""The predictions of a run, in all and by what they were for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ._accuracy import Accuracy, accuracy_of, pairs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ..events import TokenEstimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """How good `predictions` were; None as a key is those that name no category or complexity.

    What has no outcome is apart: predictions that no call was made for, those whose call never
    succeeded, and those whose answer held no usage.
    """

    predictions: int
    overall: Accuracy
    by_category: Mapping[str | None, Accuracy]
    by_complexity: Mapping[str | None, Accuracy]
    without_call: int
    failed: int
    without_usage: int
    truncated: int


def overview_of(estimates: Iterable[TokenEstimate]) -> Overview:
    """Sum up predictions."""
    rows = list(estimates)
    return Overview(
        predictions=len(rows),
        overall=accuracy_of(pairs_of(rows)),
        by_category=_by(rows, lambda row: row.category),
        by_complexity=_by(rows, lambda row: row.complexity),
        without_call=sum(row.success is None for row in rows),
        failed=sum(row.success is False for row in rows),
        without_usage=sum(bool(row.success) and row.actual_output_tokens is None for row in rows),
        truncated=sum(bool(row.truncated) for row in rows),
    )


def _by(
    rows: Sequence[TokenEstimate], key: Callable[[TokenEstimate], str | None]
) -> dict[str | None, Accuracy]:
    groups: dict[str | None, list[TokenEstimate]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    names = sorted(groups, key=lambda name: (name is None, name or ""))
    return {name: accuracy_of(pairs_of(groups[name])) for name in names}
