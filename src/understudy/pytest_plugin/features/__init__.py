"""What tests know by a name, in the order in which a test meets it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ...intercept import AnswerChain
from ...intercept.cassettes import ACTIVE_CASSETTES, CassetteAnswerer
from ...intercept.guard import Reports
from .._feature import Feature
from ..markers._mocks import planned_for
from .budgets import Budgets
from .cassettes import Cassettes
from .clock import RunClock
from .contracts import Contracts
from .estimates import HookPredictor, MarkerPredictor, Predictions
from .faults import PlannedFaults
from .guard import NetworkGuard
from .lifecycle import Lifecycle
from .mocks import ActiveMocks, Mocks, OpenRoutes
from .router import Routers
from .routes import RespxRoutes
from .sinks import Sinks, open_chosen_sinks
from .telemetry import CallRecordedHook, PhaseTelemetry

if TYPE_CHECKING:
    from ...app import Instrumentation
    from ...calls import Request
    from ...telemetry import Ownership, Predictor, Sink
    from .._context import RunContext

__all__ = ["CallParts", "Features", "make_call_parts", "make_features"]


class Features(NamedTuple):
    """The features of a process. The order of the fields is that in which they are asked."""

    clock: RunClock
    guard: NetworkGuard
    telemetry: PhaseTelemetry
    mocks: Mocks
    routes: RespxRoutes
    cassettes: Cassettes
    faults: PlannedFaults
    estimates: Predictions
    budgets: Budgets
    lifecycle: Lifecycle
    routers: Routers
    contracts: Contracts
    gates: Feature
    sinks: Sinks


class CallParts(NamedTuple):
    """What is asked and told while a call is made; features know the same objects."""

    routes: OpenRoutes
    mocks: ActiveMocks
    reports: Reports
    cassettes: CassetteAnswerer
    marker: MarkerPredictor
    estimate_hook: HookPredictor
    recorded_hook: CallRecordedHook
    sinks: tuple[Sink, ...]

    @property
    def answerers(self) -> AnswerChain:
        """Who may answer a call, the first one first; after them the guard has the word."""
        return AnswerChain((self.routes, self.mocks, self.reports, self.cassettes))

    def reads_upload(self, request: Request) -> bool:
        """Tell whether a mock or a route might answer `request`, whose body is still streamed."""
        return self.routes.may_answer(request) or self.mocks.may_answer(request)

    @property
    def predictors(self) -> tuple[Predictor, ...]:
        """Who predicts a call where no tracker of the application does, the first one first."""
        return (self.marker, self.estimate_hook)


def make_call_parts(context: RunContext, ownership: Ownership) -> CallParts:
    """Make what is asked while a call is made."""
    owner, apis = ownership.current, context.extensions.apis
    return CallParts(
        routes=OpenRoutes(),
        mocks=ActiveMocks(current_owner=owner, apis=apis),
        reports=Reports(),
        cassettes=CassetteAnswerer(ACTIVE_CASSETTES.stack, current_owner=owner),
        marker=MarkerPredictor(),
        estimate_hook=HookPredictor(context.config),
        recorded_hook=CallRecordedHook(context.config),
        sinks=open_chosen_sinks(context, ownership),
    )


def make_features(
    context: RunContext,
    instrumentation: Instrumentation,
    *,
    worker: str,
    parts: CallParts,
) -> Features:
    """Make the features of a process, and tell each what it needs of another.

    Raises:
        pytest.UsageError: a setting or a table is wrong.
    """
    settings, telemetry, apis = context.settings, instrumentation.telemetry, context.extensions.apis
    clock = RunClock(context)
    contracts = Contracts(context.config)
    guard = NetworkGuard(context, instrumentation, parts.reports)
    made = Mocks(
        context,
        telemetry,
        active=parts.mocks,
        clock=clock.clock,
        faults_of=partial(planned_for, settings=settings),
        protected=guard.protected,
    )
    return Features(
        clock=clock,
        guard=guard,
        telemetry=PhaseTelemetry(context, instrumentation, hook=parts.recorded_hook, worker=worker),
        mocks=made,
        routes=RespxRoutes(
            made,
            parts.routes,
            ownership=telemetry.ownership,
            apis=apis,
            protected=guard.protected,
        ),
        cassettes=Cassettes(
            context, telemetry.ownership, clock=clock.clock, protected=guard.protected
        ),
        faults=PlannedFaults(context, made),
        estimates=Predictions(telemetry, marker=parts.marker, hook=parts.estimate_hook),
        budgets=Budgets(settings.budget, instrumentation.prices),
        lifecycle=Lifecycle(context.config, settings, telemetry),
        routers=Routers(context, telemetry, clock.clock, mocks=made),
        contracts=contracts,
        gates=_gates_of(context, contracts),
        sinks=Sinks(parts.sinks, settings.sink),
    )


def _gates_of(context: RunContext, contracts: Contracts) -> Feature:
    settings = context.settings
    if not (settings.gate or settings.update_baseline or settings.report):
        return Feature()
    from .gates import Gates  # noqa: PLC0415 - nothing is loaded that nobody asked for

    return Gates(context, contracts.results)
