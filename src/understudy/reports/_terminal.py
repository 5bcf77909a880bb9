"""The summary for a terminal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ..errors import counted
from ._estimates import accuracy_in_words, estimate_columns, estimate_notes, has_strata
from ._layout import Column, Line, fits, heading, lay_out, warning, wrap
from ._number_format import REPORTED, cost, shorten, tokens
from ._tables import call_columns, model_tables, owner_columns, owner_name, waited

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..analytics import Overview
    from ._summary import OwnerFigures, Summary, Unknown

SECTION_TITLE: Final = "LLM calls"

_LABEL_WIDTH: Final = 8
#: Names are not cut further than this.
_SHORTEST: Final = 8
_TEST: Final = "test"
_GAP: Final = "  "
_VERY_VERBOSE: Final = 2
#: The phase of a program that records its calls.
_PROGRAM: Final = "recording:"


def render_summary(
    summary: Summary, *, width: int, verbosity: int = 0, store: str | None = None
) -> list[Line]:
    """Write the summary as lines of at most `width` characters.

    Verbosity 1 adds high quantiles and a row for each test, 2 one for each attempt. There is
    nothing to say without a call, and nothing is said below verbosity 0. `store` is where the run
    is kept.
    """
    if verbosity < 0 or not (summary.attempts or summary.estimates):
        return []
    lines = _totals(summary, width)
    tables = model_tables(summary.models, width, full=verbosity >= 1)
    for columns in tables:
        lines += _table(columns, width, apart=verbosity >= 1 or len(tables) > 1)
    lines += _named_tests(summary, width)
    if summary.estimates:
        lines += _estimates(summary.estimates, width, full=verbosity >= 1)
    if verbosity >= 1:
        lines += _by_test(owner_columns(summary), width)
    if verbosity >= _VERY_VERBOSE:
        lines += _by_test(call_columns(summary.attempts), width)
    notes = [warning(text) for note in _notes(summary) for text in wrap(note, width)]
    lines += [Line(), *notes] if notes and verbosity >= 1 else notes
    if store:
        lines += _labelled("store", store, width)
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
        stars = ", as all times with *" if summary.totals.simulated else ""
        lines += _labelled("saved", f"{cost(summary.saved)} (replayed or mocked{stars})", width)
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
    counted_here = counted(summary.estimated_calls, "call")
    aside = f" (counted here in {counted_here})" if summary.estimated_calls else ""
    output = f"{tokens(totals.output_tokens)} out{thought}"
    return f"{tokens(totals.input_tokens)} in{read}, {output}{aside}"


def _bracketed(parts: Iterable[str]) -> str:
    inside = ", ".join(filter(None, parts))
    return f" ({inside})" if inside else ""


def _named_tests(summary: Summary, width: int) -> list[Line]:
    """Name the tests with retries, the dearest and the slowest, where there are several."""
    if len(summary.tests) < 2:  # noqa: PLR2004 - one test is the totals again
        return []
    retried = [each for each in summary.tests if each.figures.attempts > each.figures.calls]
    dearest = max(summary.tests, key=lambda owner: owner.figures.cost.value or 0)
    slowest = max(summary.tests, key=lambda owner: owner.figures.call_ms)
    lines: list[Line] = []
    if retried:
        most = max(retried, key=lambda owner: owner.figures.attempts - owner.figures.calls)
        more = f" and {counted(len(retried) - 1, 'other test')}" if len(retried) > 1 else ""
        lines.append(_named("retried", "", most, width, more))
    if dearest.figures.cost.value:
        known = replace(dearest.figures.cost, missing=0)
        lines.append(_named("dearest", cost(known), dearest, width))
    if slowest.figures.call_ms:
        lines.append(_named("slowest", waited(slowest.figures), slowest, width))
    return lines


def _named(label: str, figure: str, owner: OwnerFigures, width: int, more: str = "") -> Line:
    """Write a figure of a test, whose file is left out where both have no room."""
    start = f"{label:<{_LABEL_WIDTH}}{figure}{'  ' if figure else ''}"
    left = max(width - len(start) - len(more), _SHORTEST)
    name = owner_name(owner)
    fitting = name if len(name) <= left else name.partition("::")[2] or name
    return Line(f"{start}{shorten(fitting, left)}{more}")


def _estimates(overview: Overview, width: int, *, full: bool) -> list[Line]:
    """Write how good predictions were: in a sentence, or where they differ in a table."""
    if has_strata(overview):
        return [*_table(estimate_columns(overview), width, apart=full), *_explained(width)]
    return _labelled("SMAPE", accuracy_in_words(overview.overall), width)


def _explained(width: int) -> list[Line]:
    text = "SMAPE: 0 % is exact, 200 % is worst; waste: tokens predicted for each that came"
    return [Line(line) for line in wrap(text, width)]


def _by_test(columns: list[Column], width: int) -> list[Line]:
    """Write a table of tests whose names are whole: behind their figures, else above them."""
    others = [column for column in columns if column.title != _TEST]
    (owners,) = (column.cells for column in columns if column.title == _TEST)
    places = [name.partition("::") if "::" in name else ("", "", name) for name in owners]
    longest = max(len(name) for _, _, name in places)
    beside = width - longest - len(_GAP)
    is_beside = fits(others, beside)
    titles, *rows = lay_out(others, beside if is_beside else width - len(_GAP))
    lines = [Line(), heading(f"{titles}{_GAP}{_TEST}" if is_beside else f"{_GAP}{titles}")]
    above = file_above = ""
    for owner, (file, _, name), row in zip(owners, places, rows, strict=True):
        if file and file != file_above:
            lines.append(Line(file))
        if not is_beside and owner != above:
            lines.append(Line(shorten(name, width)))
        file_above, above = file, owner
        lines.append(Line(f"{row}{_GAP}{name}" if is_beside else f"{_GAP}{row}"))
    return lines


def _table(columns: list[Column], width: int, *, apart: bool) -> list[Line]:
    titles, *rows = lay_out(columns, width)
    return [*([Line()] if apart else []), heading(titles), *map(Line, rows)]


def _labelled(label: str, text: str, width: int) -> list[Line]:
    return [
        Line(line) for line in wrap(f"{label:<{_LABEL_WIDTH}}{text}", width, indent=_LABEL_WIDTH)
    ]


def _notes(summary: Summary) -> Iterator[str]:
    """Yield one sentence for each thing that a reader must know to read the figures."""
    if summary.without_usage:
        yield f"no usage in the answer of {_calls_of(summary.without_usage)}"
    if summary.unpriced:
        yield (
            f"no price for {_calls_of(summary.unpriced)}; set one under [tool.understudy.prices]"
        )
    if summary.estimates:
        yield from estimate_notes(summary.estimates)
    if summary.totals.cost.reported:
        yield f"{REPORTED} reported by the provider, fees included: not a list price"
    if summary.totals.simulated and not summary.saved:
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
