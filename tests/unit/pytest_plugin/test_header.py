"""The line of pytest's header."""

from __future__ import annotations

from decimal import Decimal

from understudy.pytest_plugin._header import header
from understudy.settings import OPTIONS, Settings

SOURCES = {option.name: "default" for option in OPTIONS}


def test_each_option_has_its_value_and_its_place() -> None:
    """In words, without a password."""
    settings = Settings(
        telemetry=True,
        store="postgresql://me:secret@host/db",
        budget=Decimal("0.50"),
        sources={**SOURCES, "telemetry": "command line"},
    )

    line = header(settings)

    assert line.startswith("understudy: telemetry=on (command line), ")
    assert "store=postgresql://me:***@host/db (default)" in line
    assert "budget=0.50 (default)" in line
    assert "store_content=off (default)" in line


def test_what_is_not_set_is_none() -> None:
    """There is no budget by default."""
    assert "budget=none (default)" in header(Settings(sources=SOURCES))
