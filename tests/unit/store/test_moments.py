"""Sums over latencies."""

from __future__ import annotations

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.store._moments import Moments, pack, pack_short, unpack, unpack_short

_LATENCIES = st.lists(st.floats(0, 1e8), min_size=1, max_size=50)


@given(first=_LATENCIES, second=_LATENCIES)
def test_sums_of_parts_are_the_sums_of_all(first: list[float], second: list[float]) -> None:
    """Days add up to months."""
    joined = Moments.of(first)
    joined.absorb(Moments.of(second))

    whole = Moments.of(first + second)
    assert joined.count == whole.count
    assert joined.histogram == whole.histogram
    assert (joined.lowest, joined.highest) == (whole.lowest, whole.highest)
    assert joined.total == pytest.approx(whole.total)


@given(values=_LATENCIES)
def test_moments_come_back_from_the_database(values: list[float]) -> None:
    """As they were written."""
    moments = Moments.of(values)

    assert Moments.from_row(moments.row()) == moments


@given(values=st.lists(st.floats(0.1, 1e6), min_size=1, max_size=200))
def test_quantiles_are_within_five_percent_of_the_true_ones(values: list[float]) -> None:
    """Of the value with that rank."""
    latency = Moments.of(values).latency()

    assert latency is not None
    ranked = sorted(values)
    for found, share in ((latency.p50_ms, 0.5), (latency.p95_ms, 0.95)):
        assert found == pytest.approx(ranked[math.ceil(share * len(ranked)) - 1], rel=0.05)


@given(values=_LATENCIES)
def test_figures_for_people_are_those_of_the_textbook(values: list[float]) -> None:
    """Mean, deviation of the population, range."""
    latency = Moments.of(values).latency()

    assert latency is not None
    assert latency.count == len(values)
    assert latency.mean_ms == pytest.approx(statistics.fmean(values))
    assert latency.deviation_ms == pytest.approx(
        statistics.pstdev(values), rel=1e-6, abs=1e-6 * max(values) + 1e-9
    )
    assert (latency.min_ms, latency.max_ms) == (min(values), max(values))


def test_nothing_has_no_latency() -> None:
    """And comes back from the database as nothing."""
    assert Moments().latency() is None
    assert Moments.from_row(Moments().row()) == Moments()


def test_a_packed_histogram_starts_at_its_first_bucket() -> None:
    """One byte for its number, then four for each bucket."""
    packed = pack(7 << (32 * 100) | 9 << (32 * 102))

    assert packed == bytes([100]) + b"".join(count.to_bytes(4, "little") for count in (7, 0, 9))
    assert unpack(packed) == 7 << (32 * 100) | 9 << (32 * 102)


def test_an_endless_latency_has_a_bucket_too() -> None:
    """The last one takes all that is longer than five days."""
    latency = Moments.of([1e300, 1e300]).latency()

    assert latency is not None
    assert latency.p50_ms == 1e300


@given(st.dictionaries(st.integers(0, 255), st.integers(1, 2**32 - 1)))
def test_a_short_histogram_holds_the_same(counts: dict[int, int]) -> None:
    """Small counts take a byte each."""
    histogram = sum(count << (32 * bucket) for bucket, count in counts.items())

    assert unpack_short(pack_short(histogram)) == histogram
    assert len(pack_short(histogram)) <= 1 + 5 * len(range(min(counts, default=0), 256))
