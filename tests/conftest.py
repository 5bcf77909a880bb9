"""What all tests share."""

from __future__ import annotations

import gc
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir

from understudy.clock import VirtualClock

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["pytester"]

# Each client reads the certificates that it trusts, for which 140 take it longer than the rest of
# a test; no test has a connection with TLS. Processes from here do as well.
os.environ["SSL_CERT_FILE"] = str(Path(__file__).parent / "support" / "authority.pem")

# Workers that make its tables of letters at once find each other's half.
if (worker := os.environ.get("PYTEST_XDIST_WORKER")) is not None:
    set_hypothesis_home_dir(Path(".hypothesis") / worker)

# A busy machine is no failure.
settings.register_profile(
    "suite",
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def stopped() -> VirtualClock:
    """A virtual clock, made once: it looks through all modules when it first runs.

    It knows a busy machine from an idle one.
    """
    return VirtualClock(patience=60)


@pytest.fixture(autouse=True)
def _frozen(request: pytest.FixtureRequest) -> Iterator[None]:
    """Keep what was there before from the five collections of garbage that end each run inside."""
    is_run_inside = "pytester" in request.fixturenames
    if is_run_inside:
        gc.freeze()
    yield
    if is_run_inside:
        gc.unfreeze()


@pytest.fixture
def keyboard() -> Iterator[None]:
    """Let Ctrl-C interrupt, here and in processes from here, also in a shell's background job."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
