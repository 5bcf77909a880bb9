"""How fast models answered in a window of time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...analytics.efficiency import Ranking, figures_as_json
from ...stats import TOKEN_BUCKETS
from .._layout import Column, lay_out
from ._cells import UNKNOWN, duration, speed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...analytics.efficiency import Line, ModelEfficiency

_NAME_WIDTH = 24


def efficiency_lines(models: Sequence[ModelEfficiency], width: int) -> Iterator[str]:
    """Yield a table with one row for each model and source, and what loading is worth."""
    yield from lay_out(_columns(models), width)
    ranking = Ranking(models)
    for slower, faster, tokens in _crossovers(ranking):
        yield f"loading {faster} beats {slower}, where that is loaded, from {tokens:,.0f} tokens on"
    if ranking.sources_differ:
        yield "no source has measured all models: what a client measures holds the network, too"


def efficiency_as_json(models: Sequence[ModelEfficiency]) -> dict[str, Any]:
    """Return the same as values of JSON."""
    ranking = Ranking(models)
    return {
        "models": [_model(each) for each in models],
        "crossovers": [
            {"slower": slower, "faster": faster, "output_tokens": tokens}
            for slower, faster, tokens in _crossovers(ranking)
        ],
        "sources_differ": ranking.sources_differ,
    }


def _crossovers(ranking: Ranking) -> Iterator[tuple[str, str, float]]:
    """Yield from how many tokens on loading the best model beats each of the others."""
    best, *others = ranking.by_token or [""]
    for slower in others:
        tokens = ranking.crossover(slower, best)
        if tokens is not None:
            yield slower, best, tokens


def _columns(models: Sequence[ModelEfficiency]) -> list[Column]:
    by_length = [
        {bucket.bucket: speed(bucket.ms_per_token) for bucket in model.buckets} for model in models
    ]
    return [
        Column("model", tuple(each.component for each in models), name=_NAME_WIDTH),
        Column("source", tuple(each.source for each in models)),
        Column("ms/token", tuple(speed(each.ms_per_token) for each in models)),
        Column("tokens", tuple(f"{each.sums.tokens:,}" for each in models), rank=8),
        Column("answers", tuple(f"{each.sums.count:,}" for each in models), rank=9),
        *(
            Column(name, tuple(each.get(name, UNKNOWN) for each in by_length), 2 + number)
            for number, name in enumerate(TOKEN_BUCKETS)
        ),
        Column("fixed + each", tuple(_line(each.line) for each in models), rank=1),
        Column("load", tuple(duration(each.load_seconds) for each in models)),
    ]


def _line(line: Line | None) -> str:
    if line is None:
        return UNKNOWN
    return f"{line.intercept_ms:.0f} ms + {speed(line.slope_ms)}"


def _model(model: ModelEfficiency) -> dict[str, Any]:
    return {
        "component": model.component,
        "source": model.source,
        **figures_as_json(model.sums),
        "decode_ms_per_token": model.decode_ms_per_token,
        "prompt_ms_per_token": model.prompt_ms_per_token,
        "intercept_ms": None if model.line is None else model.line.intercept_ms,
        "slope_ms": None if model.line is None else model.line.slope_ms,
        "load_seconds": model.load_seconds,
        "by_length": [
            {"length": each.bucket, **figures_as_json(each.sums)} for each in model.buckets
        ],
    }
