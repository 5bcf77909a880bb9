"""What the mocks of a run may play."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from understudy.delays import Profiles
from understudy.errors import CassetteError
from understudy.providers import default_apis
from understudy.pytest_plugin._context import (
    RecordedProfile,
    cassettes_below,
    check_profile,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_recorded_needs_a_cassette(tmp_path: Path) -> None:
    """What is missing is said before any test runs."""
    recorded = RecordedProfile(tmp_path, default_apis)
    profiles = Profiles.default().with_recorded(recorded)

    with pytest.raises(CassetteError, match=r"'recorded' finds no cassette\. Record one"):
        check_profile("recorded", profiles)


def test_cassettes_are_those_in_folders_of_that_name(tmp_path: Path) -> None:
    """At any depth, sorted; not those of installed packages."""
    for name in ("a/cassettes/t/x.yaml", "cassettes/y.json", "b/z.yaml", "venv/cassettes/v.yaml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.touch()

    found = [path.relative_to(tmp_path).as_posix() for path in cassettes_below(tmp_path)]

    assert found == ["a/cassettes/t/x.yaml", "cassettes/y.json"]
