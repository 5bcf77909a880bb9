"""Fixtures. PYTEST_DONT_REWRITE."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ._keys import session_of

if TYPE_CHECKING:
    from ..telemetry import Telemetry
    from ._call_log import CallLog


@pytest.fixture
def llm_calls(request: pytest.FixtureRequest) -> CallLog:
    """The LLM calls of this test so far, with what was asked and answered."""
    return session_of(request.config).call_log(request.node)


@pytest.fixture(scope="session")
def llm_telemetry(pytestconfig: pytest.Config) -> Telemetry:
    """Emit: `.tracker(…)` around a call, `.record_event(…)`, `.get_stats(subject)`."""
    return session_of(pytestconfig).rig.telemetry
