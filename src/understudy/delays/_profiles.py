"""Profiles by name, and those that everybody has."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ..errors import RegistrationError, UnknownNameError
from ._profile import Profile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._due_times import DelayProfile

BUILT_IN: Final = MappingProxyType(
    {
        "instant": Profile(think_ms=0, per_line_ms=0),
        "realistic_l2": Profile(think_ms=300, per_line_ms=200),
        "realistic_l3": Profile(think_ms=1500, per_line_ms=150),
        "slow": Profile(think_ms=3000, per_line_ms=500),
    }
)

#: The timing of recorded answers; whoever knows the cassettes adds it.
RECORDED: Final = "recorded"
RESERVED: Final = frozenset({*BUILT_IN, RECORDED})


@dataclass(frozen=True, slots=True)
class Profiles:
    """A frozen set of profiles; adding some makes a new one."""

    by_name: Mapping[str, DelayProfile]

    @classmethod
    def default(cls) -> Profiles:
        """Return the built-in profiles."""
        return cls(BUILT_IN)

    @property
    def names(self) -> tuple[str, ...]:
        """All names, sorted."""
        return tuple(sorted(self.by_name))

    def with_profiles(self, profiles: Mapping[str, DelayProfile]) -> Profiles:
        """Return these profiles and the given ones, which replace those of the same name.

        Raises:
            RegistrationError: a name is empty or built in, or a profile has no `delays`.
        """
        for name, profile in profiles.items():
            _check(name, profile)
        return Profiles(MappingProxyType({**self.by_name, **profiles}))

    def with_recorded(self, profile: DelayProfile) -> Profiles:
        """Return these profiles and `recorded`, which is nobody else's to define."""
        return Profiles(MappingProxyType({**self.by_name, RECORDED: profile}))

    def get(self, name: str) -> DelayProfile:
        """Return a profile.

        Raises:
            UnknownNameError: there is none of that name; lists those that exist.
        """
        profile = self.by_name.get(name)
        if profile is None:
            raise UnknownNameError(kind="delay profile", name=name, known=self.by_name)
        return profile


def _check(name: object, profile: object) -> None:
    if not isinstance(name, str) or not name:
        msg = f"a delay profile is named {name!r}; give it a name."
        raise RegistrationError(msg)
    if name in RESERVED:
        msg = f"the delay profile {name!r} is built in and cannot be changed; choose another name."
        raise RegistrationError(msg)
    if not callable(getattr(profile, "delays", None)):
        msg = f"the delay profile {name!r} is {profile!r}, which has no method delays(call)."
        raise RegistrationError(msg)
