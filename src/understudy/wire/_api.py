"""What a wire API is to those who read it: requests, answers, and what both say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from ..calls import Operation, Prompt
from .fields import word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._answer import Draft
    from ._pieces import Landmarks
    from ._target import Peek, Target


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for; `operation` only where it differs from the API's own."""

    model: str | None = None
    stream: bool = False
    operation: Operation | None = None


class WireApi(Protocol):
    """Reads the requests and answers of one wire API. It holds no state and never raises.

    `wire_api` names the API (`openai.chat`), `operation` is what it does. `landmarks` makes
    long streams cheap to read; with None every event is parsed.
    """

    @property
    def wire_api(self) -> str: ...

    @property
    def operation(self) -> Operation | None: ...

    @property
    def landmarks(self) -> Landmarks | None: ...

    def matches(self, target: Target, peek: Peek) -> bool:
        """Tell whether a POST to `target` is a call of this API.

        Only where the path is ambiguous on an unknown host, `peek` looks into the body.
        """

    def asked(self, target: Target, body: Mapping[str, Any]) -> Asked:
        """Read the model and whether a stream is wanted; `body` is empty if it is no JSON."""

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read an answer that came in one piece; errors are read before and elsewhere."""

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read one event of a stream, in order; set `draft.complete` at the last one."""

    def has_content(self, event: Mapping[str, Any]) -> bool:
        """Tell whether `event` brings text, reasoning, a refusal or a piece of a tool call."""


class PromptReader(Protocol):
    """Reads the conversation out of the request bodies of one wire API. May raise anything."""

    def __call__(self, body: Mapping[str, Any], /) -> Prompt:
        """Return messages, tools and the schema of the answer; empty where nothing is known."""


class BaseApi:
    """What most wire APIs share. Without more, none streams.

    A call is told by the end of its path, one of `paths`. With `body_keys` that is enough only
    at hosts where the API is at home (`home`: names of providers); on others' the body must
    hold all these keys. None: others' are never asked. `is_polled`: where an answer is still in
    the making, a GET at its id brings it. `reads_lists`: an answer may be a list, each of whose
    objects is read.
    """

    paths: tuple[str, ...] = ()
    home: tuple[str, ...] = ()
    body_keys: tuple[str, ...] | None = ()
    operation: Operation | None = None
    landmarks: Landmarks | None = None
    is_polled: bool = False
    reads_lists: bool = False

    def matches(self, target: Target, peek: Peek) -> bool:
        """Match by the path, and on others' hosts by the body."""
        if not target.path.endswith(self.paths):
            return False
        if self.body_keys == () or self.is_at_home(target):
            return True
        return self.body_keys is not None and peek.mentions(*self.body_keys)

    def is_at_home(self, target: Target) -> bool:
        """Tell whether it is spoken there."""
        return target.provider in self.home

    def asked(self, target: Target, body: Mapping[str, Any]) -> Asked:  # noqa: ARG002
        """Read `model` and `stream` of the body; embeddings do not stream."""
        can_stream = self.operation is not Operation.EMBEDDINGS
        return Asked(word(body.get("model")), can_stream and body.get("stream") is True)

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read nothing: there are no events."""

    def has_content(self, event: Mapping[str, Any]) -> bool:  # noqa: ARG002
        """Say no: there are no events."""
        return False
