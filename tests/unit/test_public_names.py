"""The everyday names of the package."""

from __future__ import annotations

import subprocess
import sys

import pytest

import understudy


def test_the_names_are_sorted() -> None:
    """__all__ reads like an index."""
    assert understudy.__all__ == sorted(understudy.__all__)


def test_every_name_is_there() -> None:
    """What __all__ promises can be had."""
    assert [name for name in understudy.__all__ if getattr(understudy, name, None) is None] == []
    assert set(understudy.__all__) <= set(dir(understudy))


def test_an_unknown_name_is_an_attribute_error() -> None:
    """The lazy package behaves like any other."""
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        understudy.nonsense  # noqa: B018


def test_importing_the_package_imports_nothing_else() -> None:
    """Names are loaded when they are used."""
    script = (
        "import sys, understudy; print([m for m in sys.modules if m.startswith('understudy.')])"
    )

    shown = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert shown.stdout.strip() == "[]"
