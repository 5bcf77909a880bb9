"""Events by the names that applications use."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from understudy import lifecycle
from understudy.events.lifecycle import LIFECYCLE_TYPES, LIFECYCLE_VERSION, parse_lifecycle_event

if TYPE_CHECKING:
    from collections.abc import Callable

#: Each factory with every argument that it takes.
EVENTS: dict[str, tuple[Callable[..., lifecycle.LifecycleEvent], dict[str, Any]]] = {
    "llm_generation_started": (
        lifecycle.generation_started,
        {"provider": "anthropic", "tool_name": "edit", "repo": "app"},
    ),
    "llm_generation_completed": (
        lifecycle.generation_completed,
        {
            "success": False,
            "provider": "anthropic",
            "tool_name": "edit",
            "repo": "app",
            "cost": Decimal("0.000001250"),
            "duration_ms": 12.5,
            "attempts": 3,
            "error_category": "timeout",
        },
    ),
    "llm_repair_attempt": (
        lifecycle.repair_attempt,
        {
            "attempt_number": 2,
            "provider": "anthropic",
            "tool_name": "edit",
            "repo": "app",
            "error_category": "schema",
            "cause": "content",
        },
    ),
    "llm_validation_result": (
        lifecycle.validation_result,
        {
            "passed": False,
            "provider": "anthropic",
            "tool_name": "edit",
            "repo": "app",
            "attempt_number": 1,
            "error_category": "schema",
        },
    ),
    "llm_provider_failover": (
        lifecycle.provider_failover,
        {"from_provider": "a", "to_provider": "b", "reason": "overloaded", "tool_name": "edit"},
    ),
    "llm_circuit_breaker_trip": (
        lifecycle.circuit_breaker_trip,
        {"provider": "a", "failures": 5, "reason": "5 of 5"},
    ),
}


def test_there_is_a_factory_for_each_event() -> None:
    """Of all that the database takes."""
    assert tuple(EVENTS) == LIFECYCLE_TYPES


@pytest.mark.parametrize("event_type", EVENTS)
def test_an_event_has_what_its_factory_was_given(event_type: str) -> None:
    """With the common base, money in whole nano-USD, and it is read back the same."""
    make, given = EVENTS[event_type]

    event = make(**given)

    fields = event.model_dump(exclude_none=True)
    assert fields["event_type"] == event_type
    assert fields["schema_version"] == LIFECYCLE_VERSION
    assert fields["os"]
    assert fields["arch"]
    assert fields["product_version"]
    if "cost" in given:
        assert fields["cost_nanousd"] == 1250
    told = {name: value for name, value in given.items() if name != "cost"}
    assert told.items() <= fields.items()
    assert parse_lifecycle_event(fields) == event


@pytest.mark.parametrize(
    ("make", "given", "says"),
    [
        (lifecycle.generation_completed, {"success": True, "duration_ms": -1}, "duration_ms=-1"),
        (lifecycle.generation_completed, {"success": True, "cost": -1}, "cost=-1"),
        (lifecycle.generation_completed, {"success": True, "cost": float("nan")}, "cost=nan"),
        (lifecycle.generation_completed, {"success": True, "cost": True}, "cost=True"),
        (lifecycle.generation_completed, {"success": True, "cost": 1e12}, "cost=1000000000000.0"),
        (lifecycle.generation_completed, {"success": None}, "success=None"),
        (lifecycle.validation_result, {"passed": None}, "passed=None"),
        (lifecycle.repair_attempt, {"attempt_number": 0}, "attempt_number=0"),
        (lifecycle.repair_attempt, {"attempt_number": 2**63}, "attempt_number=9223372036854775808"),
        (lifecycle.repair_attempt, {"attempt_number": 1, "cause": "mood"}, "cause='mood'"),
        (lifecycle.circuit_breaker_trip, {"provider": "a", "failures": -1}, "failures=-1"),
        (lifecycle.generation_started, {"tool_name": ""}, "tool_name=''"),
        (lifecycle.generation_started, {"repo": "text " * 99}, r"repo='text text te\.\.\."),
    ],
)
def test_a_wrong_argument_is_said_in_one_line(
    make: Callable[..., object], given: dict[str, Any], says: str
) -> None:
    """As a ValueError."""
    with pytest.raises(ValueError, match=says) as caught:
        make(**given)

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("make", [make for make, _ in EVENTS.values()])
def test_a_factory_takes_names_only(make: Callable[..., object]) -> None:
    """And none that its event has not."""
    with pytest.raises(TypeError):
        make("anthropic")
    with pytest.raises(TypeError):
        make(mood="good")


def test_a_long_reason_is_cut_and_an_empty_one_is_none() -> None:
    """It may be the text of an error, and the event is worth more than its end."""
    failover = lifecycle.provider_failover(from_provider="a", to_provider="b", reason="x" * 900)

    assert failover.reason == "x" * 200
    assert lifecycle.repair_attempt(attempt_number=1, error_category="").error_category is None


def test_an_event_refuses_what_is_unknown_or_missing() -> None:
    """`success` and `passed` are required: what is left out is not False."""
    for sort in (lifecycle.GenerationCompleted, lifecycle.ValidationResult):
        with pytest.raises(ValidationError, match="missing"):
            sort.model_validate({})
    with pytest.raises(ValidationError, match="mood"):
        lifecycle.GenerationStarted.model_validate({"mood": "good"})
