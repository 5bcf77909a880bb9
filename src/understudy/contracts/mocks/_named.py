"""A provider with a name and answers of its own, played by a mock."""

from __future__ import annotations

import json
import re
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Final

from ...calls import Request
from ...endpoint import Endpoint
from ...errors import SettingsError
from ...mock import MockLibrary, MockLLM, MockReply
from ...playback import Broken
from ...providers import default_apis
from ._gate import Gate
from ._played import FIRST_ERROR, Events, connection_error, refusal, whole
from ._telemetry import Watch

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator, Iterator, Mapping, Sequence

    from ...clock import Clock
    from ...endpoint import Answered
    from ...mock import IncomingCall, MockedCall
    from ...mock.answers import Answerable

#: What each answer of a mock provider used, unless it says otherwise.
USAGE: Final[Mapping[str, int]] = {"input_tokens": 1234, "output_tokens": 567}
_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?")
_SHOWN: Final = 40
_HEADERS: Final = {"content-type": "application/json"}


class NamedMockProvider:
    """Stands in for one provider; counts who calls, in threads and in tasks.

    Its answers are numbered, so that no two are alike: three lines each, which stream one by one.
    It satisfies both protocols of our router's providers; `ProviderServer` puts it on loopback.

    Args:
        name: `anthropic`, `openai`, `openrouter` or any other.
        answers: what it answers first, one after the other.
        mock: what plays it, with rules of its own; None makes one.
        clock: what time passes on, where it makes one; None is the machine's.
        usage: the token counts of each answer that it numbers.
        materials: what it may play, where it makes a mock; None is what understudy brings.

    Raises:
        SettingsError: the name cannot be that of a provider.
    """

    def __init__(
        self,
        name: str,
        *,
        answers: Sequence[Answerable] = (),
        mock: MockLLM | None = None,
        clock: Clock | None = None,
        usage: Mapping[str, int] = USAGE,
        materials: MockLibrary | None = None,
    ) -> None:
        if not _NAME.fullmatch(name):
            msg = f"a mock provider is named {name!r}; write lower case letters and digits."
            raise SettingsError(msg)
        self.name = name
        self.gate = Gate()
        self.apis = default_apis()
        self._usage = usage
        self._materials = materials
        self.mock = mock or self._made(answers, clock)
        host = next(iter(self.apis.provider(name).hosts), name)
        self._url = f"https://{host}/v1/chat/completions"
        self._endpoint = Endpoint(self.mock, self.apis, frozenset({name}))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}, {self.count} calls>"

    @property
    def count(self) -> int:
        """How many calls have arrived, those that failed included."""
        return self.gate.count

    @property
    def leavers(self) -> int:
        """How many gave up while the provider held them back."""
        return self.gate.leavers

    @property
    def calls(self) -> tuple[MockedCall, ...]:
        """What was asked and answered."""
        return self.mock.calls

    def hold(self) -> None:
        """Hold all calls back that arrive from now on, until `release()`."""
        self.gate.hold()

    def release(self) -> None:
        """Answer those that were held back, and hold nobody back any more."""
        self.gate.release()

    def arrived(self, number: int) -> None:
        """Block until so many calls have arrived, in all; an AssertionError after 5 seconds."""
        self.gate.arrived(number)

    def complete(self, body: Mapping[str, Any], *, timeout: float | None = None) -> dict[str, Any]:
        """Answer a body in OpenAI's chat form; `timeout` is in seconds.

        Raises:
            MockProviderError: it refuses.
            OSError: the connection breaks; a TimeoutError where nothing came for too long.
        """
        answered, watch = self._answer(body)
        with closing(answered.player(timeout)) as player, self._heard(watch):
            self.gate.enter()
            player.wait_for_head()
            watch.responded(player)
            data = b"".join(map(watch.seen, player))
        return whole(self.name, player, data)

    async def acomplete(
        self,
        body: Mapping[str, Any],
        *,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> dict[str, Any]:
        """Answer, as `complete` does, who awaits."""
        answered, watch = self._answer(body)
        with closing(answered.async_player(timeout)) as player, self._heard(watch):
            await self.gate.async_enter()
            await player.wait_for_head()
            watch.responded(player)
            data = b"".join([watch.seen(piece) async for piece in player])
        return whole(self.name, player, data)

    def stream(
        self, body: Mapping[str, Any], *, timeout: float | None = None
    ) -> Generator[dict[str, Any]]:
        """Yield the chunks of an answer, as `complete` answers; `timeout` is for each of them.

        Raises:
            ValueError: a chunk is no JSON.
        """
        answered, watch = self._answer({**body, "stream": True})
        events = Events()
        with closing(answered.player(timeout)) as player, self._heard(watch):
            self.gate.enter()
            player.wait_for_head()
            watch.responded(player)
            if player.status >= FIRST_ERROR:
                raise refusal(self.name, player, b"".join(map(watch.seen, player)))
            for data in player:
                yield from events.feed(watch.seen(data))
            yield from events.rest()

    async def astream(
        self,
        body: Mapping[str, Any],
        *,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> AsyncGenerator[dict[str, Any]]:
        """Yield the chunks, as `stream` does, to who awaits."""
        answered, watch = self._answer({**body, "stream": True})
        events = Events()
        with closing(answered.async_player(timeout)) as player, self._heard(watch):
            await self.gate.async_enter()
            await player.wait_for_head()
            watch.responded(player)
            if player.status >= FIRST_ERROR:
                raise refusal(
                    self.name, player, b"".join([watch.seen(one) async for one in player])
                )
            async for data in player:
                for event in events.feed(watch.seen(data)):
                    yield event
            for event in events.rest():
                yield event

    def _made(self, answers: Sequence[Answerable], clock: Clock | None) -> MockLLM:
        mock = MockLLM(self._library(), clock=clock, node_id=self.name)
        if answers:
            mock.replies(answers)
        mock.reply(self._numbered)
        return mock

    def _library(self) -> MockLibrary:
        return self._materials or MockLibrary.default()

    def _numbered(self, call: IncomingCall) -> MockReply:
        asked = call.user_text[:_SHOWN]
        text = f"{self.name} answers {asked}\ncall {call.number}\nof model {call.model}"
        return MockReply(text, usage=self._usage)

    def _answer(self, body: Mapping[str, Any]) -> tuple[Answered, Watch]:
        request = Request("POST", self._url, _HEADERS, json.dumps(body).encode())
        recognised = self.apis.recognise(request)
        assert recognised is not None, self._url
        watch = Watch(self.apis, request)
        answered = self._endpoint.answer(request, recognised)
        assert answered is not None, self._url
        watch.answered(answered)
        return answered, watch

    @contextmanager
    def _heard(self, watch: Watch) -> Iterator[None]:
        """Let the telemetry hear how a call ends, and raise what a client would."""
        try:
            with watch.ending():
                yield
        except Broken as broken:
            raise connection_error(self.name, broken) from None
