"""Where the plugin keeps its state. PYTEST_DONT_REWRITE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from ._session import LLMSession

SESSION: Final[pytest.StashKey[LLMSession]] = pytest.StashKey()


def session_of(config: pytest.Config) -> LLMSession:
    """Return the session of this process, begun on first use."""
    if SESSION not in config.stash:
        from ._begin import begin_session  # noqa: PLC0415 - nothing is loaded while idle

        config.stash[SESSION] = begin_session(config)
    return config.stash[SESSION]


def begin_if_wanted(config: pytest.Config) -> None:
    """Begin a session where options, environment or settings ask for one.

    Raises:
        pytest.UsageError: one of them is wrong.
    """
    from ._resolve import settings_of  # noqa: PLC0415 - nothing is loaded while idle

    if settings_of(config).begins_run:
        session_of(config)
