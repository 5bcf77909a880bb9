"""`understudy gate`: is a candidate slower than its baseline, or is that noise?"""

from __future__ import annotations

import argparse
import json
import math
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from ..errors import printable
from ._command import Commands, finish

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..gates.noisy import NoisyReport, NoisyVerdict

_TITLES = ("verdict", "ratio", "p", "q", "finds", "test")


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "gate",
        help="compare timings with a baseline; 1 if a test became slower",
        description="Compare timings with a baseline, by the rule of noisy metrics. A line of a"
        ' file is a run of a test: {"key": "a name", "run": "an id", "samples_ms": [1.5, ...]}.',
    )
    parser.add_argument(
        "--samples",
        nargs=2,
        required=True,
        metavar=("BASELINE.jsonl", "CANDIDATE.jsonl"),
        help="three to ten runs of each test, and the run in question",
    )
    parser.add_argument(
        "--confirm",
        metavar="CONFIRM.jsonl",
        help="runs made after the candidate; those of the tests that look slower decide",
    )
    parser.add_argument(
        "--margin",
        type=_share,
        default=0.05,
        metavar="PERCENT",
        help="so much slower is not a regression (default: 5%%)",
    )
    parser.add_argument(
        "--max-mde",
        type=_share,
        metavar="PERCENT",
        help="a test that would not show a slowdown of that size is INCONCLUSIVE (default: any)",
    )
    parser.add_argument("--strict", action="store_true", help="INCONCLUSIVE fails as well")
    finish(parser, _gate, "print one JSON object a line")


def _share(text: str) -> float:
    """Read `5%` or `0.05`; raises ArgumentTypeError where it is neither."""
    number = text.strip().removesuffix("%")
    try:
        share = float(number) / (100 if "%" in text else 1)
    except ValueError:
        share = math.nan
    if not share >= 0 or math.isinf(share) or ("%" not in text and share >= 1):
        msg = f"{text!r} is no percentage: write 5% or 0.05"
        raise argparse.ArgumentTypeError(msg)
    return share


def _gate(arguments: argparse.Namespace) -> int:
    """Print the verdicts; 1 if one fails, 2 if nothing could be compared."""
    # Lazily: other commands do without.
    from ..gates.noisy import NoisyRule  # noqa: PLC0415
    from ._samples import read_samples, timings_of  # noqa: PLC0415

    baseline, candidate = map(read_samples, arguments.samples)
    confirm = read_samples(arguments.confirm) if arguments.confirm else {}
    max_mde = None if arguments.max_mde is None else 100 * arguments.max_mde
    rule = NoisyRule(margin=arguments.margin, max_mde_percent=max_mde)
    report = rule.judge(timings_of(baseline, candidate, confirm))
    lines = _json_lines if arguments.json else _table
    for line in lines(report.verdicts.values()):
        print(printable(line))
    for note in _notes(report):
        print(printable(f"understudy: {note}"), file=sys.stderr)
    if not (report.compared or any(each.verdict.fails() for each in report.verdicts.values())):
        return 2
    return int(report.fails(strict=arguments.strict))


def _json_lines(verdicts: Iterable[NoisyVerdict]) -> Iterator[str]:
    for each in verdicts:
        row = {"key": each.key, "verdict": each.verdict, **asdict(each.statistics)}
        yield json.dumps(row)


def _table(verdicts: Iterable[NoisyVerdict]) -> Iterator[str]:
    """Write a row for each test, the reds first, and below what there is to say of it."""
    ordered = sorted(verdicts, key=lambda each: _ORDER.index(each.verdict.colour))
    rows = [_TITLES, *(_cells(each) for each in ordered)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_TITLES) - 1)]
    for row, verdict in zip(rows, (None, *ordered), strict=True):
        cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=False)]
        yield "  ".join((row[0].ljust(widths[0]), *cells, row[-1]))
        if verdict is not None and verdict.reason:
            yield f"    {verdict.reason}"


_ORDER = ("red", "yellow", "green")


def _cells(verdict: NoisyVerdict) -> tuple[str, ...]:
    found = verdict.statistics
    ratio = "-" if found.ratio is None else f"{100 * (found.ratio - 1):+.1f} %"
    chances = ("-" if each is None else f"{each:.2g}" for each in (found.p, found.q))
    finds = "-" if found.mde_percent is None else f"{found.mde_percent:+.0f} %"
    return verdict.verdict, ratio, *chances, finds, verdict.key


def _notes(report: NoisyReport) -> Iterator[str]:
    """Say what no single test tells."""
    if not report.compared:
        yield "nothing was compared: no test has both a baseline and a candidate run."
    if report.suite is not None:
        moved = f"{100 * (report.suite.ratio - 1):+.1f} %"
        hint = "another machine?" if report.suite.is_slower else "regressions may hide behind it."
        yield f"the suite as a whole moved by {moved} (p = {report.suite.p:.1g}): {hint}"
    if report.flagged:
        many = len(report.flagged)
        yield f"{many} look slower: run them again in fresh processes, and pass --confirm FILE."
