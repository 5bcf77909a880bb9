"""Attributes that are replaced for a while."""

from __future__ import annotations

from understudy.clock._patches import Patches


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
