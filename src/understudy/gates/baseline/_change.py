"""What an update of a baseline changes, for the person who asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...errors import counted
from .._metric import Family, Metric
from .._number_format import way_between, written
from ._baseline import PLAIN, ModuleFile, Record, subject_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One figure before and after; None where it is not there."""

    subject: str
    metric: str
    of: str
    before: float | None
    after: float | None

    def line(self, metrics: Mapping[str, Metric]) -> str:
        """Write the change in one line."""
        metric = metrics.get(self.metric) or Metric(name=self.metric, unit="", family=Family.OWN)
        of = "" if self.of == PLAIN else f" of {self.of}"
        if self.before is None:
            words = f"new, {written(self.after, metric)}"
        elif self.after is None:
            words = f"removed, was {written(self.before, metric)}"
        else:
            words = way_between(self.before, self.after, metric)
        return f"{self.subject}  {self.metric}{of}: {words}"


def change_lines(changes: Iterable[Change], metrics: Mapping[str, Metric]) -> Iterator[str]:
    """Yield a line for each change; one for a test that is new, or gone, as a whole."""
    by_subject: dict[str, list[Change]] = {}
    for change in changes:
        by_subject.setdefault(change.subject, []).append(change)
    for subject, own in by_subject.items():
        number = len({change.metric for change in own})  # a sum has a record for each model
        if all(change.before is None for change in own):
            yield f"{subject}  {counted(number, 'new figure')}"
        elif all(change.after is None for change in own):
            yield f"{subject}  {counted(number, 'figure')} removed"
        else:
            yield from (change.line(metrics) for change in own)


def changes_between(before: ModuleFile | None, after: ModuleFile) -> Iterator[Change]:
    """Yield what differs between two states of a module's file, sorted as it stands there."""
    old = _by_key(() if before is None else before.records)
    new = _by_key(after.records)
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key), new.get(key)
        if (was and was.value) != (now and now.value) or (was is None) != (now is None):
            test, metric, of = key
            yield Change(
                subject=subject_of(after.module, test),
                metric=metric,
                of=of,
                before=None if was is None else was.value,
                after=None if now is None else now.value,
            )


def _by_key(records: Iterable[Record]) -> dict[tuple[str, str, str], Record]:
    return {record.key: record for record in records}
