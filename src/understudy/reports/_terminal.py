"""The summary for a terminal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ..errors import counted
from ._estimates import estimate_columns, estimate_notes
from ._layout import Column, Line, heading, lay_out, warning, wrap
from ._number_format import REPORTED, cost, shorten, tokens
from ._tables import call_columns, model_tables, owner_columns, owner_name, waited

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ._summary import OwnerFigures, Summary, Unknown

SECTION_TITLE: Final = "LLM calls"

_LABEL_WIDTH: Final = 8
#: How many of the dearest and of the slowest tests to show.
_TOP: Final = 3
_VERY_VERBOSE: Final = 2
#: The phase of a program that records its calls.
_PROGRAM: Final = "recording:"


def render_summary(
    summary: Summary, *, width: int, verbosity: int = 0, store: str | None = None
) -> list[Line]:
    """Write the summary as lines of at most `width` characters.

    Verbosity 1 adds a row for each test, 2 one for each attempt. There is nothing to say
    without a call, and nothing is said below verbosity 0. `store` is where the run is kept.
    """
    if verbosity < 0 or not (summary.attempts or summary.estimates):
        return []
    lines = _totals(summary, width)
    for columns in model_tables(summary.models, width) if summary.models else []:
        lines += _table(columns, width)
    lines += _top_tests(summary, width)
    if summary.estimates:
        lines += _table(estimate_columns(summary.estimates), width)
    if verbosity >= 1:
        lines += _table(owner_columns(summary), width)
    if verbosity >= _VERY_VERBOSE:
        lines += _table(call_columns(summary.attempts), width)
    lines += _paragraph([warning(text) for note in _notes(summary) for text in wrap(note, width)])
    if store:
        lines += _paragraph(_labelled("store", store, width))
    return lines


def none_seen(tests: int, width: int) -> list[Line]:
    """Say that no call was seen in so many tests, and what may be the reason."""
    reasons = (
        "Calls are seen in this process and its workers, over httpx, httpx2, aiohttp and urllib3"
        " (requests, botocore): not over gRPC, WebSockets or urllib.request, not in child"
        " processes, and not where a mock stands in for the SDK or the client. Check that the"
        " tests call a model, and by which way."
    )
    headline = _labelled("calls", f"none seen in {counted(tests, 'test')}", width)
    return [*headline, *_labelled("", reasons, width)]


def _totals(summary: Summary, width: int) -> list[Line]:
    lines = _labelled("calls", _calls(summary), width)
    if summary.attempts:
        lines += _labelled("tokens", _tokens(summary), width)
    if summary.spent:
        lines += _labelled("spent", cost(summary.spent), width)
    if summary.saved:
        lines += _labelled("saved", f"{cost(summary.saved)} (replayed and mocked)", width)
    return lines


def _calls(summary: Summary) -> str:
    totals = summary.totals
    aside = [
        counted(totals.attempts, "attempt") if totals.attempts != totals.calls else "",
        f"{totals.failed_calls:,} failed" if totals.failed_calls else "",
        f"{totals.cancelled:,} cancelled" if totals.cancelled else "",
    ]
    origins = [f"{calls:,} {name}" for name, calls in summary.origins.items() if name != "none"]
    programs = sum(owner.name.startswith(_PROGRAM) for owner in summary.tests)
    tests = len(summary.tests) - programs
    owners = [
        counted(tests, "test") if tests else "",
        counted(programs, "program") if programs else "",
        counted(len(summary.fixtures), "fixture") if summary.fixtures else "",
    ]
    inside = " and ".join(filter(None, owners))
    outside = f"{summary.outside.calls:,} outside any test" if summary.outside else ""
    parts = [f"{totals.calls:,}{_bracketed(aside)}", *origins, inside and f"in {inside}", outside]
    return ", ".join(filter(None, parts))


def _tokens(summary: Summary) -> str:
    totals = summary.totals
    cached, reasoning = totals.cache_read_tokens.value, totals.reasoning_tokens.value
    read = _bracketed([f"{cached:,} cached" if cached else ""])
    thought = _bracketed([f"{reasoning:,} reasoning" if reasoning else ""])
    return f"{tokens(totals.input_tokens)} in{read}, {tokens(totals.output_tokens)} out{thought}"


def _bracketed(parts: Iterable[str]) -> str:
    inside = ", ".join(filter(None, parts))
    return f" ({inside})" if inside else ""


def _top_tests(summary: Summary, width: int) -> list[Line]:
    """Name the dearest and the slowest tests, where there are several to choose from."""
    if len(summary.tests) < 2:  # noqa: PLR2004 - one test is the totals again
        return []
    dearest = _ranked(summary.tests, lambda owner: owner.figures.cost.value or 0)
    slowest = _ranked(summary.tests, lambda owner: owner.figures.call_ms)
    return [
        *_top("dearest tests", dearest, lambda o: cost(replace(o.figures.cost, missing=0)), width),
        *_top("slowest tests", slowest, lambda o: waited(o.figures), width),
    ]


def _ranked(
    owners: Iterable[OwnerFigures], figure: Callable[[OwnerFigures], float]
) -> list[OwnerFigures]:
    known = [owner for owner in owners if figure(owner)]
    return sorted(known, key=figure, reverse=True)[:_TOP]


def _top(
    title: str, owners: list[OwnerFigures], figure: Callable[[OwnerFigures], str], width: int
) -> list[Line]:
    figures = [figure(owner) for owner in owners]
    column = max(map(len, figures), default=0)
    rows = [f"  {text.rjust(column)}  " for text in figures]
    names = [shorten(owner_name(owner), max(width - column - 4, 8)) for owner in owners]
    lines = [Line(row + name) for row, name in zip(rows, names, strict=True)]
    return _paragraph([heading(title), *lines]) if lines else []


def _table(columns: list[Column], width: int) -> list[Line]:
    titles, *rows = lay_out(columns, width)
    return _paragraph([heading(titles), *map(Line, rows)])


def _labelled(label: str, text: str, width: int) -> list[Line]:
    return [
        Line(line) for line in wrap(f"{label:<{_LABEL_WIDTH}}{text}", width, indent=_LABEL_WIDTH)
    ]


def _paragraph(lines: list[Line]) -> list[Line]:
    return [Line(), *lines] if lines else []


def _notes(summary: Summary) -> Iterator[str]:
    """Yield one sentence for each thing that a reader must know to read the figures."""
    if summary.without_usage:
        yield f"no usage in the answer of {_calls_of(summary.without_usage)}"
    if summary.unpriced:
        yield (
            f"no price for {_calls_of(summary.unpriced)}; set one under [tool.understudy.prices]"
        )
    if summary.estimated_calls:
        yield f"tokens of {counted(summary.estimated_calls, 'call')} are estimated"
    if summary.estimates:
        yield from estimate_notes(summary.estimates)
    if summary.totals.cost.reported:
        yield f"{REPORTED} reported by the provider, fees included: not a list price"
    if summary.totals.attempts != summary.totals.calls:
        yield "errors and times are those of attempts, without the waits between them"
    if summary.totals.simulated:
        yield "* replayed or mocked: not the latency of a provider"


def _calls_of(unknown: Iterable[Unknown]) -> str:
    entries = tuple(unknown)
    models = ", ".join(map(_unknown_model, entries))
    return f"{counted(sum(entry.calls for entry in entries), 'call')}: {models}"


def _unknown_model(entry: Unknown) -> str:
    name = entry.model or "(unknown)"
    number = f" x{entry.calls}" if entry.calls > 1 else ""
    reason = f" ({entry.reason})" if entry.reason else ""
    return f"{name}{number}{reason}"
