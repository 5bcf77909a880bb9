"""Profiles by name."""

from __future__ import annotations

from typing import Any

import pytest

from understudy.delays import Profile, Profiles
from understudy.errors import RegistrationError, UnknownNameError

QUICK = Profile(think_ms=80, per_line_ms=5)


def test_the_default_ones_are_the_built_in_ones() -> None:
    """Four, sorted."""
    assert Profiles.default().names == ("instant", "realistic_l2", "realistic_l3", "slow")


def test_an_added_profile_is_found() -> None:
    """The set that it was added to stays as it was."""
    default = Profiles.default()

    more = default.with_profiles({"quick": QUICK})

    assert more.get("quick") is QUICK
    assert "quick" not in default.names


def test_the_last_of_a_name_wins() -> None:
    """The settings go over what plugins register."""
    profiles = Profiles.default().with_profiles({"quick": Profile(think_ms=1, per_line_ms=1)})

    assert profiles.with_profiles({"quick": QUICK}).get("quick") is QUICK


def test_an_unknown_name_lists_what_exists() -> None:
    """The nearest one is named first."""
    with pytest.raises(UnknownNameError) as caught:
        Profiles.default().get("realistic_l4")

    assert str(caught.value).startswith("unknown delay profile 'realistic_l4'. Did you mean")
    assert str(caught.value).endswith("Known: instant, realistic_l2, realistic_l3, slow.")


@pytest.mark.parametrize("name", ["instant", "slow", "recorded"])
def test_a_built_in_profile_cannot_be_replaced(name: str) -> None:
    """Its name stands in events, and means one thing."""
    with pytest.raises(RegistrationError, match=f"'{name}' is built in"):
        Profiles.default().with_profiles({name: QUICK})


@pytest.mark.parametrize("name", ["", None, 3])
def test_a_profile_has_a_name(name: Any) -> None:
    """Any other name is refused."""
    with pytest.raises(RegistrationError, match="give it a name"):
        Profiles.default().with_profiles({name: QUICK})


def test_a_profile_has_delays() -> None:
    """What yields no delays is refused when it is registered, not when it is used."""
    with pytest.raises(
        RegistrationError, match=r"'quick' is 80, which has no method delays\(call\)"
    ):
        Profiles.default().with_profiles({"quick": 80})  # type: ignore[dict-item]
