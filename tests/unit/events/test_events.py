"""The rows of the telemetry table."""

from __future__ import annotations

import re
from datetime import UTC
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from understudy.calls import Origin
from understudy.events import (
    AnyEvent,
    CallEvent,
    DirectEditEvent,
    EscalationEvent,
    UndoEvent,
    new_id,
    parse_event,
    rounded_usd,
    usd,
)

COMMON = {"event_id": "1", "ts": "2026-01-02T03:04:05+00:00"}
CALL = {**COMMON, "event_type": "llm_call", "call_id": "c"}


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        (CALL, CallEvent),
        ({**COMMON, "event_type": "direct_edit"}, DirectEditEvent),
        ({**COMMON, "event_type": "undo"}, UndoEvent),
        ({**COMMON, "event_type": "escalation", "escalation_reason": "r"}, EscalationEvent),
    ],
)
def test_the_type_decides_the_model(fields: dict[str, Any], kind: type[AnyEvent]) -> None:
    """Events are told apart by event_type."""
    assert type(parse_event(fields)) is kind


@pytest.mark.parametrize(
    "wrong",
    [
        {"event_type": "chat"},
        {"promt": "typo"},
        {"tier": "L9"},
        {"input_tokens": -1},
        {"attempt": 0},
        {"ttfc_ms": float("nan")},
        {"ts": "2026-01-02T03:04:05"},
        {"error": "x" * 501},
        {"input_tokens": 5, "cache_read_tokens": 6},
    ],
)
def test_what_breaks_a_constraint_is_refused(wrong: dict[str, Any]) -> None:
    """Unknown fields and impossible values make no event."""
    with pytest.raises(ValidationError):
        parse_event({**CALL, **wrong})


def test_a_cost_is_shown_to_six_decimals() -> None:
    """cost_usd is derived from integer nano-USD."""
    event = CallEvent.model_validate({**CALL, "cost_nanousd": 1_234_567})

    assert event.cost_usd == Decimal("0.001235")


def test_an_amount_in_usd_is_exact_or_has_six_decimals() -> None:
    """Sums of 1e-9 USD are turned into USD in one place."""
    assert usd(1_234_567) == Decimal("0.001234567")
    assert rounded_usd(1_234_567) == Decimal("0.001235")


def test_what_a_provider_answered_is_paid() -> None:
    """Mocked and replayed answers are not; a call that nobody answered is not."""
    paid = {
        origin: CallEvent.model_validate({**CALL, "origin": origin}).is_paid
        for origin in (*Origin, None)
    }

    assert [origin for origin, is_paid in paid.items() if is_paid] == [Origin.LIVE, Origin.RECORDED]


def test_an_unknown_cost_is_not_zero() -> None:
    """Without a price there is no cost."""
    assert CallEvent.model_validate(CALL).cost_usd is None


@pytest.mark.parametrize(
    ("models", "model"),
    [
        ({"request_model": "a", "response_model": "b"}, "b"),
        ({"request_model": "a"}, "a"),
        ({}, None),
    ],
)
def test_the_model_is_the_one_that_answered(models: dict[str, str], model: str | None) -> None:
    """The requested model stands in where the answer names none."""
    assert CallEvent.model_validate({**CALL, **models}).model == model


def test_ids_sort_by_time_and_are_of_version_7() -> None:
    """RFC 9562 puts the milliseconds first."""
    ids = [new_id() for _ in range(1000)]

    assert len(set(ids)) == 1000
    assert [each[:12] for each in ids] == sorted(each[:12] for each in ids)
    assert {each[12] for each in ids} == {"7"}
    assert {each[16] for each in ids} <= set("89ab")


def test_an_id_has_its_form_in_the_past_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """time-machine takes tests before 1970, where the milliseconds are negative."""
    monkeypatch.setattr("time.time_ns", lambda: -631_152_000 * 10**9)

    assert re.fullmatch("[0-9a-f]{32}", new_id())


@given(
    st.builds(
        CallEvent,
        event_id=st.just("1"),
        ts=st.datetimes(timezones=st.just(UTC)),
        call_id=st.text(min_size=1),
        input_tokens=st.none() | st.integers(0, 10**9),
        output_tokens=st.none() | st.integers(0, 10**9),
        duration_ms=st.none() | st.floats(0, 1e9),
        cache_read_tokens=st.none(),
        cache_write_tokens=st.none(),
        usage_raw=st.none() | st.dictionaries(st.text(), st.integers(-(10**9), 10**9)),
    )
)
def test_an_event_survives_its_json(event: CallEvent) -> None:
    """What a journal keeps is what was recorded."""
    assert CallEvent.model_validate_json(event.model_dump_json()) == event
