"""Records to rows and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from tests.unit.store.samples import NOON, call

from understudy.events import CallEvent, DirectEditEvent, EscalationEvent, UndoEvent
from understudy.store import Phase, Run
from understudy.store._rows import (
    EVENT_COLUMNS,
    event_row,
    record_row,
    timestamp,
    timestamp_text,
)

if TYPE_CHECKING:
    from pydantic import BaseModel


@pytest.mark.parametrize("model", [CallEvent, DirectEditEvent, UndoEvent, EscalationEvent])
def test_every_field_of_an_event_has_its_column(model: type[BaseModel]) -> None:
    """None is forgotten when an event learns something new."""
    assert set(model.model_fields) <= set(EVENT_COLUMNS)


def test_every_column_of_an_event_is_a_field_of_some_event() -> None:
    """None is left over."""
    models = (CallEvent, DirectEditEvent, UndoEvent, EscalationEvent)

    assert set(EVENT_COLUMNS) == {field for model in models for field in model.model_fields}


@pytest.mark.parametrize(
    "row",
    [
        event_row(call(origin="live", operation="chat", usage_raw={"a": 1})),
        record_row(Run(run_id="run", started=NOON, options=["-x"], git_dirty=True)),
        record_row(Phase(run_id="run", phase_id="test", started=NOON)),
    ],
    ids=["event", "run", "phase"],
)
def test_a_row_holds_only_what_every_database_takes(row: list[object]) -> None:
    """No enumerations, times or containers."""
    assert {type(value) for value in row} <= {str, int, float, bool, type(None)}


def test_times_are_written_in_utc_and_sort_as_text() -> None:
    """Twenty-seven characters, to the microsecond."""
    zone = timezone(timedelta(hours=-8))
    moment = datetime(2026, 3, 14, 4, tzinfo=zone)

    text = timestamp_text(moment)

    assert text == "2026-03-14T12:00:00.000000Z"
    assert timestamp(text) == moment


def test_a_time_that_the_database_understands_stays() -> None:
    """PostgreSQL gives back times."""
    moment = datetime(2026, 3, 14, tzinfo=UTC)

    assert timestamp(moment) is moment
