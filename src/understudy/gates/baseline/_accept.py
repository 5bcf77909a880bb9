"""Today's figures as the new baseline, for the selected tests only."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Final

from ...git import git_says
from ...redaction import without_keys
from .._metric import Figures, Kind
from .._metrics import BY_MODEL, METRICS
from .._run import FIXTURE, RunFacts, module_of
from ._baseline import PLAIN, Baseline, ModuleFile, Record, Update, name_in_module
from ._change import Change, changes_between

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path


_COMMIT_LENGTH: Final = 12
_UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The files that change, what changes in them, and the tests whose figures were refused."""

    files: Mapping[str, ModuleFile]
    changes: tuple[Change, ...]
    refused: tuple[str, ...]


def accepted(
    baseline: Baseline, figures: Mapping[str, Figures], run_facts: RunFacts, update: Update
) -> Accepted:
    """Return the baseline's files with the figures of this run.

    Only exact figures of tests that passed go in; tests whose figures stay as they are keep
    the update that changed them last. A test that is no longer in its module is dropped where the
    whole module was collected; so is one that was skipped or made no call. Latencies of
    another profile stay where this run asked for its own, or took none that are exact.
    """
    fresh, refused = _fresh(figures, run_facts)
    dropped = {name for name in baseline.tests if _is_dropped(name, figures, run_facts)}
    by_module: dict[str, dict[str, list[Record]]] = {}
    for subject, records in fresh.items():
        by_module.setdefault(module_of(subject), {})[name_in_module(subject)] = records
    for subject in dropped - fresh.keys():
        by_module.setdefault(module_of(subject), {})[name_in_module(subject)] = []
    files = {}
    changes: list[Change] = []
    for module in sorted(by_module):
        before = baseline.files.get(module)
        keeps = run_facts.profile is not None
        after = _merged(before, module, by_module[module], update, keeps_others=keeps)
        found = list(changes_between(before, after))
        if found:
            files[module] = after
            changes += found
    return Accepted(files, tuple(changes), tuple(sorted(refused)))


def records_of(figures: Figures) -> Iterator[Record]:
    """Yield the lines of a test: what is exact and known of it."""
    test = name_in_module(figures.subject)
    if figures.counts is Kind.EXACT:
        for model, sums in figures.models.items():
            for metric in BY_MODEL:
                if metric in sums and metric in figures.values:
                    yield Record(test, metric, model, sums[metric])
    for metric, value in figures.values.items():
        known = METRICS.get(metric)
        kind = figures.counts if known is None else figures.kind(known)
        is_summed = known is not None and known.by_model
        if kind is Kind.EXACT and not is_summed and isfinite(value):
            yield Record(test, metric, PLAIN, value)
    if figures.latency is Kind.EXACT:
        for metric, value in figures.timed.items():
            if isfinite(value):
                yield Record(test, metric, figures.how, value)


def _fresh(
    figures: Mapping[str, Figures], run_facts: RunFacts
) -> tuple[dict[str, list[Record]], set[str]]:
    has_error = any(test.outcome == "error" for test in run_facts.tests.values())
    fresh: dict[str, list[Record]] = {}
    refused: set[str] = set()
    for subject, each in figures.items():
        test = run_facts.tests.get(subject)
        is_sound = not has_error if subject.startswith(FIXTURE) else test and test.has_passed
        if not is_sound:
            refused.add(subject)
        elif records := list(records_of(each)):
            fresh[subject] = records
    return fresh, refused


def _is_dropped(subject: str, figures: Mapping[str, Figures], run_facts: RunFacts) -> bool:
    if subject.startswith(FIXTURE):
        return False
    module, test = module_of(subject), run_facts.tests.get(subject)
    if test is None:
        return module in run_facts.gone or module in run_facts.complete
    return not test.has_failed and (not test.has_passed or subject not in figures)


def _merged(
    before: ModuleFile | None,
    module: str,
    fresh: Mapping[str, list[Record]],
    update: Update,
    *,
    keeps_others: bool,
) -> ModuleFile:
    old = () if before is None else before.records
    kept = [record for record in old if _stays(record, fresh, keeps_others)]
    records = sorted([*kept, *(record for each in fresh.values() for record in each)])
    names = {record.test for record in records}
    changed = {record.test for record in set(records) ^ set(old)}
    updates = {} if before is None else dict(before.updates)
    updates |= dict.fromkeys(changed, update)
    updates = {test: each for test, each in updates.items() if test in names}
    return ModuleFile(module, tuple(records), updates)


def _stays(
    record: Record,
    fresh: Mapping[str, Iterable[Record]],
    keeps_others: bool,  # noqa: FBT001
) -> bool:
    """Tell whether an old line stays: of another test, or of this one under another profile."""
    if record.test not in fresh:
        return True
    timed = {each.of for each in fresh[record.test] if _is_timed(each)}
    is_other = record.of not in timed and (keeps_others or not timed)
    return _is_timed(record) and bool(fresh[record.test]) and is_other


def _is_timed(record: Record) -> bool:
    known = METRICS.get(record.metric)
    return record.of != PLAIN and not (known is not None and known.by_model)


def update_by_us(root: Path, *, reason: str, at: datetime) -> Update:
    """Describe an update that whoever runs this makes now, in the repository at `root`."""
    return Update(
        date=f"{at:%Y-%m-%d}",
        commit=(git_says(root, "rev-parse", "HEAD") or _UNKNOWN)[:_COMMIT_LENGTH],
        author=git_says(root, "config", "user.name") or _user(),
        reason=without_keys(" ".join(reason.split())),
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return _UNKNOWN
