"""One answer as a test writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, TypedDict

from ..errors import SettingsError

if TYPE_CHECKING:
    from ._forms import ToolCallForm, UsageForm

#: By line, by token, or the chunks themselves, each with a delay of its own.
Chunking: TypeAlias = Literal["line", "token"] | Sequence[str]

_BY_NAME: Final = ("line", "token")
_TEXTS: Final = ("text", "thinking", "refusal", "finish_reason", "model", "profile")


class ReplyOptions(TypedDict, total=False):
    """What a reply may hold beside its text; see `MockReply`."""

    json: Any
    tool_calls: Sequence[ToolCallForm]
    thinking: str | None
    refusal: str | None
    usage: UsageForm | None
    finish_reason: str | None
    model: str | None
    chunk: Chunking
    profile: str | None
    vectors: Sequence[Sequence[float]] | None
    headers: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class MockReply:
    """What the model says, in no provider's words.

    `text` streams line by line, newlines kept; `chunk="token"` cuts the lines into tokens that
    come together, a list holds the chunks themselves, each with a delay of its own. `json` is
    the text instead: a pydantic model, a dataclass or plain data. `usage` has the names of
    events; what it leaves out is counted. `finish_reason` None follows from the rest, `model`
    None is the model asked for, `profile` None that of the test. `vectors` answer a request
    for embeddings. `headers` are laid over the provider's own.
    """

    text: str = field(default="", kw_only=False)
    json: Any = None
    tool_calls: Sequence[ToolCallForm] = ()
    thinking: str | None = None
    refusal: str | None = None
    usage: UsageForm | None = None
    finish_reason: str | None = None
    model: str | None = None
    chunk: Chunking = "line"
    profile: str | None = None
    vectors: Sequence[Sequence[float]] | None = None
    headers: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        _check_types(self)
        has_chunks = not isinstance(self.chunk, str)
        if self.json is not None and (self.text or has_chunks):
            msg = "a reply is given both a text and json; leave one of them out."
            raise SettingsError(msg)
        if has_chunks:
            _check_chunks(self)
        elif self.chunk not in _BY_NAME:
            msg = f'chunk is {self.chunk!r}; write "line", "token", or a list of the chunks.'
            raise SettingsError(msg)


def _check_types(reply: MockReply) -> None:
    for name in _TEXTS:
        value = getattr(reply, name)
        if value is not None and not isinstance(value, str):
            msg = f"{name} is {value!r}; give a text."
            raise SettingsError(msg)
    if isinstance(reply.tool_calls, str) or not isinstance(reply.tool_calls, Sequence):
        msg = f"tool_calls is {reply.tool_calls!r}; give a list, like [('name', {{arguments}})]."
        raise SettingsError(msg)
    if not isinstance(reply.headers, Mapping | None):
        msg = f"headers is {reply.headers!r}; give a mapping of names to texts."
        raise SettingsError(msg)


def _check_chunks(reply: MockReply) -> None:
    if reply.text and "".join(reply.chunk) != reply.text:
        msg = f"the chunks {list(reply.chunk)!r} do not make the text {reply.text!r}."
        raise SettingsError(msg)
