"""The gated suite."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.gated_suite import GatedSuite

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.suite import Suite


@pytest.fixture
def gated(suite: Suite, kept_baselines: Path, monkeypatch: pytest.MonkeyPatch) -> GatedSuite:
    """A suite of mocked tests, whose baseline is still to be made."""
    # pytest-benchmark looks whether it runs in a worker of xdist, as it may around this run.
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "CI", "PYTEST_XDIST_WORKER"):
        monkeypatch.delenv(name, raising=False)
    gated = GatedSuite(suite, kept_baselines)
    gated.write()
    return gated
