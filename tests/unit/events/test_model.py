"""Events of models: what they hold, derive and refuse."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from understudy.events.model import (
    LoadLatency,
    ThoughtLatency,
    VramCheck,
    VramLockout,
    parse_model_event,
)


def test_a_load_tells_its_milliseconds() -> None:
    """Seconds are the value, the metadata has milliseconds."""
    event = LoadLatency(component="gemma2:27b", value=6.31)
    assert event.metadata == {"model": "gemma2:27b", "load_time_ms": 6310.0}


def test_a_thought_tells_what_follows_from_its_tokens() -> None:
    """Time and totals are derived, parts that nobody told are left out."""
    event = ThoughtLatency(
        component="m", value=23.0, tokens_generated=120, prompt_tokens=41, decode_ms=2550.0
    )
    assert event.metadata == {
        "model": "m",
        "inference_time_ms": 2760.0,
        "tokens_generated": 120,
        "prompt_tokens": 41,
        "total_tokens": 161,
        "latency_per_token_ms": 23.0,
        "decode_ms": 2550.0,
    }


def test_an_unknown_count_is_not_zero() -> None:
    """Without the tokens nothing is derived from them."""
    metadata = ThoughtLatency(component="m", value=23.0).metadata
    assert metadata["inference_time_ms"] is None
    assert metadata["total_tokens"] is None


def test_a_check_of_memory_tells_the_used_part() -> None:
    """In percent of all; of nothing it is unknown."""
    event = VramCheck(component="gpu:GPU-1", value=6144.0, used=2048.0, total=8192.0)
    assert event.metadata == {"used": 2048.0, "total": 8192.0, "percentage": 25.0}
    assert VramCheck(component="gpu:GPU-1", value=0.0, used=0.0, total=0.0).percentage is None


def test_a_lockout_has_no_value_of_its_own() -> None:
    """It is 0, and what was compared stands beside it."""
    event = VramLockout(component="gpu:GPU-1", trigger_threshold=4000.0, free_vram=1200.0)
    assert event.value == 0
    assert event.metadata == {"trigger_threshold": 4000.0, "free_vram": 1200.0}
    with pytest.raises(ValidationError):
        VramLockout(component="gpu:GPU-1", value=1.0)


def test_details_of_the_application_stand_beside() -> None:
    """Scalars, under their own names."""
    event = LoadLatency(component="m", value=1.0, details={"quantisation": "Q4_K_M"})
    assert event.metadata["quantisation"] == "Q4_K_M"


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_a_value_that_no_clock_tells_is_refused(value: float) -> None:
    """Negative, NaN and infinite ones."""
    with pytest.raises(ValidationError):
        LoadLatency(component="m", value=value)


@pytest.mark.parametrize("details", [{"text": "x" * 2048}, {"number": float("nan")}, {"list": [1]}])
def test_details_are_few_finite_scalars(details: dict[str, object]) -> None:
    """More than 2 KB, NaN and what is no scalar are refused."""
    with pytest.raises(ValidationError):
        LoadLatency(component="m", value=1.0, details=details)


def test_fields_make_the_event_of_their_type() -> None:
    """The discriminator chooses, and a field that no event of it has is refused."""
    fields = {"event_type": "LOAD_LATENCY", "component": "m", "value": 1.0}
    assert isinstance(parse_model_event(fields), LoadLatency)
    with pytest.raises(ValidationError, match="Extra inputs"):
        parse_model_event({**fields, "tokens_generated": 3})
