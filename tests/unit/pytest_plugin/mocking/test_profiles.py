"""Which delay profile a test has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from understudy.delays import Profiles
from understudy.errors import CassetteError
from understudy.pytest_plugin.mocking._profiles import check_profile, profile_of
from understudy.pytest_plugin.mocking._recorded import RecordedProfile, cassettes_below
from understudy.settings import Settings
from understudy.wire import WireApis

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("command line", "slow"),
        ("UNDERSTUDY_PROFILE", "slow"),
        ("configuration", "realistic_l2"),
        ("default", "realistic_l2"),
    ],
)
def test_a_marker_stands_before_the_configuration(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, source: str, expected: str
) -> None:
    """And behind the command line and the environment."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    item = pytester.getitem("""
        import pytest

        @pytest.mark.llm_profile("realistic_l2")
        def test_func(): pass
    """)
    settings = Settings(profile="slow", sources={"profile": source})

    assert profile_of(item, settings) == expected


def test_outside_of_tests_there_are_no_markers() -> None:
    """The setting counts, or the default."""
    assert profile_of(None, Settings(profile="slow")) == "slow"
    assert profile_of(None, Settings()) == "instant"


def test_recorded_needs_a_cassette(tmp_path: Path) -> None:
    """What is missing is said before any test runs."""
    recorded = RecordedProfile(tmp_path, WireApis.default())
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
