"""The player itself: one cassette, played and recorded for many tasks and threads at once."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from functools import partial
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from ...calls import CHANGED
from ...playback import Silence
from .._interaction import CANCELLED, RecordedRequest, RecordedResponse
from ..matching import Hit, Miss, MissAction, MissReason, explain_silence
from ._recording import Recording
from ._replay import Replay, playback_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...calls import Request
    from ...clock import Clock
    from ...playback import Playback
    from ...wire import WireApis
    from .._cassette import Cassette
    from .._interaction import Interaction

_LOCALHOSTS: Final = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "::1"})  # noqa: S104 - compared


class CassetteMiss(BaseException):
    """No interaction of the cassette answers the call; says which comes nearest, and the diff.

    No `Exception`: SDKs catch those of a transport, try again, and report a failed connection.
    """

    slug = "cassette-miss"

    def __init__(self, miss: Miss, *, cassette: str, note: str = "") -> None:
        super().__init__(miss)
        self.miss = miss
        self.cassette = cassette
        self._note = note

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(CassetteMiss, cassette=self.cassette, note=self._note), (self.miss,)

    def __str__(self) -> str:
        return f"{self.miss.text}\n{self._note}" if self._note else self.miss.text

    @property
    def event_fields(self) -> dict[str, Any]:
        """The fields of the call's event that the wire does not tell."""
        return {"cassette": self.cassette, "cassette_verdict": "miss"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """Which requests are neither played nor recorded: those to `ignore_hosts`, by name."""

    ignore_hosts: frozenset[str] = frozenset()
    ignore_localhost: bool = False

    def lets_by(self, request: Request) -> bool:
        """Tell whether `request` is none of the cassette's."""
        passed = self.ignore_hosts | (_LOCALHOSTS if self.ignore_localhost else frozenset())
        return bool(passed) and (urlsplit(request.url).hostname or "") in passed


_EVERYTHING: Final = Passing()
#: How long a call is waited for that the application gave up when it was recorded.
_PATIENCE_SECONDS: Final = 30.0


class CassettePlayer:
    """Answers requests from a cassette, and records what it does not answer.

    Args:
        cassette: what is played, and recorded where its mode allows it.
        clock: what the recorded moments pass on.
        apis: tell whether a stream that was not read to its end is whole.
        replay_speed: 0 plays at once, 1 in recorded time, 2 twice as fast.
        passing: which requests are none of the cassette's.
        name: what events call the cassette; None is its path.
        note: what is said of a miss besides.
    """

    def __init__(
        self,
        cassette: Cassette,
        *,
        clock: Clock,
        apis: WireApis,
        replay_speed: float = 0.0,
        passing: Passing = _EVERYTHING,
        name: str | None = None,
        note: str = "",
    ) -> None:
        self.cassette = cassette
        self._note = note
        self.name = str(cassette.path) if name is None else name
        #: Calls that nothing in the cassette answers, whoever swallowed the error.
        self.misses: list[CassetteMiss] = []
        #: Calls that went to the network and are not kept.
        self.passed = 0
        self._clock = clock
        self._apis = apis
        self._speed = replay_speed
        self._passing = passing
        # Not reentrant, and never waited for where an answer ends: the garbage collector
        # may close a response in the middle of anything.
        self._lock = Lock()
        self._open: dict[Recording, None] = {}
        self._kept: deque[tuple[Recording, Callable[[], RecordedResponse]]] = deque()
        self._errors: list[Exception] = []
        self._is_over = Event()

    def take(self, request: Request) -> Replay | Recording | None:
        """Return what answers `request`, or what records it; None where it passes by.

        Raises:
            CassetteMiss: nothing answers it, and nothing may be recorded.
        """
        # A WebSocket that may go out cannot be kept; one that may not is a miss.
        cannot_keep = "upgrade" in request.headers and not self.cassette.write_protected
        if cannot_keep or self._passing.lets_by(request):
            self.passed += 1
            return None
        asked = RecordedRequest(
            method=request.method,
            url=request.url,
            headers=tuple(request.headers.items()),
            body=request.body,
        )
        with self._lock:
            found = self.cassette.find(asked)
        self._store()
        if isinstance(found, Hit):
            return self._replay(found, request)
        if found.action is MissAction.RECORD:
            is_whole = partial(self._is_whole, request)
            recording = Recording(
                asked, found, keep=self._keep, is_whole=is_whole, cassette=self.name
            )
            self._open[recording] = None
            return recording
        if found.action is MissAction.IGNORE:
            self.passed += 1
            return None
        raise self._missed(found, note=self._note)

    def _replay(self, found: Hit, request: Request) -> Replay:
        return Replay(
            self._playback(found.recorded),
            found.recorded.response,
            self._clock,
            began_at=self._clock.now(),
            recognised=self._apis.recognise(request),
            cassette=self.name,
            verdict=CHANGED if found.is_changed else "hit",
        )

    def _missed(self, found: Miss, *, note: str = "") -> CassetteMiss:
        """Return what is raised, and keep it: the application may swallow it."""
        miss = CassetteMiss(found, cassette=self.name, note=note)
        self.misses.append(miss)
        return miss

    def _playback(self, recorded: Interaction) -> Playback:
        playback, response = playback_of(recorded.response, speed=self._speed), recorded.response
        error = response.error
        if error is None or error.kind != CANCELLED:
            return playback
        given_up_ms = 0.0 if response.timing is None else response.timing.end_ms or 0.0
        silence = Silence(
            seconds=max(_PATIENCE_SECONDS, 2 * given_up_ms / 1000),
            outlasted=partial(self._outlasted, recorded),
            is_over=self._is_over,
            before_head=error.before_head,
        )
        return replace(playback, silence=silence)

    def _outlasted(self, recorded: Interaction) -> CassetteMiss:
        """Return what is raised where the application waits for what it gave up when recorded."""
        response, path = recorded.response, self.cassette.path
        miss = Miss(
            MissAction.REFUSE,
            MissReason.CANCELLED,
            recorded.request,
            keys=None,
            ticket=0,
            explain=lambda miss: explain_silence(miss, path, response),
        )
        return self._missed(miss)

    @property
    def verdict(self) -> str | None:
        """How the calls were answered: `hit`, `partial`, `miss`, `recorded`, `live`; None: none."""
        played, recorded = self.cassette.play_count, len(self.cassette.recorded)
        if self.misses:
            return "partial" if played or recorded else "miss"
        ways = {"hit": played, "recorded": recorded, "live": self.passed}
        found = [verdict for verdict, count in ways.items() if count]
        return "partial" if len(found) > 1 else next(iter(found), None)

    def flush(self) -> None:
        """End the recordings of answers that nobody closed."""
        for recording in list(self._open):
            recording.leave()

    def close(self) -> None:
        """End what is open and save the cassette.

        Raises:
            CassetteError: it cannot be saved, or something of it was not kept.
        """
        self._is_over.set()
        self.flush()
        with self._lock:
            pass  # whoever is storing has finished
        self._store()
        self.cassette.close()
        if self._errors:
            raise self._errors[0]

    def _is_whole(self, request: Request, response: RecordedResponse) -> bool:
        recognised = self._apis.recognise(request)
        return recognised is not None and recognised.skim(request, response.plain()).complete

    def _keep(self, recording: Recording, make: Callable[[], RecordedResponse] | None) -> None:
        was_open = self._open.pop(recording, self) is None
        if was_open and make is not None:
            self._kept.append((recording, make))
            self._store()

    def _store(self) -> None:
        """Append what is kept, unless somebody is at it: he takes this too."""
        while self._kept and self._lock.acquire(blocking=False):
            try:
                recording, make = self._kept.popleft()
                self.cassette.append(recording.request, make(), miss=recording.miss)
            except IndexError:
                pass  # somebody else was faster
            except Exception as error:  # noqa: BLE001 - told by `close`, not to the application
                self._errors.append(error)
            finally:
                self._lock.release()
