"""Tells whether a test uses anything of ours. PYTEST_DONT_REWRITE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pytest

#: Who asks for one of these needs its calls recorded.
_RECORDED: Final = frozenset(
    {
        "llm_benchmark",
        "llm_budget",
        "llm_calls",
        "llm_estimate",
        "llm_events",
        "llm_router",
        "llm_telemetry",
    }
)
_OTHERS: Final = frozenset(
    {"llm_api", "llm_cassette", "llm_clock", "llm_faults", "llm_router_contract"}
)
_MOCKS: Final = ("mock_llm", "llm_mock")
_WIDE_MOCKS: Final = ("class_mock_llm", "module_mock_llm", "package_mock_llm", "session_mock_llm")
_ALL_MOCKS: Final = frozenset({*_MOCKS, *_WIDE_MOCKS})
_OUR_FIXTURES: Final = f"{__package__}._fixtures"


def is_asked(item: pytest.Item, names: frozenset[str]) -> bool:
    """Tell whether a test has one of these markers or fixtures; no name at all is every test."""
    if not names:
        return True
    fixtures = getattr(item, "fixturenames", ())
    return not names.isdisjoint(fixtures) or any(_has(item, name) for name in names)


def uses_us(item: pytest.Item) -> bool:
    """Tell whether a test needs its calls recorded, telemetry on or off."""
    return is_asked(item, _RECORDED)


def ignores_calls(item: pytest.Item) -> bool:
    """Tell whether a test wants none of its calls recorded."""
    return _has(item, "llm_ignore")


def needs_session(item: pytest.Item) -> bool:
    """Tell whether a test needs anything of ours."""
    return uses_us(item) or uses_mock(item) or is_asked(item, _OTHERS)


def uses_mock(item: pytest.Item) -> bool:
    """Tell whether a mock answers the calls of a test, by a marker or a fixture of ours."""
    if _has(item, "llm_scenario"):
        return True
    names = getattr(item, "fixturenames", ())
    return not _ALL_MOCKS.isdisjoint(names) and any(_is_ours(item, name) for name in _ALL_MOCKS)


def names_our_mock(item: pytest.Item) -> bool:
    """Tell whether a test asks for the mock of its own by name."""
    return any(_is_ours(item, name) for name in _MOCKS)


def hides_our_mock(item: pytest.Item) -> bool:
    """Tell whether a `mock_llm` that a test asks for is the suite's own."""
    return "mock_llm" in getattr(item, "fixturenames", ()) and not _is_ours(item, "mock_llm")


def _has(item: pytest.Item, marker: str) -> bool:
    """Tell whether a test has a marker; names of parameters are keywords too."""
    return marker in item.keywords and item.get_closest_marker(marker) is not None


def _is_ours(item: pytest.Item, name: str) -> bool:
    """Tell whether a fixture that a test asks for is ours, or one of theirs that asks for ours."""
    if name not in getattr(item, "fixturenames", ()):
        return False
    info: Any = getattr(item, "_fixtureinfo", None)
    for definition in reversed(info.name2fixturedefs.get(name, ()) if info else ()):
        if definition.func.__module__ == _OUR_FIXTURES:
            return True
        if name not in definition.argnames:
            return False
    return False
