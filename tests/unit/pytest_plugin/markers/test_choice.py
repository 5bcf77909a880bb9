"""Where the cassette of a test stands."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from understudy.pytest_plugin.markers._choice import default_path


def path_of(name: str) -> Path:
    """Return the cassette of a test of this name."""
    item: Any = SimpleNamespace(name=name, path=Path("tests/test_it.py"), listchain=list)
    return default_path(item)


@pytest.mark.parametrize("letter", ["x", "é", "试", "🎭"])
def test_a_file_system_takes_the_name_of_any_test(letter: str) -> None:
    """255 bytes, however many letters these are; names that begin alike stay apart."""
    one, other = (path_of(f"test_{letter * 300}{end}").name for end in "ab")

    assert len(os.fsencode(one)) <= 255
    assert one != other
    assert one.startswith(f"test_{letter * 40}")


def test_a_name_that_fits_is_kept() -> None:
    """Also one of many letters of three bytes."""
    assert path_of("test_" + "试" * 75).name == "test_" + "试" * 75 + ".yaml"
