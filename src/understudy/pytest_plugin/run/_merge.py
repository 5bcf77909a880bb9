"""Brings the journals of this run and of dead ones into the store."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...durable import claim_leftovers
from ...events import AnyEvent, CallEvent
from ...pricing import PriceBook, price_call
from ...store import LooseLines, MergeReport, merge_journals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._journal import RunJournal


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of a merge.

    `stranded` is a file with the lines that neither a journal nor the store took; None where
    there are none, or no room for them.
    """

    report: MergeReport
    stranded: Path | None


def merge(journal: RunJournal, prices: PriceBook, loose: Sequence[LooseLines]) -> Merged:
    """Write the calls of this run, and those that dead runs left behind, into the store.

    Raises:
        SettingsError: something stands where the store belongs.
    """
    assert journal.location is not None
    assert journal.root is not None

    def price(event: AnyEvent) -> AnyEvent:
        return price_call(event, prices) if isinstance(event, CallEvent) else event

    claims = [] if journal.claim is None else [journal.claim, *claim_leftovers(journal.root)]
    report = merge_journals(journal.location, claims, price=price, loose=loose)
    return Merged(report, _strand(loose) if loose and report.failure is not None else None)


def _strand(loose: Sequence[LooseLines]) -> Path | None:
    """Put lines into a file in the system's temporary folder."""
    text = b"".join(line + b"\n" for each in loose for line in each.lines)
    with (
        suppress(OSError),
        tempfile.NamedTemporaryFile(prefix="understudy-", suffix=".jsonl", delete=False) as file,
    ):
        file.write(text)
        return Path(file.name)
    return None
