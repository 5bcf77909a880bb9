"""Hooks of packages and of pytest's plugins."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from understudy.errors import RegistrationError
from understudy.registration import ask, hooks_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOOK = "def register_sinks(register): register('a sink')\n"
MARKED = f"import understudy\n@understudy.hookimpl\n{HOOK}"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Install a package whose module `house_hooks` has an entry point in our group."""

    def install(code: str) -> None:
        (tmp_path / "house_hooks.py").write_text(code)
        told = tmp_path / "house-1.dist-info"
        told.mkdir()
        (told / "METADATA").write_text("Name: house\nVersion: 1\n")
        (told / "entry_points.txt").write_text("[understudy]\nhouse = house_hooks\n")
        monkeypatch.syspath_prepend(tmp_path)

    monkeypatch.delitem(sys.modules, "house_hooks", raising=False)
    return install


def test_a_package_that_is_pytest_s_plugin_too_is_asked_once(
    install: Callable[[str], None],
) -> None:
    """It may name its module in both groups."""
    install(MARKED)
    sinks: list[str] = []

    ask(hooks_of([import_module("house_hooks")]), "register_sinks", sinks.append)

    assert sinks == ["a sink"]


def test_a_package_s_hook_without_the_marker_is_refused(install: Callable[[str], None]) -> None:
    """Like that of a conftest."""
    install(HOOK)

    with pytest.raises(RegistrationError, match=r"house_hooks\.py: register_sinks is not marked"):
        hooks_of([])
