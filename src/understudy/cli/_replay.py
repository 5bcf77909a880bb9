"""`understudy replay`: a new estimator over the stored calls."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..errors import EstimateError, SettingsError, UnknownNameError
from ._command import Commands, answer, finish
from ._progress import Progress
from ._selection import add_selection, selected_estimates

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from ..analytics import Comparison, Estimator, Replay

_KIND: Final = "function"


def load_estimator(name: str) -> Estimator:
    """Import `package.module:function`, from the working directory too."""
    module_name, colon, function_name = name.partition(":")
    if not (colon and module_name and function_name):
        msg = f"--estimator: {name!r} names no function. Write package.module:function."
        raise SettingsError(msg)
    module = _imported(module_name)
    function = getattr(module, function_name, None)
    if function is None:
        known = [name for name, value in vars(module).items() if callable(value)]
        raise UnknownNameError(_KIND, function_name, known, where=module_name)
    if not callable(function):
        msg = f"--estimator: {name} is no function but {function!r}."
        raise SettingsError(msg)
    estimator: Estimator = function
    return estimator


def _imported(name: str) -> object:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)  # as `python -m` does; the console script does not
    try:
        return import_module(name)
    except Exception as error:
        msg = f"--estimator: {name} cannot be imported: {type(error).__name__}: {error}"
        raise EstimateError(msg) from error


#: When a difference is called one.
_SIGNIFICANT: Final = 0.01
_HEADINGS: Final = (
    f"{'calls':>5}  {'SMAPE':>16}  {'waste':>14}  {'underestimated':>15}  {'p':>6}"
    "  category / complexity / deliverables"
)


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "replay",
        help="compare a new estimator with the old one on the stored calls",
        description="Let a new estimator predict the stored calls and compare it with the "
        "predictions that were made, overall and for each stratum.",
    )
    parser.add_argument(
        "--estimator",
        required=True,
        metavar="MODULE:FUNCTION",
        help="the new estimator, f(estimate) -> int; `estimate` has category, complexity, "
        "deliverables, deliverable_count, prompt_tokens and model",
    )
    add_selection(parser)
    finish(parser, _show)


def _show(arguments: argparse.Namespace) -> int:
    """Print the old and the new estimator side by side."""
    from ..analytics import replay  # noqa: PLC0415 - other commands do without

    estimator = load_estimator(arguments.estimator)
    location, estimates = selected_estimates(arguments)
    with Progress(len(estimates), "replaying") as progress:
        found = replay(estimates, estimator, advance=progress.advance)
    if not found.overall.old.calls:
        msg = (
            f"no estimate with an outcome among {len(estimates)} in {location}, so there is "
            "nothing to compare. Record some: `pytest --llm-telemetry`."
        )
        raise EstimateError(msg)
    about = {"store": location, "estimator": arguments.estimator}
    answer(arguments, about | _as_json(found), _told(found, arguments.estimator))
    return 0


def _told(found: Replay, name: str) -> Iterator[str]:
    yield f"{name}: {_verdict(found.overall)}"
    if found.skipped:
        yield f"{found.skipped} estimates without an outcome were left out"
    yield f"\n{_HEADINGS}"
    yield _row("all", found.overall)
    yield from (_row(str(stratum), each) for stratum, each in found.strata.items())


def _verdict(comparison: Comparison) -> str:
    difference, p = comparison.difference or 0.0, comparison.p
    if p is None or p >= _SIGNIFICANT:
        return f"no significant difference in SMAPE ({difference:+.1f} points, p = {p:.2g})"
    word = "better" if difference < 0 else "worse"
    return f"{word} than the old estimator ({difference:+.1f} points of SMAPE, p = {p:.2g})"


def _row(name: str, comparison: Comparison) -> str:
    from ..reports import percent, ratio  # noqa: PLC0415 - as above

    old, new = comparison.old, comparison.new
    smape = f"{percent(old.smape_percent)} > {percent(new.smape_percent)}"
    waste = f"{ratio(old.waste_ratio)} > {ratio(new.waste_ratio)}"
    under = f"{old.underestimated:,} > {new.underestimated:,}"
    p = "-" if comparison.p is None else f"{comparison.p:.2g}"
    return f"{old.calls:>5,}  {smape:>16}  {waste:>14}  {under:>15}  {p:>6}  {name}"


def _as_json(found: Replay) -> dict[str, Any]:
    return {
        "calls": found.overall.old.calls,
        "skipped": found.skipped,
        "overall": _comparison(found.overall),
        "strata": [
            {**stratum._asdict(), **_comparison(each)} for stratum, each in found.strata.items()
        ],
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    from ..reports import accuracy_as_json  # noqa: PLC0415 - as above

    return {
        "old": accuracy_as_json(comparison.old),
        "new": accuracy_as_json(comparison.new),
        "difference_points": comparison.difference,
        "p": comparison.p,
    }
