"""What every router should do."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

import pytest

from ..clock import RealClock, VirtualClock
from ..errors import SettingsError, UnknownNameError
from ._adapter import trait
from ._cases import checks_of
from ._lacks import Lacks
from ._purse import Purse
from ._rig import Rig
from .checks import (
    BalanceChecks,
    BreakerChecks,
    CacheChecks,
    CachedStreamChecks,
    CoalescingChecks,
    FailoverChecks,
    KeptChecks,
    KeyChecks,
    LeftoverChecks,
    MoneyChecks,
    RetryAfterChecks,
    RetryChecks,
    SelectionChecks,
    StreamChecks,
    StreamFailureChecks,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._adapter import AdapterMaker
    from ._check import Check

#: 1: the nine checks that every router had to pass. 2: streams, retries and failover. 3: breaker,
#: balance, limits, coalescing and warming. 4: what a cache must not do, and money. 5: what is left
#: behind, and what the caller is told.
NEWEST_LEVEL: Final = 5


class _Belongings(NamedTuple):
    """What the checks of one class share: money, and simulated time."""

    purse: Purse
    clock: VirtualClock


_BELONGINGS: Final[pytest.StashKey[_Belongings]] = pytest.StashKey()


class RouterContract(
    SelectionChecks,
    CacheChecks,
    KeyChecks,
    StreamChecks,
    MoneyChecks,
    StreamFailureChecks,
    RetryChecks,
    RetryAfterChecks,
    FailoverChecks,
    BreakerChecks,
    BalanceChecks,
    CoalescingChecks,
    KeptChecks,
    CachedStreamChecks,
    LeftoverChecks,
):
    """Subclass it as `TestMyRouter`, and give it a fixture `adapter` that returns an adapter.

    Attributes:
        contract_level: the checks up to this level run. Later versions add levels: pin it.
        required: capabilities that the router must not lack.
        known_failures: why a check is expected to fail, by its name, with or without its
            parameters. One that passes nevertheless fails.
        budget_usd: what a live adapter may spend.
    """

    contract_level: ClassVar[int] = NEWEST_LEVEL
    required: ClassVar[frozenset[str] | set[str]] = frozenset()
    known_failures: ClassVar[Mapping[str, str]] = {}
    budget_usd: ClassVar[float | None] = None

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        checks = checks_of(cls)
        where = cls.__qualname__
        capabilities = {each.capability for each in checks.values()}
        UnknownNameError.check("capability", cls.required, capabilities, where=f"{where}.required")
        names = (name.partition("[")[0] for name in cls.known_failures)
        UnknownNameError.check("check", names, checks, where=f"{where}.known_failures")
        replaced = [name for name in vars(cls) if name in checks_of(RouterContract)]
        if replaced:
            msg = f"{where} replaces {replaced[0]}: name it in known_failures, with the reason."
            raise SettingsError(msg)

    @pytest.fixture
    def adapter(self) -> AdapterMaker:
        """Return the adapter of the router; a subclass must define it."""
        msg = f"{type(self).__qualname__} needs a fixture `adapter` that returns a RouterAdapter."
        raise SettingsError(msg)

    @pytest.fixture
    def llm_router_contract(self, request: pytest.FixtureRequest) -> _Belongings:
        """What the checks of one class share."""
        stash: pytest.Stash = request.node.getparent(pytest.Class).stash
        if _BELONGINGS not in stash:
            stash[_BELONGINGS] = _Belongings(Purse(self.budget_usd or 0.0), _clock_of(request))
        return stash[_BELONGINGS]

    @pytest.fixture
    def rig(
        self,
        request: pytest.FixtureRequest,
        adapter: AdapterMaker,
        llm_router_contract: _Belongings,
    ) -> Rig:
        """What a check works with."""
        if not callable(adapter):
            msg = f"the fixture `adapter` returns {adapter!r}: return the class, or a function."
            raise SettingsError(msg)
        is_real = trait(adapter, "real_time") or trait(adapter, "live")
        clock = RealClock() if is_real else llm_router_contract.clock
        purse = llm_router_contract.purse if trait(adapter, "live") else None
        return Rig(adapter, clock, name=request.node.name, purse=purse)

    def begin_check(self, check: Check, rig: Rig) -> None:
        """Skip a check that is newer than the pinned level, or that live providers cannot pass."""
        if check.level > self.contract_level:
            level = self.contract_level
            pytest.skip(f"level {check.level}: this router is held to contract_level = {level}")
        if not rig.is_live:
            return
        if self.budget_usd is None:
            pytest.skip("live providers cost: set budget_usd to hold a live router to it")
        if not check.live:
            pytest.skip("live providers do not fail and count as they are told")

    def end_check(self, check: Check, rig: Rig, error: Exception | None) -> None:
        """Skip, fail or pass."""
        if isinstance(error, Lacks):
            if check.capability in self.required:
                pytest.fail(f"{check.capability} is required, and {error}", pytrace=False)
            pytest.skip(f"{check.capability}: {error}")
        base = rig.name.partition("[")[0]
        reason = self.known_failures.get(rig.name) or self.known_failures.get(base)
        if reason is None:
            if error is not None:
                raise error
        elif error is None:
            pytest.fail(f"known_failures names it ({reason}), and it passes", pytrace=False)
        else:
            pytest.xfail(reason)


def _clock_of(request: pytest.FixtureRequest) -> VirtualClock:
    """Return the simulated time of the run, one of our own where it has none."""
    try:
        clock = request.getfixturevalue("llm_clock")
    except pytest.FixtureLookupError:  # the plugin is off
        clock = None
    return clock if isinstance(clock, VirtualClock) else VirtualClock()
