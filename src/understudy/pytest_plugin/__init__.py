"""The hooks that pytest calls; each hands on to the session. PYTEST_DONT_REWRITE.

This module and those it imports load nothing but the standard library and pytest, until
an option, a marker or a fixture of ours is used.
"""

from __future__ import annotations

from typing import Any

import pytest

from ._fixtures import (
    class_mock_llm,
    llm_api,
    llm_benchmark,
    llm_calls,
    llm_cassette,
    llm_clock,
    llm_estimate,
    llm_events,
    llm_mock,
    llm_router,
    llm_telemetry,
    mock_llm,
    module_mock_llm,
    package_mock_llm,
    session_mock_llm,
)
from ._options import (
    add_options,
    is_anything_given,
    keep_paths_apart,
    refuse_misspelt,
    settled_switches,
)
from ._stash import SESSION, begin_if_wanted, context_of, session_of
from ._test_needs import needs_session
from .markers import check_markers, register_markers

__all__ = [
    "class_mock_llm",
    "llm_api",
    "llm_benchmark",
    "llm_calls",
    "llm_cassette",
    "llm_clock",
    "llm_estimate",
    "llm_events",
    "llm_mock",
    "llm_router",
    "llm_telemetry",
    "mock_llm",
    "module_mock_llm",
    "package_mock_llm",
    "session_mock_llm",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our options and settings."""
    add_options(parser)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, parser: pytest.Parser, args: list[str]
) -> None:
    """Read `--llm-mock tests` as pytest's users mean it."""
    keep_paths_apart(early_config, parser, args)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Add our hooks to pytest's manager."""
    from ..hookspecs import PytestHooks  # noqa: PLC0415 - keeps pluggy's markers in one place

    pluginmanager.add_hookspecs(PytestHooks)


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers; refuse settings that are nearly ours."""
    register_markers(config)
    refuse_misspelt(config)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Read the settings; begin a session of ours where telemetry is on."""
    if is_anything_given(session.config):
        begin_if_wanted(session.config)


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say what became of switches that contradict; at `-v`, what each option is and why."""
    lines = [f"understudy: {each}" for each in settled_switches(config.invocation_params.args)]
    if SESSION in config.stash and config.get_verbosity() >= 1:
        from ._settings import header  # noqa: PLC0415 - nothing is loaded while idle

        lines += header(context_of(config).settings)
    return lines


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Check the markers; begin a session where a test is to run that uses anything of ours."""
    if SESSION in config.stash or any(needs_session(item) for item in items):
        from ._workers import refusals_handed_back  # noqa: PLC0415 - nothing is loaded while idle

        with refusals_handed_back(config, items):
            check_markers(items, context_of(config))
            if SESSION in config.stash or not config.getoption("collectonly"):
                session_of(config).check(items)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what an xdist worker hands back."""
    from ._workers import handed_by, is_news  # noqa: PLC0415 - idle without xdist

    handed = handed_by(node)
    if SESSION in node.config.stash or is_news(handed):
        session_of(node.config).end.take(handed)
