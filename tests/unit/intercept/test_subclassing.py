"""Objects that get a subclass of their own class in place."""

from __future__ import annotations

from typing import Any

import pytest

from understudy.intercept._subclassing import Subclassing


class _Loud:
    """Says what the object says, in capitals."""

    understudy_own: Any

    def say(self) -> str:
        return str(self.understudy_own.say(self)).upper()


class _Open:
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


@pytest.mark.parametrize("own", [_Open, _Slotted])
def test_object_gets_the_overrides_in_place(own: type[_Open | _Slotted]) -> None:
    """It is the same object, still an instance of its class, under the same name."""
    subject = own()

    Subclassing(_Loud).apply(subject)

    assert subject.say() == own().say().upper()
    assert isinstance(subject, own)
    assert type(subject).__qualname__ == own.__qualname__
    assert type(subject).__doc__ == own.__doc__


def test_objects_of_one_class_share_the_subclass() -> None:
    """No class is made for each object."""
    first, second = _Open(), _Open()
    loud = Subclassing(_Loud)

    loud.apply(first)
    loud.apply(second)

    assert type(first) is type(second)
