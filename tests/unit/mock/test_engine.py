"""The seeds of calls."""

from __future__ import annotations

import pytest

from understudy.delays import TimedCall
from understudy.mock._engine import call_seed


def test_the_same_call_draws_the_same_numbers() -> None:
    """Run seed, node id and number of the call decide."""
    seed = call_seed(run_seed=7, node_id="tests/test_a.py::test_b", number=3)

    first, second = TimedCall(seed), TimedCall(seed)

    assert [first.random.random() for _ in range(3)] == [second.random.random() for _ in range(3)]


@pytest.mark.parametrize(
    ("run_seed", "node_id", "number"), [(8, "a::b", 3), (7, "a::c", 3), (7, "a::b", 4)]
)
def test_each_part_changes_the_numbers(run_seed: int, node_id: str, number: int) -> None:
    """Another run, another test or another call draws others."""
    other = call_seed(run_seed=run_seed, node_id=node_id, number=number)
    seed = call_seed(run_seed=7, node_id="a::b", number=3)

    assert TimedCall(other).random.random() != TimedCall(seed).random.random()


def test_parts_do_not_run_into_each_other() -> None:
    """A digit that moves from one part to the next is another call."""
    assert call_seed(run_seed=1, node_id="a", number=11) != call_seed(
        run_seed=11, node_id="a", number=1
    )
    assert call_seed(run_seed=1, node_id="1:a", number=1) != call_seed(
        run_seed=1, node_id="a", number=11
    )
