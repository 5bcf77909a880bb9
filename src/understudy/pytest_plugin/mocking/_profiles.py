"""Which delay profile a test has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ._names import named_by
from ._recorded import RecordedProfile

if TYPE_CHECKING:
    import pytest

    from ...delays import Profiles
    from ...settings import Settings

_INSTANT: Final = "instant"


def profile_of(item: pytest.Item | None, settings: Settings) -> str:
    """Return the name that counts: option, environment, marker, setting, default.

    Raises:
        pytest.UsageError: the marker is called wrongly.
    """
    name = settings.profile
    if item is not None and not settings.outranks_marker("profile"):
        name = named_by("llm_profile", item) or name
    return name or _INSTANT


def check_profile(name: str, profiles: Profiles) -> None:
    """Refuse a name that no profile has, and `recorded` where nothing was.

    Raises:
        UnknownNameError: says which profiles exist.
        CassetteError: no cassette holds the timing of an answer, or one cannot be read.
    """
    profile = profiles.get(name)
    if isinstance(profile, RecordedProfile):
        profile.measured  # noqa: B018 - it is read now, before any test runs
