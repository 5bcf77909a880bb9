"""What tests know by a name, in the order in which a test meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .._feature import BaseFeature
from ..markers._faults import planned_for
from .budgets import Budgets
from .cassettes import TestCassettes
from .clock import RunClock
from .estimates import MarkerPredictor, TestEstimates
from .faults import PlannedFaults
from .guard import NetworkGuard
from .mocks import ActiveMocks, Mocks
from .routes import OpenRoutes, TestRoutes
from .telemetry import TestTelemetry

if TYPE_CHECKING:
    from ...app import Instrumentation
    from .._context import RunContext
    from .._feature import Feature

__all__ = ["Features", "make_features"]


class Features(NamedTuple):
    """The features of a process. The order of the fields is that in which they are asked."""

    clock: RunClock
    guard: NetworkGuard
    telemetry: TestTelemetry
    mocks: Mocks
    routes: TestRoutes
    cassettes: TestCassettes
    faults: PlannedFaults
    estimates: TestEstimates
    budgets: Budgets
    gates: Feature


def make_features(
    context: RunContext,
    rig: Instrumentation,
    *,
    worker: str,
    mocks: ActiveMocks,
    routes: OpenRoutes,
    marker: MarkerPredictor,
) -> Features:
    """Make the features of a process, and tell each what it needs of another.

    Raises:
        pytest.UsageError: a setting or a table is wrong.
    """
    settings, telemetry, apis = context.settings, rig.telemetry, context.extensions.apis
    clock = RunClock(context)
    guard = NetworkGuard(context, rig)
    made = Mocks(
        context,
        telemetry,
        active=mocks,
        clock=clock.clock,
        faults_of=lambda item: planned_for(item, settings),
        protected=guard.protected,
    )
    return Features(
        clock=clock,
        guard=guard,
        telemetry=TestTelemetry(context, rig, worker=worker),
        mocks=made,
        routes=TestRoutes(
            made,
            routes,
            ownership=telemetry.ownership,
            apis=apis,
            protected=guard.protected,
        ),
        cassettes=TestCassettes(
            context, telemetry.ownership, clock=clock.clock, protected=guard.protected
        ),
        faults=PlannedFaults(context, made),
        estimates=TestEstimates(telemetry, marker),
        budgets=Budgets(settings.budget, rig.prices),
        gates=BaseFeature(),
    )
