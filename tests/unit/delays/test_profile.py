"""Think time and delays."""

from __future__ import annotations

from itertools import islice
from statistics import mean, stdev

import pytest

from understudy.delays import DelayProfile, Load, Profile, Profiles, TimedCall, Uniform


def first_delays(profile: DelayProfile, count: int, call: TimedCall | None = None) -> list[float]:
    """Return the first delays in seconds."""
    return list(islice(profile.delays(call or TimedCall()), count))


@pytest.mark.parametrize(
    ("name", "think", "per_line"),
    [
        ("instant", 0, 0),
        ("realistic_l2", 0.3, 0.2),
        ("realistic_l3", 1.5, 0.15),
        ("slow", 3, 0.5),
    ],
)
def test_the_built_in_profiles(name: str, think: float, per_line: float) -> None:
    """Think time, then the same delay for each line, without randomness."""
    profile = Profiles.default().get(name)

    assert first_delays(profile, 4, TimedCall("x")) == [think, per_line, per_line, per_line]
    assert first_delays(profile, 4, TimedCall("y")) == [think, per_line, per_line, per_line]


def test_distributed_delays_are_in_seconds() -> None:
    """Profiles are written in milliseconds, delays are in seconds."""
    profile = Profile(think_ms=Uniform(low=100, high=200), per_line_ms=Uniform(low=10, high=20))

    think, *lines = first_delays(profile, 50)

    assert 0.1 <= think <= 0.2
    assert all(0.01 <= line <= 0.02 for line in lines)


def test_the_seed_decides() -> None:
    """The same seed gives the same delays, another one others."""
    profile = Profile(think_ms=Uniform(low=0, high=900), per_line_ms=Uniform(low=0, high=90))

    first, again, other = (first_delays(profile, 5, TimedCall(seed)) for seed in "xxy")

    assert first == again
    assert first != other


def test_jitter_keeps_the_mean() -> None:
    """The random factor has the mean 1 and the deviation asked for."""
    profile = Profile(think_ms=100, per_line_ms=100, jitter=0.3)

    delays = first_delays(profile, 4000)

    assert mean(delays) == pytest.approx(0.1, rel=0.02)
    assert stdev(delays) == pytest.approx(0.03, rel=0.1)
    assert min(delays) > 0


def test_load_is_asked_at_each_delay() -> None:
    """An answer slows down when other calls begin while it streams."""
    in_flight = iter([1, 1, 3])
    profile = Profile(think_ms=1000, per_line_ms=100, load=Load(per_call=0.5))

    delays = first_delays(profile, 3, TimedCall(in_flight=lambda: next(in_flight)))

    assert delays == [1.0, 0.1, 0.2]


def test_no_delay_is_longer_than_a_day() -> None:
    """A wide distribution under load cannot stop the clock."""
    profile = Profile(think_ms=86_400_000, per_line_ms=0, load=Load(per_call=9))

    assert first_delays(profile, 1, TimedCall(in_flight=lambda: 9)) == [86_400]


@pytest.mark.parametrize("wrong", [-1, float("nan"), float("inf"), 86_400_001, True, "300", None])
@pytest.mark.parametrize("key", ["think_ms", "per_line_ms"])
def test_a_wrong_duration_is_refused(key: str, wrong: object) -> None:
    """Negative, endless and undefined delays are no delays."""
    keys = {"think_ms": 0, "per_line_ms": 0, key: wrong}

    with pytest.raises(ValueError, match=f"^{key} is .*; give a number from 0 to 86400000$"):
        Profile(**keys)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [-0.1, float("nan"), 11])
def test_a_wrong_jitter_is_refused(wrong: float) -> None:
    """Jitter is a part of the delay."""
    with pytest.raises(ValueError, match=r"^jitter is .*; give a number from 0 to 10$"):
        Profile(think_ms=0, per_line_ms=0, jitter=wrong)


@pytest.mark.parametrize(("in_flight", "factor"), [(0, 1), (1, 1), (4, 1), (5, 1.25), (8, 2)])
def test_each_call_beyond_the_free_ones_adds_its_part(in_flight: int, factor: float) -> None:
    """The free ones cost nothing."""
    assert Load(per_call=0.25, free=4).factor(in_flight) == factor


def test_the_factor_stops_at_its_limit() -> None:
    """A provider scales out at some point."""
    assert Load(per_call=1, limit=3).factor(50) == 3


@pytest.mark.parametrize(
    "keys", [{"per_call": -0.1}, {"per_call": 1, "free": -1}, {"per_call": 1, "limit": 0.5}]
)
def test_a_load_that_makes_no_sense_is_refused(keys: dict[str, float]) -> None:
    """Load never makes an answer faster."""
    with pytest.raises(ValueError, match=next(reversed(keys))):
        Load(**keys)  # type: ignore[arg-type]
