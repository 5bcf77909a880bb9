"""Brings the journals of this run and of dead ones into the store, and keeps that at its age."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...clock import RealClock
from ...durable import claim_leftovers
from ...errors import counted
from ...events import AnyEvent, CallEvent
from ...pricing import PriceBook, price_call
from ...reports.export import export_format
from ...store import LooseLines, MergeReport, merge_journals, open_store, redact
from ._stranded import strand, stranded, tells_of_calls

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import timedelta
    from pathlib import Path

    from ._journal import RunJournal


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of a merge.

    `stranded` is a file with the lines that neither a journal nor the store took; None where
    there are none, or no room for them. `is_idle` tells that there was no call among them.
    """

    report: MergeReport
    stranded: Path | None
    is_idle: bool = False


def merge(journal: RunJournal, prices: PriceBook, loose: Sequence[LooseLines]) -> Merged:
    """Write the calls of this run, and those that other runs left behind, into the store.

    Raises:
        SettingsError: something stands where the store belongs.
    """
    assert journal.location is not None
    assert journal.root is not None

    def price(event: AnyEvent) -> AnyEvent:
        return price_call(event, prices) if isinstance(event, CallEvent) else event

    claims = [] if journal.claim is None else [journal.claim, *claim_leftovers(journal.root)]
    left = stranded(journal.root)
    report = merge_journals(journal.location, claims, price=price, loose=(*loose, *left.lines))
    if report.failure is None:
        left.remove()
        return Merged(report, None)
    is_idle = not tells_of_calls(loose)
    return Merged(report, None if is_idle else strand(journal.root, loose), is_idle)


def prune_old(journal: RunJournal, age: timedelta) -> Iterator[str]:
    """Prune the store of a run that is merged; yield what is worth a line.

    Raises:
        StoreError: it cannot be written, or what an earlier prune left cannot be read.
    """
    assert journal.location is not None
    assert journal.root is not None
    with open_store(journal.location, create=False) as opened:
        report = opened.retain(age, journals=journal.root, formats=export_format, clock=RealClock())
    rows = 0 if report is None else sum(report.rows.values())
    if report is None or not rows:
        return
    rest = "" if report.finished else "; the next run goes on"
    since = f"{report.before:%Y-%m-%d %H:%M} UTC"
    store = redact(str(journal.location))
    yield f"pruned {counted(rows, 'row')} from before {since} in {store}{rest}"
