"""Ways in which a client meets the endpoint: each a thin adapter of it."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.support.answering import APIS, Mocked
from tests.support.watcher import Watcher

from understudy.endpoint import Endpoint
from understudy.intercept import Taps
from understudy.intercept.routes import RouteAnswerer, Routes, patched
from understudy.mock import MockLibrary, MockLLM
from understudy.telemetry import Owner

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from understudy.clock import VirtualClock

NODE_ID = "test_app.py::test_answer"
PROVIDERS = ("anthropic", "bedrock", "cohere", "google", "mistral", "openai")
LIBRARY = MockLibrary.default()


@dataclass(frozen=True)
class Mount:
    """A mock, and what the clients of this process were seen to do while it is mounted."""

    mock: MockLLM
    clock: VirtualClock
    watcher: Watcher
    speakers: Sequence[Any]

    def reply(self, *answer: Any, **options: Any) -> None:
        """Say what answers."""
        for speaker in self.speakers:
            speaker.reply(*answer, **options)

    def fail(self, fault: str, **options: Any) -> None:
        """Say what befalls the calls."""
        for speaker in self.speakers:
            speaker.fail(fault, **options)


def new_mock(clock: VirtualClock, node_id: str = NODE_ID) -> MockLLM:
    """Return a mock like that of every mount."""
    return MockLLM(LIBRARY, clock=clock, profile="realistic_l3", node_id=node_id)


@contextmanager
def taps(clock: VirtualClock) -> Iterator[Mount]:
    """The taps answer all calls to providers."""
    mock = new_mock(clock)
    mount = Mount(mock, clock, Watcher(), [mock])
    with Taps(mount.watcher, answerer=Mocked(mock)):
        yield mount


@contextmanager
def routes(clock: VirtualClock) -> Iterator[Mount]:
    """Ready routes of respx's router answer them, each with rules of its own."""
    mock = new_mock(clock)
    router = Routes(mock, APIS)
    ready = [router.provider(provider) for provider in PROVIDERS]
    mount = Mount(mock, clock, Watcher(), ready)
    owner = Owner(phase_id=NODE_ID)
    answerer = RouteAnswerer(
        router,
        Endpoint(mock, APIS),
        apis=APIS,
        current_owner=lambda: owner,
        noted=lambda _: nullcontext(),
    )
    with Taps(mount.watcher, answerer=answerer), patched(router):
        yield mount


MOUNTS = {"taps": taps, "routes": routes}
