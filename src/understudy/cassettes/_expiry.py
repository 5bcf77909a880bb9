"""Says which interactions were recorded too long ago."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta
    from pathlib import Path

    from ._interaction import Interaction


@dataclass(frozen=True, slots=True)
class Expired:
    """How many of the interactions of a file are too old, and when the oldest was recorded."""

    path: Path
    count: int
    total: int
    oldest: datetime
    max_age: timedelta

    @property
    def text(self) -> str:
        """What is wrong, and what to do."""
        return (
            f"{self.path}: {self.count} of {self.total} interactions are older than "
            f"{self.max_age.days} days (the oldest is of {self.oldest:%Y-%m-%d}). "
            "Record them again with --llm-record-mode=all."
        )


def expired(
    path: Path, interactions: Iterable[Interaction], max_age: timedelta, now: datetime
) -> Expired | None:
    """Return what is older than `max_age`; None where nothing is known to be."""
    moments = [recorded_at(each) for each in interactions]
    old = [moment for moment in moments if moment is not None and now - moment > max_age]
    return Expired(path, len(old), len(moments), min(old), max_age) if old else None


def recorded_at(recorded: Interaction) -> datetime | None:
    """Return when an interaction was recorded; else what the response's Date header says."""
    response = recorded.response
    if response.recorded_at is not None:
        return response.recorded_at
    with suppress(ValueError):
        moment = parsedate_to_datetime(response.header("date") or "")
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
