"""Where the plugin keeps its state. PYTEST_DONT_REWRITE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from ._context import RunContext
    from ._session import LLMSession

SESSION: Final[pytest.StashKey[LLMSession]] = pytest.StashKey()
_CONTEXT: Final[pytest.StashKey[RunContext]] = pytest.StashKey()


def session_of(config: pytest.Config) -> LLMSession:
    """Return the session of this process, begun on first use.

    Raises:
        pytest.UsageError: an option, a table or a hook is wrong.
    """
    if SESSION not in config.stash:
        from ._begin import begin_session  # noqa: PLC0415 - nothing is loaded while idle

        config.stash[SESSION] = begin_session(context_of(config))
    return config.stash[SESSION]


def context_of(config: pytest.Config) -> RunContext:
    """Return what is known of the run.

    Raises:
        pytest.UsageError: an option is wrong.
    """
    if _CONTEXT not in config.stash:
        from ._context import RunContext  # noqa: PLC0415 - as above
        from ._settings import settings_of  # noqa: PLC0415 - as above

        config.stash[_CONTEXT] = RunContext(config, settings_of(config))
    return config.stash[_CONTEXT]


def begin_if_wanted(config: pytest.Config) -> None:
    """Begin a session where options, environment or settings ask for one.

    Raises:
        pytest.UsageError: one of them is wrong.
    """
    if context_of(config).settings.begins_run:
        session_of(config)
