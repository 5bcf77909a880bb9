"""The line of pytest's header."""

from __future__ import annotations

from decimal import Decimal

import pytest

from understudy.options import OPTIONS
from understudy.pytest_plugin._options import settled_switches
from understudy.pytest_plugin._settings import header
from understudy.settings import Settings

SOURCES = {option.name: "default" for option in OPTIONS}


def test_each_option_given_has_its_value_and_its_place() -> None:
    """In words, without a password or a key, on one line."""
    settings = Settings(
        telemetry=True,
        store="postgresql://me:secret@host/db",
        budget=Decimal("0.50"),
        faults=("rate_limit", "reset"),
        reason="sk-ant-api03-Ab3dEf6hIj9kLm2nOp5q\n\x1b[31mis new",
        sources={
            **SOURCES,
            "telemetry": "command line",
            "budget": "UNDERSTUDY_BUDGET",
            "faults": "configuration",
            "reason": "command line",
        },
    )

    first, *lines = header(settings)

    assert first == "understudy: telemetry=on (command line)"
    assert "  store=postgresql://me:***@host/db (default)" in lines
    assert "  budget=0.50 (UNDERSTUDY_BUDGET)" in lines
    assert "  faults=rate_limit,reset (configuration)" in lines
    assert "  reason=[redacted] ?[31mis new (command line)" in lines


def test_what_nobody_gave_is_left_out() -> None:
    """But for telemetry and its store, on which everything hangs."""
    assert header(Settings(sources=SOURCES)) == [
        "understudy: telemetry=off (default)",
        "  store=.understudy/telemetry.db (default)",
    ]


def test_what_was_given_as_nothing_is_none() -> None:
    """An empty list says so."""
    settings = Settings(sources={**SOURCES, "faults": "command line", "mock": "command line"})

    lines = header(settings)

    assert "  mock=none (command line)" in lines
    assert "  faults=none (command line)" in lines


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--llm-mock", "--no-llm-mock", "tests"], ["--llm-mock and --no-llm-mock were both"]),
        (["--no-llm-mock", "--llm-mock=booking"], ["--llm-mock and --no-llm-mock were both"]),
        (["--llm-telemetry", "--no-llm-telemetry"], ["--llm-telemetry and --no-llm-telemetry"]),
        (
            ["--llm-block-network", "--llm-allow-live"],
            ["--llm-allow-live lifts --llm-block-network"],
        ),
        (["--llm-mock", "--no-llm-telemetry", "--llm-allow-live"], []),
    ],
)
def test_switches_that_contradict_each_other_are_settled_in_words(
    arguments: list[str], told: list[str]
) -> None:
    """Which of them counts stands in the header, at any verbosity."""
    lines = settled_switches(arguments)

    assert len(lines) == len(told)
    assert all(line.startswith(words) for line, words in zip(lines, told, strict=True))
