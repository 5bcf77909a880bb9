"""The composition root: connects what records the calls of one process."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .clock import RealClock
from .intercept import Taps
from .intercept.cassettes import ACTIVE_CASSETTES
from .telemetry import EventLog, FaultLog, Owner, Ownership, Recorder, SinkListener, Telemetry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .calls import Request, Usage
    from .clock import Clock
    from .extensions import Extensions
    from .intercept import Answerer
    from .pricing import PriceBook
    from .routing import Attempt, Callbacks, ExpectedMs, Pricer, Router
    from .routing.router_file import RouterFile
    from .telemetry import Holds, LifecycleMode, LineWriter, Listener, Predictor, Sink


@dataclass(frozen=True, slots=True)
class Instrumentation:
    """Everything that records the calls of one process."""

    telemetry: Telemetry
    recorder: Recorder
    taps: Taps
    prices: PriceBook

    @property
    def faults(self) -> FaultLog:
        """Faults of our own in this process."""
        return self.telemetry.event_log.faults


def open_event_log(
    extensions: Extensions,
    lines: LineWriter,
    *,
    run_id: str,
    sinks: tuple[Sink, ...] = (),
    listeners: tuple[Listener, ...] = (),
    faults: FaultLog | None = None,
    holds: Holds | None = None,
) -> EventLog:
    """Return what takes the events of one process.

    Those `sinks` that were chosen hear of them after the registered ones, then the `listeners`.
    Where `lines` are handed on before the end, `holds` is told which are not complete.
    """
    heard = tuple(SinkListener(sink, extensions.prices) for sink in (*extensions.sinks, *sinks))
    return EventLog(
        lines,
        run_id=run_id,
        faults=faults or FaultLog(),
        listeners=(*heard, *listeners),
        holds=holds,
    )


def build_instrumentation(  # noqa: PLR0913 - the parts of a process, by keyword
    extensions: Extensions,
    event_log: EventLog,
    *,
    ownership: Ownership | None = None,
    keeps_content: bool = False,
    lifecycle: LifecycleMode = "on",
    predictors: tuple[Predictor, ...] = (),
    answerer: Answerer | None = None,
    reads_upload: Callable[[Request], bool] | None = None,
) -> Instrumentation:
    """Connect recorder, event log and taps for one process of a run.

    `ownership` tells whose calls are whose, `predictors` predict them; `answerer` is asked
    before each request goes out, and `reads_upload` whether it must see a body that is streamed.
    """
    telemetry = Telemetry(
        event_log=event_log,
        ownership=ownership or Ownership(Owner()),
        clock=RealClock(),
        prices=extensions.prices,
        predictors=predictors,
        lifecycle=lifecycle,
    )
    recorder = Recorder(
        telemetry=telemetry,
        apis=extensions.apis,
        keeps_content=keeps_content,
        clean=_cleaner(extensions) if keeps_content else None,
    )
    telemetry.is_tapped = True
    taps = Taps(
        recorder,
        answerer=answerer,
        reads_uploads=ACTIVE_CASSETTES.are_wanted,
        reads_upload=reads_upload,
    )
    return Instrumentation(telemetry, recorder, taps, extensions.prices)


def _cleaner(extensions: Extensions) -> Callable[[Request, str], str]:
    """Return what takes the secrets out of content, by the rules that cassettes are redacted by."""
    # Only who stores content needs it.
    from .cassettes import RecordedRequest, read_cassette_settings  # noqa: PLC0415
    from .cassettes.secrets import SecretsRedactor, read_redaction  # noqa: PLC0415

    where = "pyproject.toml"
    settings = read_cassette_settings(extensions.tables.get("cassettes", {}), where=where)
    rules = read_redaction(settings.redaction, where=where)
    redactor = SecretsRedactor(rules, environment=os.environ)

    def clean(request: Request, text: str) -> str:
        asked = RecordedRequest(
            method=request.method,
            url=request.url,
            headers=tuple(request.headers.items()),
            body=request.body,
        )
        return redactor.content(asked, text)

    return clean


def open_router(
    file: RouterFile,
    *,
    prices: PriceBook,
    environment: Mapping[str, str],
    callbacks: Callbacks | None = None,
    clock: Clock | None = None,
    expected_ms: ExpectedMs | None = None,
) -> Router:
    """Make the router of a file, whose providers are asked over HTTP.

    What it does becomes lifecycle events of the run that is active; `callbacks` hear of it, too.
    `expected_ms` tells what measurements promise, for balancing by efficiency.

    Raises:
        RouterConfigError: a provider has no address, or no key where the file says it has.
        UnknownNameError: a provider is named that is not there.
    """
    # Who has no router pays for none.
    from .pricing import load_price_list  # noqa: PLC0415
    from .routing import Router  # noqa: PLC0415

    load_price_list()
    told = router_lifecycle()
    clock = clock or RealClock()
    return Router(
        file.http_providers(environment),
        file.registry(),
        policy=file.policy(expected_ms=expected_ms),
        cache=file.cache.make(clock) if file.cache else None,
        callbacks=told + callbacks if callbacks else told,
        price=router_prices(prices, clock),
        clock=clock,
    )


def router_lifecycle() -> Callbacks:
    """Return what makes lifecycle events of what a router does, in the run that is active."""
    from .lifecycle import on_failover, on_trip, repair_attempt, send  # noqa: PLC0415
    from .routing import Callbacks  # noqa: PLC0415

    def on_attempt(attempt: Attempt) -> None:
        if attempt.at_provider > 1:
            send(
                repair_attempt(
                    attempt_number=attempt.at_provider - 1,
                    provider=attempt.provider,
                    error_category=attempt.reason,
                    cause="transport",
                )
            )

    return Callbacks(on_trip=on_trip, on_failover=on_failover, on_attempt=on_attempt)


def router_prices(book: PriceBook, clock: Clock) -> Pricer:
    """Return what prices the calls of a router by a price book, at the time of its clock."""
    from datetime import UTC, datetime  # noqa: PLC0415

    from .pricing import BilledCall, Quantities, Terms  # noqa: PLC0415

    def price(provider: str, model: str, usage: Usage) -> int | None:
        billed = BilledCall(
            models=(model,),
            provider=provider,
            wire_api="openai.chat",
            quantities=Quantities(usage),
            terms=Terms(),
            at=datetime.fromtimestamp(clock.wall(), UTC),
        )
        return book.price(billed).nanousd

    return price
