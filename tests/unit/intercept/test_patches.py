"""Attributes that are wrapped and put back, objects that get a subclass in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from understudy.intercept._patches import Patches, Subclassing

if TYPE_CHECKING:
    from collections.abc import Callable


class _Base:
    def inherited(self) -> str:
        return "inherited"


class _Library(_Base):
    def send(self) -> str:
        return "sent"


def louder(original: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda self: original(self).upper()


def test_wrapped_attribute_is_the_wrapper_until_undone() -> None:
    """The very same object stands there before and after."""
    patches = Patches()
    before = _Library.__dict__["send"]

    patches.wrap(_Library, "send", louder)
    during = _Library().send()
    patches.undo()

    assert during == "SENT"
    assert _Library.__dict__["send"] is before


def test_attribute_is_wrapped_once() -> None:
    """Wrapping what is wrapped already does nothing."""
    patches = Patches()

    patches.wrap(_Library, "send", louder)
    wrapper = _Library.__dict__["send"]
    patches.wrap(_Library, "send", louder)

    assert _Library.__dict__["send"] is wrapper
    patches.undo()


def test_patch_of_somebody_else_over_ours_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another library put over the wrapper is not ours to take away."""
    monkeypatch.setattr(_Library, "send", _Library.__dict__["send"])
    patches = Patches()
    patches.wrap(_Library, "send", louder)
    monkeypatch.setattr(_Library, "send", lambda _: "theirs")

    patches.undo()

    assert _Library().send() == "theirs"


def test_wrapper_put_over_again_is_undone_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where somebody restored the bare method meanwhile, the second wrapper goes as well."""
    monkeypatch.setattr(_Library, "send", _Library.__dict__["send"])
    patches = Patches()
    patches.wrap(_Library, "send", louder)
    monkeypatch.setattr(_Library, "send", lambda _: "theirs")

    patches.wrap(_Library, "send", louder)
    during = _Library().send()
    patches.undo()

    assert during == "THEIRS"
    assert _Library().send() == "theirs"


@pytest.mark.parametrize("name", ["inherited", "absent"])
def test_attribute_that_the_owner_lacks_cannot_be_wrapped(name: str) -> None:
    """A library of another version is an error that says so."""
    patches = Patches()

    with pytest.raises(AttributeError, match="version is not supported"):
        patches.wrap(_Library, name, louder)


def test_inherited_attribute_is_inherited_again() -> None:
    """Where asked for, a wrapper covers what a base class has, and leaves no trace."""
    patches = Patches()

    patches.wrap(_Library, "inherited", louder, inherited=True)
    during = _Library().inherited()
    patches.undo()

    assert during == "INHERITED"
    assert "inherited" not in vars(_Library)
    with pytest.raises(AttributeError):
        patches.wrap(_Library, "nobody_has_it", louder, inherited=True)


def test_what_was_taken_away_or_covered_is_not_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until it is wrapped again; with nothing wrapped, everything is."""
    monkeypatch.setattr(_Library, "send", _Library.__dict__["send"])
    patches = Patches()
    assert patches.are_in_place()

    patches.wrap(_Library, "send", louder)
    before = patches.are_in_place()
    monkeypatch.setattr(_Library, "send", lambda _: "theirs")
    between = patches.are_in_place()
    patches.wrap(_Library, "send", louder)

    assert (before, between, patches.are_in_place()) == (True, False, True)
    patches.undo()


class _Loud:
    """Says what the object says, in capitals."""

    understudy_own: Any

    def say(self) -> str:
        return str(self.understudy_own.say(self)).upper()


class _Plain:
    """Has a dictionary."""

    def say(self) -> str:
        return "open"


class _Slotted:
    """Has slots, and none to spare."""

    __slots__ = ("word",)

    def __init__(self) -> None:
        self.word = "slotted"

    def say(self) -> str:
        return self.word


@pytest.mark.parametrize("own", [_Plain, _Slotted])
def test_object_gets_the_overrides_in_place(own: type[_Plain | _Slotted]) -> None:
    """It is the same object, still an instance of its class, under the same name."""
    subject = own()

    Subclassing(_Loud).apply(subject)

    assert subject.say() == own().say().upper()
    assert isinstance(subject, own)
    assert type(subject).__qualname__ == own.__qualname__
    assert type(subject).__doc__ == own.__doc__


def test_objects_of_one_class_share_the_subclass() -> None:
    """No class is made for each object."""
    first, second = _Plain(), _Plain()
    loud = Subclassing(_Loud)

    loud.apply(first)
    loud.apply(second)

    assert type(first) is type(second)
