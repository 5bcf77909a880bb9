"""Names in markers."""

from __future__ import annotations

import pytest

from understudy.pytest_plugin.markers._mocks import named_by, profile_of
from understudy.settings import Settings


@pytest.fixture(autouse=True)
def _no_other_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def item_of(pytester: pytest.Pytester, *marks: str, module: str = "") -> pytest.Item:
    """Return a test with these marks."""
    lines = ["import pytest", f"pytestmark = [{module}]"]
    lines += [f"@pytest.mark.{mark}" for mark in marks]
    return pytester.getitem("\n".join([*lines, "def test_func(): pass"]))


def test_no_marker_no_name(pytester: pytest.Pytester) -> None:
    """None is none."""
    assert named_by("llm_scenario", item_of(pytester)) is None


@pytest.mark.parametrize("mark", ["llm_scenario('a')", "llm_scenario(name='a')"])
def test_the_nearest_marker_counts(pytester: pytest.Pytester, mark: str) -> None:
    """By position or by name."""
    item = item_of(pytester, mark, module="pytest.mark.llm_scenario('b')")

    assert named_by("llm_scenario", item) == "a"


@pytest.mark.parametrize(
    "mark",
    [
        "llm_scenario",
        "llm_scenario()",
        "llm_scenario('')",
        "llm_scenario(7)",
        "llm_scenario('a', 'b')",
        "llm_scenario('a', profile='slow')",
        "llm_scenario(scenario='a')",
    ],
)
def test_anything_but_one_name_is_refused(pytester: pytest.Pytester, mark: str) -> None:
    """The message says what to write."""
    with pytest.raises(pytest.UsageError, match="llm_scenario takes one name"):
        named_by("llm_scenario", item_of(pytester, mark))


def test_two_on_one_test_contradict_each_other(pytester: pytest.Pytester) -> None:
    """Both are named."""
    item = item_of(pytester, "llm_scenario('a')", "llm_scenario('b')")

    with pytest.raises(pytest.UsageError, match=r"twice \(b, a\)"):
        named_by("llm_scenario", item)


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
    pytester: pytest.Pytester, source: str, expected: str
) -> None:
    """And behind the command line and the environment."""
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
