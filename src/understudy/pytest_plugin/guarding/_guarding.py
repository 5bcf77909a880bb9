"""Guards tests: by itself those that are mocked or replayed, all of them where asked to."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from ._verdict import verdict_on

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from ...intercept.guard import Block, Guard, Refusal
    from ...settings import Settings
    from ...telemetry import FaultLog, Owner


class Guarding:
    """Refuses what would leave this machine while a guarded test runs, and fails the test.

    `reasons` are asked about each test: True guards it, None is no opinion, and False says that
    it has to reach the network, as a cassette does that records.
    """

    def __init__(
        self,
        guard: Guard,
        settings: Settings,
        *,
        current_owner: Callable[[], Owner],
        faults: FaultLog,
    ) -> None:
        self.reasons: list[Callable[[pytest.Item], bool | None]] = []
        self._guard = guard
        self._settings = settings
        self._current_owner = current_owner
        self._faults = faults
        self._wide = 0
        self._is_exempt = settings.allow_live
        self._test: ExitStack | None = None
        self._blocks: list[Block] = []
        self._told: list[Refusal] = []

    @contextmanager
    def protected(self, owner: Owner | None) -> Iterator[None]:
        """Guard what `owner` does, from now until its test ends; None is everybody.

        Everybody stays guarded in the tests that follow, until this is left.
        """
        self._wide += owner is None
        self._cover(owner)
        try:
            yield
        finally:
            self._wide -= owner is None

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """A test begins: it is guarded from now on, where there is a reason."""
        self._begin(item)
        try:
            result = yield
        except BaseException as error:
            _end_with(verdict_on(error, self._news()), error)
            raise
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """The test's own code runs; the test fails of what was refused so far."""
        try:
            result = yield
        except BaseException as error:
            _end_with(verdict_on(error, self._news()), error)
            raise
        # What a unittest.TestCase raised was not raised here: pytest keeps it in the item.
        held = getattr(item, "_excinfo", None) or []
        kept = held[0].value if held else None
        end = verdict_on(kept, self._news())
        if end is not kept:
            held.clear()
            _end_with(end, kept)
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self) -> Generator[None, Any, Any]:
        """A test ends: its teardown fails of what was refused in it."""
        try:
            result = yield
        except BaseException as error:
            _end_with(verdict_on(error, self._news()), error)
            raise
        else:
            _end_with(verdict_on(None, self._news()), None)
        finally:
            self.end()
        return result

    def pytest_sessionfinish(self) -> None:
        """Say which libraries were not guarded as they should be."""
        for module in dict.fromkeys(self._guard.unsupported):
            self._faults.note(
                f"guarding {module}",
                "it is of a version that the guard does not know; what was sent on its open "
                "connections was not refused",
            )

    def end(self) -> None:
        """Let go of the test that ran last, where it is still guarded."""
        if self._test is not None:
            self._test.close()
        self._test, self._is_exempt = None, self._settings.allow_live
        self._blocks.clear()
        self._told.clear()

    def _begin(self, item: pytest.Item) -> None:
        opinions = [reason(item) for reason in self.reasons]
        self._is_exempt = self._settings.allow_live or False in opinions
        self._test = ExitStack()
        if self._settings.block_network or self._wide:
            self._cover(None)
        elif any(opinions):
            self._cover(self._current_owner())

    def _cover(self, owner: Owner | None) -> None:
        """Block the network for an owner until the test ends that runs now."""
        if self._test is None and owner is not None:
            self._test = ExitStack()  # this session began in the middle of the test
        is_covered = any(block.owner in (None, owner) for block in self._blocks)
        if self._is_exempt or is_covered or self._test is None:
            return
        block = self._guard.block(owner, allowed=self._settings.allowed_hosts)
        self._blocks.append(self._test.enter_context(block))

    def _news(self) -> list[Refusal]:
        """Return what was refused since this was asked last."""
        refused = (refusal for block in self._blocks for refusal in block.refusals)
        news = [refusal for refusal in refused if refusal not in self._told]
        self._told += news
        return news


def _end_with(end: BaseException | None, error: BaseException | None) -> None:
    """Raise `end` in the place of `error`, where it is another one."""
    if end is not None and end is not error:
        raise end from None
