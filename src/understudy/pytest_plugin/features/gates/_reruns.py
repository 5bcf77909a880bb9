"""Fresh processes for tests whose live latency looks worse, before they fail."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ....events import CallEvent, usd
from ....gates import Metric, RanTest, Run, RunFacts, Samples, live_samples, measure_run
from ....options import OPTIONS
from ....pricing import PriceBook, price_call
from ....store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    import pytest

    from ....settings import Settings

_DEFAULT: Final = 4
_PATIENCE_SECONDS: Final = 1800
_PLAIN: Final = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist")
_UNJUDGED: Final = ("--llm-telemetry", "--no-llm-gate", "--no-llm-update-baseline")


class Reruns:
    """Runs tests again, each time in a process of its own, as long as the budget lasts.

    Live calls cost money: without `--llm-gate-reruns` they are made again only where
    `--llm-budget` says how much that may be.
    """

    def __init__(
        self,
        config: pytest.Config,
        settings: Settings,
        prices: PriceBook,
        metrics: Mapping[str, Metric],
    ) -> None:
        self._config = config
        self._settings = settings
        self._prices = prices
        self._metrics = metrics

    @property
    def number(self) -> int:
        """How often a flagged test is run again."""
        if self._settings.gate_reruns is not None:
            return self._settings.gate_reruns
        return 0 if self._settings.budget is None else _DEFAULT

    def samples(self, tests: Sequence[str], spent: Decimal) -> Iterator[Samples]:
        """Yield what each fresh run of the tests measured; `spent` is what this run cost."""
        budget = self._settings.budget
        for _ in range(self.number):
            left = None if budget is None else budget - spent
            if left is not None and left <= 0:
                return
            calls = self._run(tests, left)
            spent += usd(sum(call.cost_nanousd or 0 for call in calls))
            run_facts = RunFacts(tests={test: RanTest(node_id=test) for test in tests})
            figures = measure_run(Run(calls=calls, run_facts=run_facts), self._metrics)
            yield {test: live_samples(each) for test, each in figures.items()}

    def _run(self, tests: Sequence[str], left: Decimal | None) -> list[CallEvent]:
        with tempfile.TemporaryDirectory(prefix="understudy-rerun-") as folder:
            store = Path(folder) / "rerun.db"
            budget = [] if left is None else [f"--llm-budget={left}"]
            with suppress(subprocess.TimeoutExpired):  # then there is nothing to judge by
                subprocess.run(  # noqa: S603 - pytest, as it was started, with names of its tests
                    [*self._command(store), *budget, *tests],
                    cwd=self._config.rootpath,
                    capture_output=True,
                    check=False,
                    timeout=_PATIENCE_SECONDS,
                )
            if not store.exists():
                return []
            with open_store(store, create=False) as opened:
                run_id = opened.latest_run_id()
                events = opened.events(run_id) if run_id else []
        return [price_call(each, self._prices) for each in events if isinstance(each, CallEvent)]

    def _command(self, store: Path) -> list[str]:
        config = [] if self._config.inipath is None else ["-c", str(self._config.inipath)]
        here = [*config, f"--rootdir={self._config.rootpath}", f"--llm-store={store}"]
        return [sys.executable, "-m", "pytest", *here, *_PLAIN, *_UNJUDGED, *self._options()]

    def _options(self) -> Iterator[str]:
        """Yield our own options as this run's command line has them."""
        for option in OPTIONS:
            if not option.for_reruns or self._settings.sources.get(option.name) != "command line":
                continue
            value = getattr(self._settings, option.name)
            if isinstance(value, bool):
                yield option.flag if value else f"--no-llm-{option.words}"
            else:
                text = ",".join(value) if isinstance(value, tuple) else value
                yield f"{option.flag}={text}"


def spent_on(calls: Sequence[CallEvent]) -> Decimal:
    """Return what live calls cost in USD."""
    return usd(sum(call.cost_nanousd or 0 for call in calls if call.is_paid))
