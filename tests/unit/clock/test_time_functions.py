"""What the functions of the `time` module are while a virtual clock runs."""

from __future__ import annotations

import datetime as dt
import time
from time import sleep as imported_sleep
from types import FunctionType
from typing import TYPE_CHECKING, Any

import pytest

from understudy.clock import RealClock, VirtualClock

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = [
    "monotonic",
    "monotonic_ns",
    "perf_counter",
    "perf_counter_ns",
    "sleep",
    "time",
    "time_ns",
]


def as_module(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """Return `call` as if it stood in the module `name`."""
    assert isinstance(call, FunctionType)
    names = {**call.__globals__, "__name__": name}
    return FunctionType(call.__code__, names, closure=call.__closure__)


def slept(name: str) -> float:
    """Return by how much the function `name` of `time` grows while 30 seconds are slept."""
    before = getattr(time, name)()
    time.sleep(30)
    return getattr(time, name)() - before  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", ["monotonic", "perf_counter", "time"])
def test_seconds_grow_by_what_was_slept(virtual: VirtualClock, name: str) -> None:
    """On every clock of the module alike."""
    assert slept(name) == pytest.approx(30, abs=1e-6)


@pytest.mark.parametrize("name", ["monotonic_ns", "perf_counter_ns", "time_ns"])
def test_nanoseconds_grow_by_what_was_slept(virtual: VirtualClock, name: str) -> None:
    """As whole numbers."""
    grown = slept(name)

    assert isinstance(grown, int)
    assert grown == pytest.approx(30e9, abs=1000)


@pytest.mark.parametrize("name", ["monotonic", "perf_counter", "time"])
def test_time_goes_on_from_the_machines(name: str) -> None:
    """What was noted before the clock ran is not in the future."""
    before = getattr(time, name)()

    with VirtualClock().running():
        during = getattr(time, name)()

    assert before - 0.001 <= during < before + 10


def test_sleeping_costs_nothing(virtual: VirtualClock, real: RealClock) -> None:
    """An hour passes at once."""
    began = real.now()

    time.sleep(3600)

    assert real.now() - began < 60


def test_a_name_that_was_imported_before_is_virtual_too(virtual: VirtualClock) -> None:
    """`from time import sleep` is the same sleep."""
    before = virtual.now()

    imported_sleep(5)

    assert virtual.now() - before == 5


def test_the_date_stays_real(virtual: VirtualClock) -> None:
    """What is written down is when it really happened."""
    time.sleep(86400)

    assert dt.datetime.now(dt.UTC).timestamp() < time.time() - 80000


@pytest.mark.parametrize("name", [name for name in NAMES if name != "sleep"])
def test_infrastructure_is_told_the_real_time(virtual: VirtualClock, name: str) -> None:
    """Drivers give up on the machine's time."""

    def ask() -> Any:
        return getattr(time, name)()

    time.sleep(3600)

    assert as_module("psycopg.pool", ask)() < ask()


def test_infrastructure_really_sleeps(virtual: VirtualClock, real: RealClock) -> None:
    """A poll for a process that is about to end waits for it."""
    before, began = virtual.now(), real.now()

    as_module("subprocess", lambda: time.sleep(0.01))()

    assert virtual.now() == before
    assert real.now() - began >= 0.01


@pytest.mark.parametrize("wrong", [-1, float("nan"), float("inf"), 1e30, "1", None])
def test_what_no_sleep_takes_is_refused_as_ever(virtual: VirtualClock, wrong: Any) -> None:
    """The error is that of the real function."""
    with pytest.raises((ValueError, TypeError, OverflowError)):
        time.sleep(wrong)


def test_a_whole_number_of_another_type_is_slept(virtual: VirtualClock) -> None:
    """`time.sleep` takes whatever is an integer."""

    class Three:
        def __index__(self) -> int:
            return 3

    before = virtual.now()

    time.sleep(Three())

    assert virtual.now() - before == 3


def test_a_function_in_a_class_is_not_bound(virtual: VirtualClock) -> None:
    """`timer = time.monotonic` in a class body is common; builtins are never bound."""

    class Limiter:
        timer = time.monotonic

    assert Limiter().timer() == virtual.now()  # type: ignore[misc]


def test_the_module_has_its_own_functions_again_afterwards() -> None:
    """By identity."""
    before = [getattr(time, name) for name in NAMES]

    with VirtualClock().running():
        during = [getattr(time, name) for name in NAMES]

    assert [getattr(time, name) for name in NAMES] == before
    assert not set(map(id, before)) & set(map(id, during))


@pytest.mark.parametrize("name", [name for name in NAMES if name != "sleep"])
def test_a_function_that_was_kept_is_real_afterwards(name: str) -> None:
    """Somebody may hold one in a default argument."""
    with VirtualClock().running():
        time.sleep(3600)
        kept = getattr(time, name)

    assert kept() <= getattr(time, name)()


def test_a_sleep_that_was_kept_is_real_afterwards(real: RealClock) -> None:
    """It would do nothing otherwise."""
    with VirtualClock().running():
        kept = time.sleep
    began = real.now()

    kept(0.01)

    assert real.now() - began >= 0.01
