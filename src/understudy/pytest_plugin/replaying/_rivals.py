"""Other plugins that serve the `vcr` marker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pytest

#: Modules of the plugins, and what users call these.
_RIVALS: Final = (
    ("pytest_recording", "pytest-recording"),
    ("pytest_vcr", "pytest-vcr"),
    ("cassetter", "cassetter"),
)


def rival_in(config: pytest.Config) -> str | None:
    """Return the plugin that serves tests marked with `vcr` in this run, None where none does."""
    modules = {
        getattr(plugin, "__name__", "").partition(".")[0]
        for plugin in config.pluginmanager.get_plugins()
    }
    return next((name for module, name in _RIVALS if module in modules), None)
