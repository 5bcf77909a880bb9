"""The run in Markdown: for a step summary, or the comment of a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...errors import counted, printable
from ...gates import what_to_do
from .._contracts import matrix_of, short_names
from .._number_format import REPORTED, cost, latency, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ...gates import Finding, Judgement
    from .._contracts import CheckResult
    from .._summary import ModelFigures, Summary

_SIGNS: Final = {"red": "❌", "yellow": "⚠️", "green": "✅"}
#: A summary of GitHub holds a megabyte.
_ROWS: Final = 200


def markdown(
    summary: Summary,
    judgement: Judgement | None,
    contracts: Sequence[CheckResult] = (),
    *,
    strict: bool = False,
) -> str:
    """Write the calls of a run by model, the verdicts of its gate, and what contracts found."""
    blocks = [*_gate(judgement, strict=strict), *_contracts(contracts), *_calls(summary)]
    return "\n\n".join(blocks) + "\n"


def _gate(judgement: Judgement | None, *, strict: bool) -> Iterator[str]:
    if judgement is None:
        return
    is_red = bool(judgement.failing(strict=strict))
    yield f"## LLM gate: {'red' if is_red else 'green'} {_SIGNS['red' if is_red else 'green']}"
    yield f"Figures: {judgement.tally}."
    if judgement.findings:
        yield _table(
            ("", "test", "metric", "change", "why"),
            (_row(finding) for finding in judgement.findings[:_ROWS]),
        )
        rest = len(judgement.findings) - _ROWS
        if rest > 0:
            yield f"… and {rest:,} more."
        yield from _advice(judgement.findings)
    if judgement.notes:
        yield "\n".join(f"- {_escaped(note)}" for note in judgement.notes)


def _advice(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield what to do about all that is not green, once."""
    open_ones = [finding for finding in findings if finding.verdict.colour != "green"]
    if advice := what_to_do(open_ones):
        yield "\n".join(["What to do:", "", *(f"- `{_coded(each)}`" for each in advice)])


def _row(finding: Finding) -> tuple[str, ...]:
    return (
        f"{_SIGNS[finding.verdict.colour]} {finding.verdict}",
        f"`{_coded(finding.subject)}`",
        finding.metric or "",
        _escaped(finding.change),
        _escaped(finding.reason),
    )


def _contracts(results: Sequence[CheckResult]) -> Iterator[str]:
    suites = matrix_of(results)
    if not suites:
        return
    yield "## Contracts"
    columns = list(suites.values())
    names = short_names(suites).values()
    yield _table(
        ("capability", *map(_escaped, names)),
        ((name, *(found[name].cell for found in columns)) for name in columns[0]),
    )
    why = [
        f"- {_escaped(suite)}, {each.name}: {_escaped(reason)}"
        for suite, found in zip(names, columns, strict=True)
        for each in found.values()
        for outcome in ("failed", "known", "lacks")
        if (reason := each.why(outcome))
    ]
    if why:
        yield "\n".join(why)


def _calls(summary: Summary) -> Iterator[str]:
    yield "## LLM calls"
    totals = summary.totals
    if not summary.attempts:
        yield "None were recorded."
        return
    yield " ".join(
        [
            f"{counted(totals.calls, 'call')} in {counted(totals.attempts, 'attempt')},"
            f" {tokens(totals.input_tokens)} tokens in, {tokens(totals.output_tokens)} out.",
            *([f"**Spent {cost(summary.spent)}.**"] if summary.spent else ["Nothing was spent."]),
            *([f"Saved {cost(summary.saved)}: replayed or mocked."] if summary.saved else []),
        ]
    )
    yield _table(
        ("model", "calls", "tokens in", "tokens out", "cost", "first content p50", "whole p50"),
        (_model_row(model) for model in summary.models),
    )
    if totals.simulated:
        yield "`*` replayed or mocked: not the latency of a provider."
    if totals.cost.reported:
        yield f"`{REPORTED}` reported by the provider, fees included: not a list price."


def _model_row(model: ModelFigures) -> tuple[str, ...]:
    figures = model.figures
    waits = [
        latency(each.p50_ms, measured=each.measured) if each else "-"
        for each in (figures.ttfc, figures.duration)
    ]
    return (
        _escaped(model.model or "(unknown)"),
        f"{figures.calls:,}",
        tokens(figures.input_tokens),
        tokens(figures.output_tokens),
        cost(figures.cost),
        *waits,
    )


def _table(titles: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [titles, ("---",) * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _coded(text: str) -> str:
    """Return what may stand between backquotes in a cell."""
    return " ".join(printable(text).replace("|", "\\|").replace("`", "'").split())


def _escaped(text: str) -> str:
    """Return what is shown as it is: no tag, no link, no picture."""
    return _coded(text).replace("<", "&lt;").replace("[", "\\[")
