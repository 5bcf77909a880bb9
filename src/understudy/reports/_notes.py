"""What the figures of a summary leave out, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._estimates import estimate_notes
from ._number_format import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ._summary import Summary, Unknown


def notes(summary: Summary) -> Iterator[str]:
    """Yield one sentence for each thing that a reader must know to read the figures."""
    if summary.without_usage:
        yield f"no usage in the answer of {_calls(summary.without_usage)}"
    if summary.unpriced:
        yield (f"no price for {_calls(summary.unpriced)}; set one under [tool.understudy.prices]")
    if summary.estimated_calls:
        yield f"tokens of {count(summary.estimated_calls, 'call')} are estimated"
    if summary.estimates:
        yield from estimate_notes(summary.estimates)
    if summary.totals.simulated:
        yield "* replayed or mocked: not the latency of a provider"


def _calls(unknown: Iterable[Unknown]) -> str:
    entries = tuple(unknown)
    models = ", ".join(map(_model, entries))
    return f"{count(sum(entry.calls for entry in entries), 'call')}: {models}"


def _model(entry: Unknown) -> str:
    name = entry.model or "(unknown)"
    number = f" x{entry.calls}" if entry.calls > 1 else ""
    reason = f" ({entry.reason})" if entry.reason else ""
    return f"{name}{number}{reason}"
