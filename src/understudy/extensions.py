"""What is built in, what plugins registered, and what our tables say of it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from .errors import RegistrationError
from .registration import ask, check, hooks_of
from .settings import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    import pluggy

    from .analytics.costs import CostSettings
    from .delays import DelayProfile
    from .gates import Metric
    from .gates.policy import Policy
    from .mock import Fault, MockLibrary
    from .pricing import PriceBook
    from .telemetry import Sink
    from .telemetry.sinks import SinkFactory
    from .wire import PromptReader, Provider, WireApi, WireApis
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


class Extensions:
    """What is built in and what plugins registered; each sort is asked for when it is needed.

    Attributes:
        hooks: the manager of our own hooks.
        tables: those of `[tool.understudy]`.
    """

    def __init__(
        self, hooks: pluggy.PluginManager, tables: Mapping[str, Any], *, where: str
    ) -> None:
        self.hooks = hooks
        self.tables = tables
        self._where = where

    def find_all(self) -> None:
        """Find every sort now.

        Raises:
            SettingsError: a table is wrong.
            RegistrationError: a hook raised, or registered something unusable.
        """
        _ = self.apis, self.sinks, self.prices
        if "costs" in self.tables:
            _ = self.costs

    @cached_property
    def apis(self) -> WireApis:
        """The wire APIs.

        Raises:
            RegistrationError: a hook raised, or registered something unusable.
        """
        from .providers import default_apis  # noqa: PLC0415 - nobody pays for what is not asked for

        registered = _RegisteredApis()
        ask(self.hooks, "register_codecs", registered.register)
        return default_apis().with_providers(*registered.providers)

    @cached_property
    def prices(self) -> PriceBook:
        """What calls are priced with.

        Raises:
            SettingsError: the table of prices is wrong.
            RegistrationError: a hook raised, or registered something unusable.
        """
        from .pricing import Prices, price_book, read_prices  # noqa: PLC0415 - as above

        registered = Prices(table="register_prices")
        ask(self.hooks, "register_prices", registered.register)
        table = read_prices(self.tables.get("prices", {}), where=self._where)
        return price_book(table, registered)

    @cached_property
    def costs(self) -> CostSettings:
        """Budgets of days and months, and the zone of these.

        Raises:
            SettingsError: the table of costs is wrong.
        """
        from .analytics.costs import read_costs  # noqa: PLC0415 - as above

        return read_costs(self.tables.get("costs", {}), where=self._where)

    @property
    def sinks(self) -> tuple[Sink, ...]:
        """Where else events always go.

        Raises:
            RegistrationError: a hook raised, or registered something unusable.
        """
        return tuple(self._sinks.always)

    @property
    def sink_factories(self) -> Mapping[str, SinkFactory]:
        """Sinks that are chosen by their name.

        Raises:
            RegistrationError: as above.
        """
        return self._sinks.by_name

    @cached_property
    def _sinks(self) -> _RegisteredSinks:
        registered = _RegisteredSinks()
        ask(self.hooks, "register_sinks", registered.register)
        return registered


def find_extensions(plugins: Iterable[object], *, pyproject: Path) -> Extensions:
    """Find the hooks of all plugins, and the tables of `pyproject`.

    Raises:
        SettingsError: a table is wrong.
        RegistrationError: a hook is not marked.
    """
    return Extensions(hooks_of(plugins), read_table(pyproject), where=str(pyproject))


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


class _RegisteredSinks:
    """What `register_sinks` hands in: sinks, and names with what makes one."""

    def __init__(self) -> None:
        self.always: list[Sink] = []
        self.by_name: dict[str, SinkFactory] = {}

    def register(self, sink: Sink | str, factory: SinkFactory | None = None, /) -> None:
        """Take a sink, or a name and what makes a sink of the text behind the colon."""
        if not isinstance(sink, str):
            check("register_sinks", _SINK, sink)
            self.always.append(sink)
        elif callable(factory):
            self.by_name[sink] = factory
        else:
            msg = f"register_sinks: {sink!r} needs a function that makes the sink."
            raise RegistrationError(msg)


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
        from .wire import Provider  # noqa: PLC0415 - as above

        hook = "register_codecs"
        check(hook, _WIRE_API, api)
        if writer is not None:
            check(hook, _WRITER, writer)
            if writer.wire_api != api.wire_api:
                msg = f"{hook}: {writer!r} writes {writer.wire_api}, but {api.wire_api} is read."
                raise RegistrationError(msg)
        self.providers.append(
            Provider(
                name=api.wire_api,
                apis=(api,),
                prompts={} if prompt is None else {api.wire_api: prompt},
                writers=() if writer is None else (writer,),
            )
        )
