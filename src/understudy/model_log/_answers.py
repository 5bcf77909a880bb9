"""What a store knows of models, under the names that are documented: plain values of JSON."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ..analytics.efficiency import efficiency_of, figures_as_json, trends_as_json, trends_of
from ..errors import ModelEventError
from ..store import footprint_as_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..store import Store

Answer: TypeAlias = "dict[str, Any]"

#: Days that the statistics reach back, today's included.
_DAYS: Final = 60
#: Longer windows have no buckets: they would be read row by row.
_MOST_BUCKETED: Final = 24.0
#: A hundred years, and the seconds of a day.
_MOST_HOURS: Final = 876_000
_DAY: Final = 86_400


def aggregated_efficiency(
    store: Store,
    *,
    now: datetime,
    component: str | None = None,
    hours: float = 24,
    bucket_seconds: int = 60,
) -> Answer:
    """Return the milliseconds a token of the last `hours`, of all models for None, best first.

    `buckets` are those of each `bucket_seconds`, None for more than 24 hours. `since` and `until`
    are the window that was added up, which is wider where only whole hours or days are kept.

    Raises:
        ModelEventError: an argument is none.
        StoreError: the store cannot be read.
    """
    _check("hours", hours, float | int, "a number", _MOST_HOURS)
    _check("bucket_seconds", bucket_seconds, int, "a whole number", _DAY)
    if not isinstance(component, str | None):
        msg = f"component is {component!r}, where a name or None is due."
        raise ModelEventError(msg)
    window = {"since": now - timedelta(hours=hours), "until": now}
    summed = store.model_history.thought_sums(**window, component=component)
    models = efficiency_of(summed.rows)
    is_bucketed = hours <= _MOST_BUCKETED
    return {
        "component": component,
        "hours": hours,
        "since": _text(summed.since),
        "until": _text(summed.until),
        "models": [
            {"component": each.component, "source": each.source, **figures_as_json(each.sums)}
            for each in models
        ],
        "buckets": _buckets(store, window, bucket_seconds, component) if is_bucketed else None,
    }


def _buckets(
    store: Store, window: Mapping[str, datetime], seconds: int, component: str | None
) -> list[Answer]:
    """Return what each model came to in each `seconds` of the window, in order of time."""
    found = store.model_history.thought_buckets(**window, seconds=seconds, component=component)
    return [
        {
            "start": text,
            "component": name,
            "source": source,
            "weighted_ms_per_token": ms / tokens,
            "tokens": tokens,
            "samples": samples,
        }
        for start, answers in found
        for text in (_text(start),)
        for name, source, samples, tokens, ms in answers
    ]


def sixty_day_statistics(store: Store, *, now: datetime) -> Answer:
    """Return how fast each model answered and loaded on each of the last 60 days, best first.

    Raises:
        StoreError: the store cannot be read.
    """
    until = now.astimezone(UTC).date() + timedelta(days=1)
    since = until - timedelta(days=_DAYS)
    history = store.model_history
    trends = trends_of(
        history.thought_days(since=since, until=until),
        history.load_days(since=since, until=until),
        history.recent_loads(),
    )
    return {
        "since": since.isoformat(),
        "until": until.isoformat(),
        "model_trends": trends_as_json(trends),
    }


def telemetry_footprint(store: Store) -> Answer:
    """Return how large the store and its tables are, and how old the oldest of their rows.

    The size of a table is an estimate, that of the store is not.

    Raises:
        StoreError: the store cannot be read.
    """
    return footprint_as_json(store.footprint())


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _check(name: str, value: Any, kind: Any, words: str, most: int) -> None:
    is_one = isinstance(value, kind) and not isinstance(value, bool)
    if not is_one or not 0 < value <= most:
        msg = f"{name} is {value!r}, where {words} above 0 is due, {most:,} at most."
        raise ModelEventError(msg)
