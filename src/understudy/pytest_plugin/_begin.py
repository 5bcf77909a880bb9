"""Begins the session of a process."""

from __future__ import annotations

import pytest

from ..app import build_instrumentation, find_extensions
from ..errors import UnderstudyError
from ._answering import Answering
from ._books import open_books
from ._parts import make_parts
from ._resolve import settings_of
from ._session import LLMSession
from .gating import begin_gating


def begin_session(config: pytest.Config) -> LLMSession:
    """Build the rig of this process, tap the clients and hear pytest's hooks from now on.

    Raises:
        pytest.UsageError: a table, a hook or the store's URL is wrong.
    """
    settings = settings_of(config)
    try:
        plugins = config.pluginmanager.get_plugins()
        extensions = find_extensions(plugins, pyproject=config.rootpath / "pyproject.toml")
        books = open_books(config, settings)
    except UnderstudyError as error:
        raise pytest.UsageError(str(error)) from error
    answering = Answering()
    rig = build_instrumentation(
        extensions,
        lines=books.lines,
        run_id=books.run_id,
        worker=books.worker,
        keeps_content=settings.store_content,
        answerer=answering,
    )
    parts = make_parts(config, settings, extensions, rig=rig, answering=answering)
    session = LLMSession(config, settings, rig, books, parts)
    begin_gating(config, settings, extensions, session.end)
    config.add_cleanup(session.begin())
    return session
