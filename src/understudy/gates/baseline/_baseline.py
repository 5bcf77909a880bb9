"""A baseline: its lines, the files that they stand in, and the whole as a gate asks it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from ...errors import UnderstudyError
from .._metrics import BY_MODEL
from .._run import FIXTURES, module_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_SUMMED: Final = frozenset(BY_MODEL)
#: Stands where a figure is of no model and no clock.
PLAIN: Final = "-"


class BaselineError(UnderstudyError):
    """A file of the baseline cannot be read: names the file, and the line where there is one."""

    slug = "baseline"

    def __init__(self, path: Path, problem: str, *, line: int | None = None) -> None:
        self.path = path
        self.line = line
        place = str(path) if line is None else f"{path}:{line}"
        super().__init__(f"{place}: {problem}")


class Record(NamedTuple):
    """A figure of a test; sorts as it stands in the file.

    `test` is the name inside its module. `of` is the model that the figure is a sum over,
    the clock and pace that it was read with (`virtual:realistic_l3`), or `-`. `value` is in
    the metric's stored unit.
    """

    test: str
    metric: str
    of: str
    value: float

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from the others of its module."""
        return self[:3]


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Who accepted figures, when, on which commit, and why."""

    date: str
    commit: str
    author: str
    reason: str


@dataclass(frozen=True, slots=True)
class ModuleFile:
    """What the file of a module says; `updates` by the name of the test."""

    module: str
    records: tuple[Record, ...] = ()
    updates: Mapping[str, Update] = field(default_factory=dict)


@dataclass(slots=True)
class Recorded:
    """What a baseline says of one test; `values` and `timed` mirror `Figures`.

    `timed` holds the figures read off a clock by their circumstance.
    """

    subject: str
    values: dict[str, float] = field(default_factory=dict)
    timed: dict[str, dict[str, float]] = field(default_factory=dict)
    models: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def module(self) -> str:
        """The module that it is kept with."""
        return module_of(self.subject)

    def take(self, records: Iterable[Record]) -> None:
        """Take the test's lines of the file."""
        for _, metric, of, value in records:
            if of == PLAIN:
                self.values[metric] = value
            elif metric in _SUMMED:
                self.models.setdefault(of, {})[metric] = int(value)
                self.values[metric] = self.values.get(metric, 0) + value
            else:
                self.timed.setdefault(of, {})[metric] = value


@dataclass(frozen=True)
class Baseline:
    """The files of a baseline, by module."""

    files: Mapping[str, ModuleFile] = field(default_factory=dict)

    @cached_property
    def tests(self) -> dict[str, Recorded]:
        """What is recorded of each test and wide fixture, by its name."""
        found: dict[str, Recorded] = {}
        for file in self.files.values():
            for test, records in groupby(file.records, key=itemgetter(0)):
                name = subject_of(file.module, test)
                found.setdefault(name, Recorded(name)).take(records)
        return found

    def update_of(self, recorded: Recorded) -> Update | None:
        """Return the update that changed a test's figures last."""
        updates = self.files[recorded.module].updates
        return updates.get(name_in_module(recorded.subject))


def subject_of(module: str, test: str) -> str:
    """Return the name of a test from its module and its name in there."""
    if module == FIXTURES:
        return test
    return f"{module}::{test}" if test else module


def name_in_module(subject: str) -> str:
    """Return the name of a test inside its module; of a fixture the whole."""
    module = module_of(subject)
    return subject if module == FIXTURES else subject[len(module) + 2 :]
