"""Attributes and names that are replaced for a while."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from understudy.clock._callers import RealTimeCallers
from understudy.clock._patches import Captures, Patches

if TYPE_CHECKING:
    from collections.abc import Callable


class Base:
    """Something that others inherit from."""

    @classmethod
    def make(cls) -> str:
        """Be patched."""
        return "made"


class Thing(Base):
    """Something to patch."""

    def say(self) -> str:
        """Be patched."""
        return "said"


def test_what_was_there_is_put_back() -> None:
    """By identity, and the last one first."""
    patches, original = Patches(), vars(Thing)["say"]
    patches.replace(Thing, "say", lambda _: "first")
    patches.replace(Thing, "say", lambda _: "second")

    patches.undo()

    assert vars(Thing)["say"] is original


def test_what_was_inherited_is_inherited_again() -> None:
    """The class that is patched had no attribute of that name."""
    patches = Patches()
    patches.replace(Thing, "make", classmethod(lambda _: "patched"))

    patches.undo()

    assert "make" not in vars(Thing)


def test_wrapping_starts_from_what_is_there() -> None:
    """Others may have wrapped it before."""
    patches = Patches()
    patches.wrap(Thing, "say", lambda say: lambda self: say(self) + " again")

    said = Thing().say()
    patches.undo()

    assert said == "said again"


def test_what_somebody_replaced_since_is_his() -> None:
    """To put the original back would undo his patch."""
    patches, theirs = Patches(), lambda _: "theirs"
    patches.replace(Thing, "hook", lambda _: "ours")
    Thing.hook = theirs  # type: ignore[attr-defined]

    patches.undo()

    assert vars(Thing)["hook"] is theirs
    del Thing.hook  # type: ignore[attr-defined]


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
