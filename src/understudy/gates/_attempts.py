"""Whose attempts count: those of a test's last rerun."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ._run import FIXTURE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Protocol, TypeVar

    from ._run import RanTest

    class Owned(Protocol):
        """What an event and an estimate say of whose they are."""

        @property
        def phase_id(self) -> str | None: ...
        @property
        def worker(self) -> str: ...
        @property
        def rerun(self) -> int: ...

    Record = TypeVar("Record", bound=Owned)
    Instances = dict[str, list[list["Record"]]]


def last_instances(
    records: Iterable[Record], tests: Mapping[str, RanTest]
) -> dict[str, list[list[Record]]]:
    """Group what belongs to a phase by the phase, then by how often it took place.

    A test took place once, in its last rerun, unless several workers ran it; a fixture of
    wider scope as often as it was set up, which `rerun` counts.
    """
    grouped: dict[str, dict[tuple[str, int], list[Record]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        if record.phase_id is not None:
            grouped[record.phase_id][record.worker, record.rerun].append(record)
    found = {
        phase: list(by_place.values())
        if phase.startswith(FIXTURE)
        else _last(by_place, tests[phase].rerun if phase in tests else None)
        for phase, by_place in grouped.items()
    }
    return {phase: instances for phase, instances in found.items() if instances}


def _last(by_place: dict[tuple[str, int], list[Record]], rerun: int | None) -> list[list[Record]]:
    if len(by_place) == 1 and rerun is None:
        return list(by_place.values())
    last = max(rerun for _, rerun in by_place) if rerun is None else rerun
    return [records for (_, number), records in by_place.items() if number == last]
