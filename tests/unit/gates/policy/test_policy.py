"""What figures may do: tables, markers, and which of them wins."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from understudy.errors import SettingsError, UnknownNameError
from understudy.gates import METRICS
from understudy.gates.policy import NOTHING, Policy, Rule, matches, read_gates, read_rules, settled

WHERE = "pyproject.toml"


def rule(value: Any, metric: str = "cost") -> Rule:
    """Read one rule."""
    return read_rules({metric: value}, METRICS, where="here")[metric]


@pytest.mark.parametrize(
    ("value", "metric", "share", "amount"),
    [
        ("+5%", "cost", Fraction(1, 20), 0),
        ("5 %", "cost", Fraction(1, 20), 0),
        ("+7.5%", "cost", Fraction(3, 40), 0),
        (3, "calls", 0, 3),
        ("+3", "calls", 0, 3),
        (0.02, "cost", 0, 20_000_000),
        (2.5, "duration", 0, 2500),
        ("+2pp", "smape", 0, 20_000),
        (0, "calls", 0, 0),
    ],
)
def test_an_allowance_is_a_share_points_or_an_amount_in_the_metric_s_unit(
    value: Any, metric: str, share: float, amount: int
) -> None:
    """In stored units; what is written is judged."""
    read = rule(value, metric)

    assert read.allowance is not None
    assert read.allowance.share == share
    assert read.allowance.amount == amount
    assert read.gated is True


@pytest.mark.parametrize("value", ["much", "5percent", -1, "-5%", None, [], {}, "+5%%"])
def test_what_is_no_allowance_is_refused_with_its_key(value: Any) -> None:
    """And what to write instead."""
    table = {"cost": {"allow": value} if value is not None else ""}

    with pytest.raises(SettingsError, match=r"here: cost(\.allow)? = .* is no allowance"):
        read_rules(table, METRICS, where="here")


@pytest.mark.parametrize("value", ["off", False])
def test_a_metric_can_be_switched_off(value: Any) -> None:
    """It is then shown, not judged."""
    assert rule(value).gated is False


def test_a_metric_can_be_switched_on() -> None:
    """One that is not judged by default."""
    assert rule(True, "cache_read_tokens").gated is True


def test_a_table_holds_allowance_ceiling_budget_and_switch() -> None:
    """Limits are in the metric's unit, and kept in the stored one."""
    read = rule({"allow": "+5%", "max": 0.05, "budget": 2, "gate": False})

    assert read.ceiling == 50_000_000
    assert read.budget == 2_000_000_000
    assert read.gated is False


@pytest.mark.parametrize("value", ["5", -1, True, float("nan"), float("inf"), 10**400])
def test_a_limit_is_a_number_from_zero_on(value: Any) -> None:
    """Named with the unit it is in."""
    with pytest.raises(SettingsError, match=r"here: cost.max = .*in USD"):
        rule({"max": value})


def test_a_switch_is_true_or_false() -> None:
    """Not a word."""
    with pytest.raises(SettingsError, match=r"here: cost: gate = 'no'"):
        rule({"gate": "no"})


def test_points_are_for_percentages_only() -> None:
    """Two points of tokens are nothing."""
    with pytest.raises(SettingsError, match=r"calls = '\+2pp': points are for metrics in percent"):
        rule("+2pp", "calls")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"cots": "+5%"}, r"unknown key 'cots' in pyproject.toml.*Did you mean 'cost'"),
        ({"tests": {"*": {"cots": 1}}}, r"unknown metric 'cots' in .*gates.tests\] '\*'"),
        ({"cost": {"maximum": 1}}, r"unknown key 'maximum'.*cost\. Did you mean 'max'"),
        ({"groups": {"modul:x": {}}}, r"unknown group 'modul:x'.*Did you mean 'module:…'"),
        ({"groups": {"marker:": {}}}, r"unknown group 'marker:'"),
    ],
)
def test_a_misspelt_key_is_named_with_the_nearest(table: Any, message: str) -> None:
    """File, table and key."""
    with pytest.raises(UnknownNameError, match=message):
        read_gates(table, METRICS, where=WHERE)


@pytest.mark.parametrize("table", [[], {"tests": 1}, {"tests": {"*": 1}}])
def test_what_is_no_table_is_refused(table: Any) -> None:
    """With an example."""
    with pytest.raises(SettingsError, match="write a table"):
        read_gates(table, METRICS, where=WHERE)


def test_the_marker_wins_over_later_globs_over_earlier_ones_over_all() -> None:
    """Each says what the weaker ones do not."""
    policy = read_gates(
        {
            "cost": {"allow": "+1%", "max": 1},
            "tests": {"tests/*": {"cost": "+2%"}, "*refund": {"cost": "+3%", "calls": 1}},
        },
        METRICS,
        where=WHERE,
    )

    other = policy.rules_for("tests/a.py::test_order", {})
    refund = policy.rules_for("tests/a.py::test_refund", {"calls": rule(2, "calls")})

    assert other["cost"].allowance == rule("+2%").allowance
    assert other["cost"].ceiling == 1_000_000_000
    assert refund["cost"].allowance == rule("+3%").allowance
    assert refund["calls"].allowance == rule(2, "calls").allowance


def test_without_a_policy_nothing_is_allowed_and_doubtful_metrics_are_off() -> None:
    """Sensible without a word of configuration."""
    assert Policy().rules_for("tests/a.py::test_a", {}) == {}
    assert settled(None, METRICS["cost"]) == Rule(allowance=NOTHING, gated=True)
    assert settled(None, METRICS["cache_read_tokens"]).gated is False


def test_brackets_of_a_parametrised_test_are_plain_letters() -> None:
    """A node id fits itself, and stars fit inside it."""
    assert matches("t.py::test_a[x-1]", "t.py::test_a[x-1]")
    assert matches("t.py::test_a[[]*]", "t.py::test_a[*]") is False
    assert matches("t.py::test_a[*]", "t.py::test_a[x-1]")
    assert not matches("t.py::test_a[x]", "t.py::test_ax")
