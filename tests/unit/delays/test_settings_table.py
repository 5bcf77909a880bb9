"""The table `[tool.understudy.profiles]`."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.delays import (
    Empirical,
    Gamma,
    Load,
    LogNormal,
    Normal,
    Profile,
    Uniform,
    read_profiles,
)
from understudy.errors import SettingsError, UnknownNameError

FILE = "pyproject.toml"
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def read(toml: str) -> dict[str, Profile]:
    """Read a table as it stands in a file."""
    return read_profiles(tomllib.loads(toml), where=FILE)


def error_of(toml: str) -> str:
    """Return the message of a wrong table."""
    with pytest.raises(SettingsError) as caught:
        read(toml)
    return str(caught.value)


def test_numbers_are_constants() -> None:
    """Milliseconds."""
    assert read("quick = {think_ms = 80, per_line_ms = 4.5}") == {
        "quick": Profile(think_ms=80, per_line_ms=4.5)
    }


@pytest.mark.parametrize(
    ("written", "distribution"),
    [
        ('"uniform", low = 1, high = 2', Uniform(low=1, high=2)),
        ('"normal", mean = 3, deviation = 1', Normal(mean=3, deviation=1)),
        ('"log_normal", median = 3, p95 = 9', LogNormal(median=3, p95=9)),
        ('"gamma", mean = 3, deviation = 1', Gamma(mean=3, deviation=1)),
        ('"empirical", samples = [4, 2, 9.5]', Empirical(samples=[2, 4, 9.5])),
    ],
)
def test_tables_are_distributions(written: str, distribution: Any) -> None:
    """Under the names that the reference lists."""
    profiles = read(f"own = {{think_ms = {{distribution = {written}}}, per_line_ms = 0}}")

    assert profiles["own"].think_ms == distribution


def test_jitter_and_load() -> None:
    """Both are optional."""
    profiles = read("""
        [busy]
        think_ms = 1
        per_line_ms = 1
        jitter = 0.2
        load = {per_call = 0.1, free = 4, limit = 3}
    """)

    assert profiles["busy"].jitter == 0.2
    assert profiles["busy"].load == Load(per_call=0.1, free=4, limit=3)


def test_no_table_is_no_profile() -> None:
    """An empty table adds nothing."""
    assert read("") == {}


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("quick = 3", "'quick' is 3; write a table, as in {think_ms = 400, per_line_ms = 20}."),
        (
            "quick = {think_ms = 3}",
            "'quick': 'per_line_ms' is missing. Keys: think_ms, per_line_ms, jitter, load.",
        ),
        (
            "quick = {think_ms = -3, per_line_ms = 1}",
            "'quick': think_ms is -3; give a number from 0 to 86400000.",
        ),
        (
            "quick = {think_ms = nan, per_line_ms = 1}",
            "'quick': think_ms is nan; give a number from 0 to 86400000.",
        ),
        (
            "quick = {think_ms = 1, per_line_ms = inf}",
            "'quick': per_line_ms is inf; give a number from 0 to 86400000.",
        ),
        (
            "quick = {think_ms = {low = 1, high = 2}, per_line_ms = 1}",
            (
                "'quick' think_ms: 'distribution' is missing; give a number, or one of empirical,"
                " gamma, log_normal, normal, uniform."
            ),
        ),
        (
            'quick = {think_ms = {distribution = "uniform", low = 4, high = 2}, per_line_ms = 1}',
            "'quick' think_ms: high is 2; give a number from 4 to 86400000.",
        ),
        (
            'quick = {think_ms = {distribution = "empirical", samples = []}, per_line_ms = 1}',
            "'quick' think_ms: samples is []; give a list of at least one number.",
        ),
        (
            "quick = {think_ms = 1, per_line_ms = 1, load = 2}",
            "'quick' load is 2; write a table, as in {per_call = 0.1}.",
        ),
        (
            "quick = {think_ms = 1, per_line_ms = 1, load = {per_call = 1, limit = 0}}",
            "'quick' load: limit is 0; give a number from 1 to 86400000.",
        ),
        ("slow = {think_ms = 1}", "'slow': the name is taken; choose another one."),
        ("recorded = {think_ms = 1}", "'recorded': the name is taken; choose another one."),
    ],
)
def test_a_wrong_table_names_file_profile_and_key(toml: str, message: str) -> None:
    """And says what to write."""
    assert error_of(toml) == f"{FILE}: [tool.understudy.profiles] {message}"


@pytest.mark.parametrize(
    ("toml", "place", "name", "nearest"),
    [
        ("quick = {think = 1, per_line_ms = 1}", "'quick'", "think", "think_ms"),
        (
            'quick = {think_ms = {distribution = "lognormal"}, per_line_ms = 1}',
            "'quick' think_ms",
            "lognormal",
            "log_normal",
        ),
        (
            'quick = {think_ms = {distribution = "gamma", meen = 1}, per_line_ms = 1}',
            "'quick' think_ms",
            "meen",
            "mean",
        ),
        (
            "quick = {think_ms = 1, per_line_ms = 1, load = {per_cal = 1}}",
            "'quick' load",
            "per_cal",
            "per_call",
        ),
    ],
)
def test_an_unknown_key_names_the_nearest(toml: str, place: str, name: str, nearest: str) -> None:
    """Nothing is passed over in silence."""
    with pytest.raises(UnknownNameError) as caught:
        read(toml)

    assert caught.value.name == name
    assert f"in {FILE}: [tool.understudy.profiles] {place}." in str(caught.value)
    assert f"Did you mean {nearest!r}?" in str(caught.value)


def test_profiles_is_a_table() -> None:
    """A list is not."""
    with pytest.raises(SettingsError, match=r"\[tool.understudy.profiles\] is \[\]; write a table"):
        read_profiles([], where=FILE)


def outcome_of(table: Any) -> str:
    """Return the message of a refused table, or how many profiles it holds."""
    try:
        return f"{len(read_profiles(table, where=FILE))} profiles"
    except SettingsError as error:
        return str(error)


@given(table=VALUES)
def test_anything_gives_profiles_or_a_clear_error(table: Any) -> None:
    """Nothing but a SettingsError leaves the reader."""
    told = outcome_of(table)

    assert told.endswith("profiles") or FILE in told


@given(
    entry=st.fixed_dictionaries(
        {"think_ms": VALUES, "per_line_ms": VALUES},
        optional={"jitter": VALUES, "load": st.fixed_dictionaries({"per_call": VALUES}) | VALUES},
    )
)
def test_any_values_give_a_profile_or_a_clear_error(entry: Any) -> None:
    """Under the right keys too."""
    told = outcome_of({"own": entry})

    assert told == "1 profiles" or "'own'" in told
