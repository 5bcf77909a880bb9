"""Names that modules hold of functions that are replaced."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from understudy.clock._callers import RealTimeCallers
from understudy.clock._captures import Captures

if TYPE_CHECKING:
    from collections.abc import Callable


class Functions:
    """Out of reach for what looks through the names of modules."""

    @staticmethod
    def original() -> str:
        """Stand for a function of the machine."""
        return "original"

    @staticmethod
    def replacement() -> str:
        """Stand for a function of a clock."""
        return "replacement"


@pytest.fixture
def captures() -> Captures:
    return Captures([(Functions.original, Functions.replacement)], RealTimeCallers(["real_app"]))


@pytest.fixture
def make_module(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Put a module with some names among the imported ones."""

    def make(name: str, **names: object) -> ModuleType:
        module = ModuleType(name)
        vars(module).update(names)
        monkeypatch.setitem(sys.modules, name, module)
        return module

    return make


def test_a_name_is_replaced_and_restored(
    captures: Captures, make_module: Callable[..., Any]
) -> None:
    """Whatever the module calls it."""
    module = make_module("some_app", nap=Functions.original)

    captures.replace()
    during = module.nap
    captures.restore()

    assert (during, module.nap) == (Functions.replacement, Functions.original)


def test_a_known_name_is_replaced_again(
    captures: Captures, make_module: Callable[..., Any]
) -> None:
    """Modules are looked at once, and served every time."""
    module = make_module("some_app", nap=Functions.original)
    captures.replace()
    captures.restore()

    captures.replace()

    assert module.nap is Functions.replacement


def test_a_module_that_was_imported_meanwhile_is_given_the_original(
    captures: Captures, make_module: Callable[..., Any]
) -> None:
    """It took the replacement for the real one."""
    captures.replace()
    module = make_module("late_app", nap=Functions.replacement)

    captures.restore()

    assert module.nap is Functions.original


def test_real_time_callers_keep_their_names(
    captures: Captures, make_module: Callable[..., Any]
) -> None:
    """They imported the machine's function on purpose."""
    module = make_module("real_app", nap=Functions.original)

    captures.replace()

    assert module.nap is Functions.original


def test_a_name_that_the_application_changed_since_is_its_own(
    captures: Captures, make_module: Callable[..., Any]
) -> None:
    """A monkeypatch inside the test outlives it if the application wants so."""
    module = make_module("some_app", nap=Functions.original)
    captures.replace()
    module.nap = "its own"

    captures.restore()

    assert module.nap == "its own"


def test_a_module_that_loads_lazily_is_not_woken(
    captures: Captures, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking for names must not import anything."""

    class Lazy(ModuleType):
        def __getattribute__(self, name: str) -> Any:
            raise AssertionError(name)

    monkeypatch.setitem(sys.modules, "lazy_app", Lazy("lazy_app"))

    captures.replace()


@pytest.mark.parametrize("stranger", [None, object(), 3])
def test_what_is_no_module_is_passed_by(
    captures: Captures, monkeypatch: pytest.MonkeyPatch, stranger: object
) -> None:
    """`sys.modules` holds whatever somebody put there."""
    monkeypatch.setitem(sys.modules, "strange_app", stranger)

    captures.replace()
    captures.restore()
