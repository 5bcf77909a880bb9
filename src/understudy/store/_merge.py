"""Brings what journals hold into the store, then removes them."""

from __future__ import annotations

import gc
import json
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from ..durable import RunJournals, make_state_folder
from ..errors import SettingsError, StoreError
from ._connection import CorruptStoreError
from ._gather import Gathered, LooseLines, Price, RejectedLine, gather
from ._location import journal_root, redact
from ._open import DEFAULT_TIMEOUT, open_store, recover_store
from ._operation_costs import completed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet
    from contextlib import AbstractContextManager
    from pathlib import Path

    from ..events import AnyEvent, TokenEstimate
    from ..events.lifecycle import AnyLifecycleEvent
    from ..events.model import AnyModelEvent
    from ._records import Phase, Refusal, Run
    from ._store import Store

_REASONS_KEPT: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeReport:
    """What was merged, and what was lost and where.

    `runs`, `phases`, `events`, `estimates`, `lifecycle` and `models` are all that the journals
    held, also where the store could not be written: then `failure` says why, in one line, and
    `kept` which journals stay for the next run. `written` counts the events that were new to it,
    `late` those of a time that is pruned, which only the rollups took. The raw text of `rejected`
    lines stands in `rejected_path` (None where there was no folder of journals to put it beside),
    the first of their `reasons` here. `torn` counts last lines that a kill cut off, `held` the
    lines that wait for more. A corrupt store was moved to `set_aside`.
    """

    runs: tuple[Run, ...]
    phases: tuple[Phase, ...]
    events: tuple[AnyEvent, ...]
    written: int
    rejected: int
    reasons: tuple[str, ...]
    rejected_path: Path | None
    torn: int
    price_errors: int
    set_aside: Path | None
    failure: str | None
    kept: tuple[Path, ...]
    estimates: tuple[TokenEstimate, ...] = ()
    lifecycle: tuple[AnyLifecycleEvent, ...] = ()
    models: tuple[AnyModelEvent, ...] = ()
    late: int = 0
    held: int = 0


def merge_journals(
    location: str | Path,
    claims: Iterable[RunJournals],
    *,
    price: Price | None = None,
    loose: Iterable[LooseLines] = (),
    timeout: float = DEFAULT_TIMEOUT,
    held: AbstractSet[str] = frozenset(),
    in_background: bool = False,
) -> MergeReport:
    """Write what the journals of `claims` hold into the store, and remove them after the commit.

    Merging twice writes nothing twice. A fault of the disk or of the store is reported,
    not raised; the journals then stay. Journals that a process still holds stay as well.
    The claims are released.

    Args:
        location: of the store, as for `open_store`.
        claims: the journals of the run that ends, and of dead ones.
        price: adds its cost to an event.
        loose: lines that no journal could take; where the store cannot be written, nothing
            keeps them.
        timeout: how long to wait for another process that writes, in seconds.
        held: the calls and events of a run that goes on whose lines stay in its journals.
        in_background: leave Python's collector alone, as other threads go on with their work.

    Raises:
        SettingsError: the location makes no sense.
    """
    pause = nullcontext if in_background else _collector_paused
    merge = _Merge(location, tuple(claims), price or (lambda event: event), timeout, pause)
    merge.run(tuple(loose), held)
    return merge.report()


