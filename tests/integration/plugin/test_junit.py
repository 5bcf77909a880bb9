"""Each test's figures in JUnit files."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from tests.support.suite import each_way

if TYPE_CHECKING:
    from tests.support.suite import Suite


def properties(suite: Suite, *options: str, telemetry: bool = True) -> dict[str, dict[str, str]]:
    """Run with a JUnit file; return the properties of each test."""
    suite.run("--junitxml=junit.xml", *options, telemetry=telemetry)
    tests = ET.parse(suite.path / "junit.xml").iter("testcase")
    return {
        test.attrib["name"]: {p.attrib["name"]: p.attrib["value"] for p in test.iter("property")}
        for test in tests
    }


@each_way
def test_figures_are_properties(suite: Suite, workers: tuple[str, ...]) -> None:
    """Calls, attempts, errors, tokens, cost and times; none without a call."""
    suite.write("""
        from ask import ask

        def test_two():
            ask()
            ask()

        def test_failing():
            ask("gpt-4o-mini.status-500")

        def test_none():
            pass
    """)

    found = properties(suite, *workers)

    assert found["test_none"] == {}
    for of_test in found.values():
        for name in ("llm.ttfc_ms", "llm.duration_ms"):
            assert float(of_test.pop(name, 1)) > 0
    assert found["test_two"] == {
        "llm.calls": "2",
        "llm.attempts": "2",
        "llm.errors": "0",
        "llm.input_tokens": "22",
        "llm.output_tokens": "8",
        "llm.cost_usd": "0.000008",
    }
    assert found["test_failing"] == {
        "llm.calls": "1",
        "llm.attempts": "1",
        "llm.errors": "1",
        "llm.cost_usd": "0.000000",
    }


def test_an_unknown_price_is_no_zero(suite: Suite) -> None:
    """The property is left out."""
    suite.write("""
        from ask import ask

        def test_it():
            ask("house-model")
    """)

    found = properties(suite)

    assert "llm.cost_usd" not in found["test_it"]
    assert found["test_it"]["llm.input_tokens"] == "11"


def test_a_watched_test_has_its_figures_without_telemetry(suite: Suite) -> None:
    """The fixture is enough."""
    suite.write("""
        from ask import ask

        def test_watched(llm_calls):
            ask()

        def test_other():
            ask()
    """)

    found = properties(suite, telemetry=False)

    assert found["test_watched"]["llm.calls"] == "1"
    assert found["test_other"] == {}


def test_the_price_list_is_loaded_only_for_a_file(suite: Suite) -> None:
    """Workers price nothing unless somebody asks."""
    suite.write("""
        import sys
        from ask import ask

        def test_first():
            ask()

        def test_second():
            assert "genai_prices" not in sys.modules
    """)

    suite.run("-n1").assert_outcomes(passed=2)
