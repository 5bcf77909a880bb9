"""Names in markers."""

from __future__ import annotations

import pytest

from understudy.pytest_plugin.mocking._names import named_by


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
