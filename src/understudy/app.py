"""The composition root: builds the parts of a run and connects them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from .clock import RealClock
from .intercept import Taps
from .intercept.cassettes import ACTIVE_CASSETTES
from .pricing import PriceBook, Prices, price_book, read_prices
from .providers import default_apis
from .registration import ask, check, checked, hooks_of
from .settings import read_table
from .telemetry import EventLog, FaultLog, Owner, Ownership, Recorder, Sink, Telemetry
from .wire import Provider

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    import pluggy

    from .delays import DelayProfile
    from .events import TelemetryEvent
    from .gates import Metric
    from .gates.policy import Policy
    from .intercept import Answerer
    from .mock import Fault, MockLibrary
    from .telemetry import LineWriter, Listener
    from .wire import PromptReader, WireApi, WireApis
    from .wire.writing import ApiWriter

_SINK: Final = ("emit",)
_WIRE_API: Final = (
    "wire_api",
    "operation",
    "landmarks",
    "matches",
    "asked",
    "read_answer",
    "read_event",
    "has_content",
)
_WRITER: Final = ("wire_api", "write", "refuse")


@dataclass(frozen=True, slots=True)
class Extensions:
    """What is built in and what plugins registered."""

    apis: WireApis
    prices: PriceBook
    sinks: tuple[Sink, ...]
    hooks: pluggy.PluginManager
    tables: Mapping[str, Any]


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


def find_extensions(plugins: Iterable[object], *, pyproject: Path) -> Extensions:
    """Ask all plugins, and the tables of `pyproject`, what they add.

    Raises:
        SettingsError: a table is wrong.
        RegistrationError: a hook raised, or registered something unusable.
    """
    manager = hooks_of(plugins)
    apis = _RegisteredApis()
    sinks: list[Sink] = []
    registered = Prices(table="register_prices")
    ask(manager, "register_codecs", apis.register)
    ask(manager, "register_sinks", checked("register_sinks", _SINK, sinks))
    ask(manager, "register_prices", registered.register)
    tables = read_table(pyproject)
    table = read_prices(tables.get("prices", {}), where=str(pyproject))
    return Extensions(
        apis=default_apis().with_providers(*apis.providers),
        prices=price_book(table, registered),
        sinks=tuple(sinks),
        hooks=manager,
        tables=tables,
    )


def find_mock_library(extensions: Extensions, golden: Path, *, pyproject: Path) -> MockLibrary:
    """Return what mocks may play: the scenarios of a folder, profiles and faults.

    Raises:
        SettingsError: the table of profiles is wrong.
        RegistrationError: a hook raised, or registered something unusable.
    """
    from .delays import read_profiles  # noqa: PLC0415 - only where something is mocked
    from .mock import MockLibrary  # noqa: PLC0415 - as above

    registered: dict[str, DelayProfile] = {}
    ask(extensions.hooks, "register_delay_profiles", registered.__setitem__)
    faults: dict[str, Callable[..., Fault]] = {}
    ask(extensions.hooks, "register_faults", faults.__setitem__)
    table = read_profiles(extensions.tables.get("profiles", {}), where=str(pyproject))
    shipped = MockLibrary.default(golden)
    profiles = shipped.profiles.with_profiles(registered).with_profiles(table)
    return replace(shipped, profiles=profiles, faults=shipped.faults.with_faults(faults))


def find_policy(extensions: Extensions, *, pyproject: Path) -> tuple[Mapping[str, Metric], Policy]:
    """Return the metrics that there are, and what the table of gates lets them do.

    Raises:
        SettingsError: the table of gates is wrong.
        RegistrationError: a hook raised, or registered something unusable.
    """
    from .gates import RegisteredMetrics  # noqa: PLC0415 - only where something is judged
    from .gates.policy import read_gates  # noqa: PLC0415 - as above

    registered = RegisteredMetrics()
    ask(extensions.hooks, "register_metrics", registered.register)
    metrics = registered.metrics
    return metrics, read_gates(extensions.tables.get("gates", {}), metrics, where=str(pyproject))


def build_instrumentation(
    extensions: Extensions,
    *,
    lines: LineWriter,
    run_id: str,
    worker: str = "main",
    ownership: Ownership | None = None,
    keeps_content: bool = False,
    answerer: Answerer | None = None,
) -> Instrumentation:
    """Connect recorder, event_log and taps for one process of a run.

    `ownership` tells whose calls are whose; `answerer` is asked before each request goes out.
    """
    event_log = EventLog(lines, run_id=run_id, faults=FaultLog())
    ownership = ownership or Ownership(Owner(worker=worker))
    telemetry = Telemetry(
        event_log=event_log, ownership=ownership, clock=RealClock(), prices=extensions.prices
    )
    recorder = Recorder(telemetry=telemetry, apis=extensions.apis, keeps_content=keeps_content)
    event_log.listeners += [_listener(sink) for sink in extensions.sinks]
    taps = Taps(recorder, answerer=answerer, reads_uploads=ACTIVE_CASSETTES.are_wanted)
    return Instrumentation(telemetry, recorder, taps, extensions.prices)


def _listener(sink: Sink) -> Listener:
    def listen(_: Owner, event: TelemetryEvent) -> None:
        sink.emit(event)

    return listen


class _RegisteredApis:
    """What `register_codecs` hands in: each API is a provider's that has no hosts."""

    def __init__(self) -> None:
        self.providers: list[Provider] = []

    def register(
        self,
        api: WireApi,
        /,
        *,
        prompt: PromptReader | None = None,
        writer: ApiWriter | None = None,
    ) -> None:
        """Take an API, and who reads its conversations and writes its answers, if anybody."""
        hook = "register_codecs"
        check(hook, _WIRE_API, api)
        if writer is not None:
            check(hook, _WRITER, writer)
        self.providers.append(
            Provider(
                name=api.wire_api,
                apis=(api,),
                prompts={} if prompt is None else {api.wire_api: prompt},
                writers=() if writer is None else (writer,),
            )
        )
