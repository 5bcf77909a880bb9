"""What the suites of a contract found: which capability of which router passed, failed or lacks."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from ..errors import counted
from ._layout import Column, Line, heading, lay_out, warning, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

CONTRACT_TITLE: Final = "router contract"
#: What a check came to: `known` failures were expected; what was `left_out` nobody asked for.
CheckOutcome = Literal["passed", "failed", "lacks", "known", "left_out"]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check of one suite; `reason` says why it did not pass."""

    suite: str
    check: str
    capability: str
    level: int
    outcome: CheckOutcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Capability:
    """What all checks of a capability came to, in one suite."""

    name: str
    results: tuple[CheckResult, ...]

    @property
    def cell(self) -> str:
        """What stands in the matrix."""
        found = Counter(result.outcome for result in self.results)
        run = len(self.results) - found["left_out"]
        if found["failed"] or found["known"]:
            return f"{found['failed'] + found['known']} of {run} failed"
        if found["passed"]:
            return "yes" if found["passed"] == run else f"{found['passed']} of {run}"
        return "lacks" if found["lacks"] else "-"

    def why(self, outcome: CheckOutcome) -> str:
        """Return the reasons of an outcome, each once."""
        reasons = (result.reason for result in self.results if result.outcome == outcome)
        return "; ".join(dict.fromkeys(filter(None, reasons)))


def matrix_of(results: Iterable[CheckResult]) -> dict[str, dict[str, Capability]]:
    """Return the capabilities of each suite, by name; a check that was run again counts once."""
    last = {(result.suite, result.check): result for result in results}
    suites: dict[str, dict[str, Capability]] = {}
    names = sorted({result.capability for result in last.values()})
    for suite in dict.fromkeys(result.suite for result in last.values()):
        own = [result for result in last.values() if result.suite == suite]
        grouped = {
            name: Capability(name, tuple(each for each in own if each.capability == name))
            for name in names
        }
        suites[suite] = grouped
    return suites


def render_contracts(results: Sequence[CheckResult], *, width: int) -> list[Line]:
    """Write the matrix of a run, and below it why anything is not there."""
    suites = matrix_of(results)
    if not suites:
        return []
    names = next(iter(suites.values()))
    columns = [Column("capability", tuple(names), name=14)]
    columns += [
        Column(_short(suite, suites), tuple(each.cell for each in found.values()), name=10)
        for suite, found in suites.items()
    ]
    titles, *rows = lay_out(columns, width)
    lines = [heading(titles), *map(Line, rows)]
    for suite, found in suites.items():
        lines += _remarks(_short(suite, suites), found, width)
    return lines


def contracts_as_json(results: Sequence[CheckResult]) -> list[dict[str, Any]] | None:
    """Return what `json.dumps` takes; None where no contract was run."""
    suites = matrix_of(results)
    return [
        {
            "suite": suite,
            "capabilities": {name: each.cell for name, each in found.items()},
            "checks": [asdict(result) for each in found.values() for result in each.results],
        }
        for suite, found in suites.items()
    ] or None


def short_names(suites: Iterable[str]) -> dict[str, str]:
    """Return the class of each suite, with its module where two have the same name."""
    known = list(suites)
    return {suite: _short(suite, known) for suite in known}


def _short(suite: str, suites: Iterable[str]) -> str:
    name = suite.rpartition("::")[2]
    same = [other for other in suites if other.rpartition("::")[2] == name]
    return name if len(same) == 1 else suite


def _remarks(suite: str, found: dict[str, Capability], width: int) -> Iterator[Line]:
    for each in found.values():
        failed = [result.check for result in each.results if result.outcome == "failed"]
        if failed:
            what = f"{suite}: {each.name} fails {counted(len(failed), 'check')}: "
            yield from map(warning, wrap(what + ", ".join(failed), width))
        if lacks := each.why("lacks"):
            yield from map(Line, wrap(f"{suite}: {each.name}: {lacks}", width))
