"""A distribution is chosen by how near it is to what was measured."""

from __future__ import annotations

import json
import os
import tomllib
from itertools import islice
from math import sqrt
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.delays import (
    Distribution,
    Empirical,
    Gamma,
    LogNormal,
    TimedCall,
    Uniform,
    read_profiles,
)
from understudy.delays.fitting import (
    MeasuredAnswer,
    MeasuredProfile,
    fit_distribution,
    fit_profile,
)
from understudy.delays.fitting._fit import distance

DATA = Path(os.environ.get("UNDERSTUDY_TEST_DATA", Path(__file__).parents[3] / "../shared/data"))
MEASURED = DATA / "latency/llmperf-leaderboard/raw_data/individual"


def draws(distribution: Distribution, count: int = 2000) -> list[float]:
    random = Random(1)
    return [distribution.sample(random) for _ in range(count)]


@pytest.mark.parametrize(
    "distribution", [LogNormal(median=400, p95=1100), Gamma(mean=20, deviation=12)]
)
def test_the_distribution_that_was_drawn_from_is_found(distribution: Distribution) -> None:
    """With its parameters, within what chance leaves open."""
    fit = fit_distribution(draws(distribution))

    assert type(fit.duration) is type(distribution)
    assert fit.error < 0.03
    assert set(fit.errors) == {"log_normal", "gamma"}
    for name in distribution.__slots__:  # type: ignore[attr-defined]
        assert getattr(fit.duration, name) == pytest.approx(getattr(distribution, name), rel=0.08)


def test_what_no_curve_describes_is_kept_as_quantiles() -> None:
    """Two humps: a warm cache and a cold one."""
    samples = [*draws(Uniform(low=90, high=110)), *draws(Uniform(low=900, high=1100))]

    fit = fit_distribution(samples)

    assert isinstance(fit.duration, Empirical)
    assert len(fit.duration.samples) <= 41
    assert fit.error < 0.05 < min(fit.errors.values())


@pytest.mark.parametrize("samples", [[5.0], [1.0, 5.0, 9.0], [5.0] * 100])
def test_few_samples_or_equal_ones_give_a_number(samples: list[float]) -> None:
    """Their median."""
    fit = fit_distribution(samples)

    assert (fit.duration, fit.count) == (5.0, len(samples))
    assert fit.error == (0.0 if samples == [5.0] * len(samples) else pytest.approx(1 / 3))


def test_a_step_is_no_distance() -> None:
    """Where half of the values are the same, the quantiles have the step too."""
    fit = fit_distribution([*range(1, 21), *[10.2] * 40, *range(100, 120)])

    assert isinstance(fit.duration, Empirical)
    assert fit.error < 0.1


def test_no_samples_are_an_error() -> None:
    """Nothing is made up."""
    with pytest.raises(ValueError, match="nothing to fit"):
        fit_distribution([])


@given(st.lists(st.floats(min_value=0, max_value=1e6), min_size=1, max_size=60))
def test_any_samples_can_be_fitted_and_drawn_from(samples: list[float]) -> None:
    """Zeros and outliers too; the result is a profile that settings take."""
    fit = fit_profile([MeasuredAnswer(value, (value,)) for value in samples])

    table = tomllib.loads(fit.as_toml("mine"))["tool"]["understudy"]["profiles"]
    profile = read_profiles(table, where="x")["mine"]
    assert all(delay >= 0 for delay in islice(profile.delays(TimedCall("seed")), 5))
    assert 0 <= fit.first.error <= 1


def test_the_table_is_the_profile() -> None:
    """What is printed can be pasted."""
    fit = fit_profile([MeasuredAnswer(300.0, (20.0, 20.0)), MeasuredAnswer(400.0)])

    assert fit.as_toml("my.profile") == (
        '[tool.understudy.profiles."my.profile"]\nthink_ms = 350.0\nper_line_ms = 20.0'
    )


def test_without_gaps_further_lines_come_at_once() -> None:
    """Answers in one piece tell nothing about them."""
    fit = fit_profile([MeasuredAnswer(300.0)])

    assert fit.gaps is None
    assert fit.profile.per_line_ms == 0


def test_a_measured_profile_gives_each_call_one_answer() -> None:
    """Its gaps again and again; the same call always the same one."""
    profile = MeasuredProfile((MeasuredAnswer(100, (1, 2)), MeasuredAnswer(200, ())))

    seen = {tuple(islice(profile.delays(TimedCall(f"seed {number}")), 5)) for number in range(50)}

    assert seen == {(0.1, 0.001, 0.002, 0.001, 0.002), (0.2,)}


def test_a_measured_profile_needs_an_answer() -> None:
    """There is nothing to draw from."""
    with pytest.raises(ValueError, match="at least one"):
        MeasuredProfile(())


def test_the_distance_is_that_of_kolmogorov_and_smirnov() -> None:
    """The largest gap between the steps and the curve."""
    assert distance([0.1, 0.2, 0.9], lambda x: x) == pytest.approx(2 / 3 - 0.2)


@pytest.mark.skipif(not MEASURED.exists(), reason="measured latencies are not here")
def test_real_latencies_are_described_well() -> None:
    """Whatever the provider, the fit is as near as chance allows."""
    for path in sorted(MEASURED.glob("*.json")):
        rows = json.loads(path.read_text())
        firsts = [row["ttft_s"] * 1000 for row in rows if row.get("ttft_s")]

        fit = fit_distribution(firsts)

        assert fit.error <= max(0.06, 1.36 / sqrt(len(firsts))), path.name
