"""The gated suite."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.integration.plugin.gating.gated_suite import GatedSuite

if TYPE_CHECKING:
    from tests.integration.plugin.suite import Suite


@pytest.fixture(params=[(), ("-n2",)], ids=["alone", "n2"])
def workers(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """Options: without xdist, and with two workers of it."""
    options: tuple[str, ...] = request.param
    return options


@pytest.fixture
def gated(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> GatedSuite:
    """A suite of mocked tests, whose baseline is still to be made."""
    # pytest-benchmark looks whether it runs in a worker of xdist, as it may around this run.
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "CI", "PYTEST_XDIST_WORKER"):
        monkeypatch.delenv(name, raising=False)
    gated = GatedSuite(suite)
    gated.write()
    return gated
