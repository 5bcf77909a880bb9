"""`recording`: the calls of a block, in a program that is no run of pytest."""

from __future__ import annotations

import os
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Final, cast

from ..errors import SettingsError
from ._no_calls import NoCalls
from ._settings import ProgramSettings, is_wanted, read_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..telemetry import Telemetry
    from ._calls import RecordedCalls
    from ._run import ProgramRun

#: One at a time begins the run of the process, or ends it.
_TURN: Final = RLock()


class Recording:
    """What `recording` returns: `with` and `async with`, one after the other as often as wanted."""

    def __init__(
        self,
        *,
        enabled: bool | None = None,
        store: str | Path | None = None,
        name: str | None = None,
        keep: int = 1000,
    ) -> None:
        if keep < 1:
            msg = f"recording: keep is {keep!r}; write how many calls can be looked at, 1 or more."
            raise SettingsError(msg)
        self._enabled = enabled
        self._store = store
        self._name = name
        self._keep = keep
        self._run: ProgramRun | None = None
        self._telemetry: Telemetry | None = None
        self._calls: RecordedCalls | None = None

    def _open(self) -> None:
        """Begin the run of the process, or join the one that there is."""
        if self._calls is not None:
            msg = "this recording is open already: call understudy.recording() for another one"
            raise RuntimeError(msg)
        if not (is_wanted(os.environ) if self._enabled is None else self._enabled):
            self._calls = cast("RecordedCalls", NoCalls())
            return
        from ..pricing import load_price_list  # noqa: PLC0415 - who records nothing pays nothing

        root = Path.cwd()
        settings = read_settings(os.environ, root=root, store=self._store)
        with _TURN:
            self._telemetry = self._joined(settings) or self._begun(settings, root)
            if self._run is not None:
                self._run.users += 1
        load_price_list()
        self._calls = self._calls_of(self._telemetry)

    def _joined(self, settings: ProgramSettings) -> Telemetry | None:
        """Return the telemetry for which the clients of this process are watched already."""
        from ..telemetry import Telemetry, tapped_telemetry  # noqa: PLC0415 - as above
        from ._run import ProgramRun  # noqa: PLC0415 - as above

        telemetry = tapped_telemetry()
        if not isinstance(telemetry, Telemetry):
            return None
        if isinstance(telemetry.program, ProgramRun):
            self._run = telemetry.program
            self._check_store(settings, self._run)
        return telemetry

    def _begun(self, settings: ProgramSettings, root: Path) -> Telemetry:
        from ._run import ProgramRun  # noqa: PLC0415 - as above

        self._run = ProgramRun(settings, root=root, name=self._name)
        return self._run.telemetry

    def _check_store(self, settings: ProgramSettings, run: ProgramRun) -> None:
        if self._store is None:
            return
        from ..store import parse_location  # noqa: PLC0415 - as above

        asked, used = parse_location(settings.store), parse_location(run.location)
        if asked != used:
            self._run = None
            msg = (
                f"recording(store={str(asked)!r}): this process records into {used} by now, and "
                "has one store. Leave the store out, or name the same."
            )
            raise SettingsError(msg)

    def _calls_of(self, telemetry: Telemetry) -> RecordedCalls:
        from ._calls import RecordedCalls  # noqa: PLC0415 - as above

        return RecordedCalls(
            telemetry.prices,
            keep=self._keep,
            run_id=telemetry.event_log.run_id,
            store=None if self._run is None else self._run.store,
            owner=telemetry.ownership.current(),
        )

    def _enter(self) -> RecordedCalls:
        """Let the calls of this task or thread be its own from here on."""
        calls, telemetry = self._calls, self._telemetry
        assert calls is not None
        if telemetry is not None:
            owner = telemetry.ownership.current()
            owner.is_ignored = owner.is_ignored and not owner.may_wake
            telemetry.open_scope(calls, apart=True)
            if self._run is not None and telemetry.base_scope is None:
                telemetry.base_scope = calls
        return calls

    def _leave(self) -> None:
        calls, telemetry = self._calls, self._telemetry
        assert calls is not None
        calls.is_finished = True
        if telemetry is not None:
            telemetry.scope.set(telemetry.own_scope())
            if telemetry.base_scope is calls:
                telemetry.base_scope = None

    def _close(self) -> None:
        """End the run of the process, where no other recording is open."""
        run, self._run, self._telemetry, self._calls = self._run, None, None, None
        if run is None:
            return
        with _TURN:
            run.users -= 1
            if not run.users:
                run.close()

    def __enter__(self) -> RecordedCalls:
        self._open()
        return self._enter()

    def __exit__(self, *_: object) -> None:
        self._leave()
        self._close()

    async def __aenter__(self) -> RecordedCalls:
        await _aside(self._open)
        return self._enter()

    async def __aexit__(self, *_: object) -> None:
        self._leave()
        await _aside(self._close)


def recording(
    *,
    enabled: bool | None = None,
    store: str | Path | None = None,
    name: str | None = None,
    keep: int = 1000,
) -> Recording:
    """Record the LLM calls of a block: `with understudy.recording(enabled=True) as calls:`.

    Calls are those of `llm_calls` in a test: the same events, prices and sinks. They belong to a
    run of kind `logger` in the store, which begins with the first recording that is open in a
    process and ends with the last. A call counts for the recording around the code that makes it,
    in that task or thread and those started inside, and for those around that; a call of code that
    is in none, for the one that was opened first. Where pytest runs with understudy, calls are the
    test's, and are stored with that run or not at all.

    Args:
        enabled: whether anything is recorded. None is what `TELEMETRY_DB_ENABLED` (or
            `UNDERSTUDY_TELEMETRY`) says, and off without it: then nothing happens at all.
        store: a path, below the working directory, or a URL. None is what `UNDERSTUDY_STORE`
            says, and `.understudy/telemetry.db` without it.
        name: the events' phase is `recording:<name>`. None is the name of the program.
        keep: how many of the newest attempts can be looked at one by one.

    Returns:
        What gives, as a context manager, the `RecordedCalls` so far.

    Raises:
        SettingsError: on entering, a setting is wrong, or another store is in use.
    """
    return Recording(enabled=enabled, store=store, name=name, keep=keep)


async def _aside(action: Callable[[], None]) -> None:
    """Do what waits for files without holding up an event loop of asyncio."""
    import asyncio  # noqa: PLC0415 - as above

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        action()
        return
    await asyncio.to_thread(action)
