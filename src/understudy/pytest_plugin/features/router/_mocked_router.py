"""A router over mock providers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from ....app import router_lifecycle, router_prices
from ....contracts import MockProviderWithErrors
from ....mock import MockLLM
from ....routing import Callbacks, Router
from ....routing.router_file import RouterFile, read_router_file, read_router_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ....clock import Clock
    from ....mock import MockLibrary
    from ....pricing import PriceBook
    from ....routing import ExpectedMs

#: Whom a router asks that nobody has set up.
_NAMES: Final = ("anthropic", "openai", "openrouter")
_WHERE: Final = "llm_router.configure"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a run gives to the routers of its tests.

    `faults` are names, each of which befalls one call; `callbacks` are the run's own.
    """

    root: Path
    materials: MockLibrary
    profile: str
    prices: PriceBook
    clock: Clock
    seed: int
    faults: tuple[str, ...]
    callbacks: Callbacks


class LLMRouter(Router):
    """Our router, whose providers are mocks; what the fixture `llm_router` gives.

    `providers` are the mocks by name. It keeps answers, and is what `configure` makes of it.
    """

    def __init__(self, around: Surroundings, tables: Mapping[str, Any]) -> None:
        self._around = around
        self._tables: dict[str, Any] = {
            "provider": [{"name": name} for name in _NAMES],
            "cache": {},
        }
        self._callbacks = Callbacks()
        self._expected_ms: ExpectedMs | None = None
        self.providers: dict[str, MockProviderWithErrors] = {}
        self._faults = MockLLM(around.materials, clock=around.clock)
        for name in around.faults:
            self._faults.fail(name, times=1)
        self._set_up(tables)

    def configure(
        self,
        file: str | Path | None = None,
        *,
        callbacks: Callbacks | None = None,
        expected_ms: ExpectedMs | None = None,
        **tables: Any,
    ) -> Self:
        """Set parts of the router up anew; what it has kept and counted so far is forgotten.

        Args:
            file: a router's file, below rootdir; its providers are mocks here, too.
            callbacks: whom the router tells what it does, beside the run.
            expected_ms: what measurements promise, for balancing by efficiency.
            tables: the tables of such a file: `cache={"ttl_seconds": 60}`; None leaves one out.

        Raises:
            RouterConfigError: a key or a value is wrong.
        """
        if callbacks is not None:
            self._callbacks = callbacks
        self._expected_ms = expected_ms or self._expected_ms
        read = {} if file is None else self._read(self._around.root / file)
        self._set_up({**read, **tables})
        return self

    def _read(self, path: Path) -> dict[str, Any]:
        import tomllib  # noqa: PLC0415 - only who names a file pays for it

        read_router_file(path)
        return tomllib.loads(path.read_text(encoding="utf-8"))

    def _set_up(self, tables: Mapping[str, Any]) -> None:
        together = {**self._tables, **tables}
        kept = {name: table for name, table in together.items() if table is not None}
        file = read_router_table(kept, where=_WHERE)
        self._tables = together
        self._make(file)

    def _make(self, file: RouterFile) -> None:
        around = self._around
        self.providers = {each.name: self._provider(each.name) for each in file.provider}
        super().__init__(
            self.providers.values(),
            file.registry(),
            policy=file.policy(seed=around.seed, expected_ms=self._expected_ms),
            cache=file.cache.make(around.clock) if file.cache else None,
            callbacks=router_lifecycle() + around.callbacks + self._callbacks,
            price=router_prices(around.prices, around.clock),
            clock=around.clock,
        )

    def _provider(self, name: str) -> MockProviderWithErrors:
        around = self._around
        if name in self.providers:
            return self.providers[name]
        provider = MockProviderWithErrors(name, clock=around.clock, materials=around.materials)
        provider.mock.profile = around.profile
        provider.mock.share_faults(self._faults)
        return provider
