"""Begins the session of a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ..app import build_instrumentation, open_event_log
from ..errors import UnderstudyError
from ..intercept import AnswerChain
from ..intercept.cassettes import ACTIVE_CASSETTES, CassetteAnswerer
from ..telemetry import Owner, Ownership
from ._session import LLMSession
from .features import make_features
from .features.estimates import HookPredictor, MarkerPredictor
from .features.mocks import ActiveMocks
from .features.routes import OpenRoutes
from .features.telemetry import CallRecordedHook
from .gating import begin_gating
from .run import FinishedRun, open_journal

if TYPE_CHECKING:
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
    except UnderstudyError as error:
        raise pytest.UsageError(str(error)) from error
    ownership = Ownership(Owner(worker=journal.worker))
    routes, marker = OpenRoutes(), MarkerPredictor()
    mocks = ActiveMocks(current_owner=ownership.current, apis=extensions.apis)
    cassettes = CassetteAnswerer(ACTIVE_CASSETTES.stack, current_owner=ownership.current)
    event_log = open_event_log(
        extensions,
        journal.lines,
        run_id=journal.run_id,
        listeners=(CallRecordedHook(config),),
    )
    rig = build_instrumentation(
        extensions,
        event_log,
        ownership=ownership,
        keeps_content=settings.store_content,
        predictors=(marker, HookPredictor(config)),
        answerer=AnswerChain((routes, mocks, cassettes)),  # then the guard has the word
    )
    features = make_features(
        context, rig, worker=journal.worker, mocks=mocks, routes=routes, marker=marker
    )
    run = FinishedRun(config, settings, rig, journal)
    begin_gating(config, settings, extensions, run)
    session = LLMSession(config, rig, features, run)
    config.add_cleanup(session.begin())
    return session