class _Merge:
    """One merge and what came of it."""

    def __init__(
        self,
        location: str | Path,
        claims: Sequence[RunJournals],
        price: Price,
        timeout: float,
        pause: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._location = location
        self._claims = claims
        self._price = price
        self._timeout = timeout
        self._pause = pause
        self._journals: dict[RunJournals, list[Path]] = {}
        self._gathered = Gathered()
        self._written = 0
        self._late = 0
        self._set_aside: Path | None = None
        self._rejected_path: Path | None = None
        self._failure: str | None = None

    def run(self, loose: Sequence[LooseLines], held: AbstractSet[str]) -> None:
        """Gather, write, and only then remove."""
        try:
            self._gather(loose, held)
            self._write()
            self._keep_rejected()
            for claim in self._claims:
                claim.retire(
                    self._journals[claim], held=self._gathered.held if claim.goes_on else ()
                )
                del self._journals[claim]
        except (StoreError, OSError) as error:
            self._failure = str(error)
        except SettingsError:
            raise
        except Exception as error:  # noqa: BLE001 - the journals stay, and the store is named
            place = redact(str(self._location))
            self._failure = f"the store {place} cannot be used ({type(error).__name__}: {error})"
        finally:
            for claim in self._claims:
                claim.release()

    def report(self) -> MergeReport:
        """Say what came of it."""
        gathered = self._gathered
        return MergeReport(
            runs=tuple(gathered.runs.values()),
            phases=tuple(gathered.phases.values()),
            events=tuple(gathered.events),
            estimates=tuple(gathered.estimates),
            lifecycle=tuple(gathered.lifecycle),
            models=tuple(gathered.models),
            written=self._written,
            late=self._late,
            rejected=len(gathered.rejected),
            reasons=tuple(line.reason for line in gathered.rejected[:_REASONS_KEPT]),
            rejected_path=self._rejected_path,
            held=len(gathered.held),
            torn=gathered.torn,
            price_errors=gathered.price_errors,
            set_aside=self._set_aside,
            failure=self._failure,
            kept=tuple(path for paths in self._journals.values() for path in paths),
        )

    def _gather(self, loose: Sequence[LooseLines], held: AbstractSet[str]) -> None:
        self._journals = {claim: claim.finished() for claim in self._claims}
        paths = [path for paths in self._journals.values() for path in paths]
        with self._pause():
            self._gathered = gather(paths, price=self._price, loose=loose, held=held)

    def _write(self) -> None:
        if not self._gathered.runs:
            return
        try:
            self._write_once()
        except CorruptStoreError:
            # Damage in the middle of the file shows only when it is touched.
            self._set_aside = recover_store(self._location, timeout=self._timeout)
            self._write_once()

    def _write_once(self) -> None:
        with open_store(self._location, timeout=self._timeout) as store:
            self._set_aside = store.set_aside or self._set_aside
            self._written, self._late, refused = write_gathered(store, self._gathered)
        self._gathered.rejected += map(_rejected, refused)

    def _keep_rejected(self) -> None:
        if not self._gathered.rejected or not self._claims:
            return
        folder = self._claims[0].folder.parent.parent
        journals = journal_root(self._location, state_folder=folder)
        path = journals.with_suffix(".rejected.jsonl")
        make_state_folder(path.parent)
        with path.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(line)) + "\n" for line in self._gathered.rejected)
        self._rejected_path = path


def write_gathered(store: Store, gathered: Gathered) -> tuple[int, int, tuple[Refusal, ...]]:
    """Write all or nothing; return how many events were new, how many late, and what was refused.

    Raises:
        StoreError: the store cannot be written.
    """
    with store.transaction():
        for run in gathered.runs.values():
            store.write_run(run)
        phases = store.write_phases(gathered.phases.values())
        events = store.write_events(gathered.events)
        estimates = store.write_estimates(gathered.estimates)
        lifecycle = store.write_lifecycle(
            completed(gathered.lifecycle, gathered.named_calls, gathered.events, store)
        )
        models = store.write_models(gathered.models)
    reports = (phases, events, estimates, lifecycle, models)
    late = sum(report.late for report in reports)
    return events.written, late, tuple(each for report in reports for each in report.refused)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep Python from looking for cycles among thousands of new events, which have none."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _rejected(refusal: Refusal) -> RejectedLine:
    record = refusal.record
    return RejectedLine(
        journal=f"{record.run_id}/{record.worker}.jsonl",
        reason=refusal.reason,
        line=record.model_dump_json(exclude_none=True),
    )
