"""Suites of somebody else's, run with the plugin."""

from __future__ import annotations

from tests.integration.mocking.conftest import _imported
from tests.integration.plugin.conftest import suite, workers

__all__ = ["_imported", "suite", "workers"]
