"""What the live calls of a run may cost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from understudy.events import CallEvent
from understudy.pytest_plugin.features.budgets import run_budget_breach

MICRODOLLAR = 1000


def call(**fields: Any) -> CallEvent:
    """Return a call that cost a millionth of a dollar."""
    return CallEvent.model_validate(
        {
            "event_id": "1",
            "call_id": "1",
            "ts": 1,
            "origin": "live",
            "request_model": "m",
            "cost_nanousd": MICRODOLLAR,
            **fields,
        }
    )


def test_without_a_budget_nothing_is_judged() -> None:
    """Not even calls without a price."""
    assert run_budget_breach([call(cost_nanousd=None)], None) is None


@pytest.mark.parametrize(("budget", "breaks"), [("0.000002", False), ("0.0000019", True)])
def test_the_limit_itself_is_allowed(budget: str, *, breaks: bool) -> None:
    """Compared exactly, to the last 1e-9 USD."""
    breach = run_budget_breach([call(), call()], Decimal(budget))

    assert (breach is not None) is breaks


@pytest.mark.parametrize("origin", ["replayed", "mocked", None])
def test_only_money_counts(origin: str | None) -> None:
    """Calls that no provider answered cost nothing, with a price or without."""
    free = [call(origin=origin), call(origin=origin, cost_nanousd=None)]

    assert run_budget_breach(free, Decimal(0)) is None


def test_recorded_calls_cost_money_too() -> None:
    """They are live ones."""
    breach = run_budget_breach([call(origin="recorded")], Decimal(0))

    assert breach == "the run's live calls cost $0.000001, $0 allowed"


def test_a_call_without_a_price_cannot_be_judged() -> None:
    """Each model is named once."""
    unknown = [call(cost_nanousd=None), call(cost_nanousd=None), call()]

    breach = run_budget_breach(unknown, Decimal(1))

    assert breach is not None
    assert breach.startswith("no price for m, so the budget of $1 cannot be judged")


@pytest.mark.parametrize(
    ("tokens", "advice"),
    [
        ({"input_tokens": 1}, "(price it in [tool.understudy.prices])"),
        ({}, "(no usage in the answer)"),
    ],
)
def test_what_lacks_is_named(tokens: dict[str, int], advice: str) -> None:
    """A price is no remedy where nobody told how much there was to pay for."""
    breach = run_budget_breach([call(cost_nanousd=None, **tokens)], Decimal(1))

    assert breach is not None
    assert breach.endswith(advice)


def test_a_redirect_that_nobody_followed_needs_no_price() -> None:
    """No model answered."""
    moved = call(cost_nanousd=None, status="error", http_status=307)

    assert run_budget_breach([moved], Decimal(0)) is None


def test_a_failed_call_needs_no_price() -> None:
    """Nobody bills it."""
    failed = call(cost_nanousd=None, status="error", http_status=429)

    assert run_budget_breach([failed], Decimal(0)) is None
