"""Begins the session of a process."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from ..app import build_instrumentation, open_event_log
from ..errors import UnderstudyError
from ..intercept import carry
from ..telemetry import Owner, Ownership, activated
from ._run_end import RunEnd
from ._session import LLMSession
from .features import make_call_parts, make_features
from .run import FinishedRun, open_journal

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._context import RunContext


def begin_session(context: RunContext) -> LLMSession:
    """Tap the clients of this process and hear pytest's hooks from now on.

    Raises:
        pytest.UsageError: a table, a hook or the store's URL is wrong.
    """
    config, settings, extensions = context.config, context.settings, context.extensions
    try:
        extensions.find_all()
        journal = open_journal(config, settings)
        ownership = Ownership(Owner(worker=journal.worker))
        parts = make_call_parts(context, ownership)
    except UnderstudyError as error:
        raise pytest.UsageError(str(error)) from error
    event_log = open_event_log(
        extensions,
        journal.lines,
        run_id=journal.run_id,
        sinks=parts.sinks,
        listeners=(parts.recorded_hook,),
    )
    instrumentation = build_instrumentation(
        extensions,
        event_log,
        ownership=ownership,
        keeps_content=settings.store_content,
        lifecycle=settings.lifecycle,
        predictors=parts.predictors,
        answerer=parts.answerers,
        reads_upload=parts.reads_upload,
    )
    features = make_features(context, instrumentation, parts=parts, worker=journal.worker)
    run = FinishedRun(config, settings, instrumentation, journal, extensions)
    session = LLMSession(instrumentation, features, RunEnd(config, instrumentation, features, run))
    config.add_cleanup(_begun(session, config))
    return session


def _begun(session: LLMSession, config: pytest.Config) -> Callable[[], None]:
    """Tap the clients and hear pytest's hooks; return what undoes it."""
    telemetry, run = session.instrumentation.telemetry, session.end.run
    with ExitStack() as undo:
        undo.callback(run.release)
        undo.enter_context(activated(telemetry))
        undo.enter_context(carry(telemetry.ownership.variable))
        undo.enter_context(session.instrumentation.taps)
        undo.enter_context(carry(telemetry.estimates.variable))
        config.pluginmanager.register(session, "understudy-session")
        run.begin()
        undo.enter_context(session.running())
        return undo.pop_all().close
