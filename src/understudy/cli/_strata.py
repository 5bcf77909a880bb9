"""`understudy strata`: which kinds of calls the predictions cover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._command import Commands, answer, finish
from ._selection import add_selection, selected_estimates

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from ..analytics import Coverage


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "strata",
        help="show how many samples of predictions each kind of call has",
        description="Count predictions whose outcome is known, by category, complexity and "
        "number of deliverables, against a target of 30 to 50 in all.",
    )
    add_selection(parser)
    parser.add_argument(
        "--category",
        dest="categories",
        metavar="NAME",
        action="append",
        default=[],
        help="a category to cover besides those that were seen; may repeat",
    )
    finish(parser, _show)


def _show(arguments: argparse.Namespace) -> int:
    """Print a row for each stratum with samples, and name the empty ones."""
    from ..analytics import coverage_of  # noqa: PLC0415 - other commands do without

    location, estimates = selected_estimates(arguments)
    coverage = coverage_of(estimates, categories=arguments.categories)
    answer(arguments, {"store": location, **_as_json(coverage)}, _told(coverage))
    return 0


def _told(coverage: Coverage) -> Iterator[str]:
    from ..analytics import TARGET  # noqa: PLC0415 - as above

    least, most = TARGET
    missing = least - coverage.total
    verdict = "enough" if coverage.is_enough else f"{missing} more wanted"
    yield f"samples  {coverage.total}, {verdict} (target: {least}-{most} in all)"
    if coverage.without_outcome:
        yield f"         {coverage.without_outcome} without an outcome are not counted"
    if coverage.samples:
        yield f"\n{'samples':>7}  category / complexity / deliverables"
    yield from (f"{number:>7}  {stratum}" for stratum, number in coverage.samples.items())
    if coverage.empty:
        yield f"\nempty    {len(coverage.empty)} strata"
        yield from (f"{'':9}{stratum}" for stratum in coverage.empty)


def _as_json(coverage: Coverage) -> dict[str, Any]:
    from ..analytics import TARGET  # noqa: PLC0415 - as above

    return {
        "samples": coverage.total,
        "target": list(TARGET),
        "enough": coverage.is_enough,
        "without_outcome": coverage.without_outcome,
        "strata": [
            {**stratum._asdict(), "samples": number} for stratum, number in coverage.samples.items()
        ],
        "empty": [stratum._asdict() for stratum in coverage.empty],
    }
