"""One answer as a test writes it, and the forms of its parts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from typing import Any, Final, Literal, TypeAlias, TypedDict

from ..calls import ToolCall, Usage
from ..errors import SettingsError, UnknownNameError

#: A `ToolCall`; a name; a name and its arguments; or a mapping of `name`, `arguments` and `id`.
ToolCallForm: TypeAlias = ToolCall | str | tuple[str, Any] | Mapping[str, Any]
#: Counts by their names in events.
UsageForm: TypeAlias = Usage | Mapping[str, int]

_CALL_KEYS: Final = ("name", "arguments", "id")
_COUNTS: Final = tuple(field.name for field in fields(Usage))


def tool_call_of(form: Any) -> ToolCall:
    """Return the tool call; arguments that are text go out as they stand.

    Raises:
        SettingsError: it has none of the forms, or an unknown key.
    """
    if isinstance(form, ToolCall):
        return form
    if isinstance(form, str):
        return ToolCall(form, "{}")
    if isinstance(form, tuple) and len(form) == len(_CALL_KEYS) - 1:
        form = dict(zip(_CALL_KEYS, form, strict=False))
    if not isinstance(form, Mapping) or not isinstance(form.get("name"), str):
        msg = f"{form!r} is no tool call: write ('name', {{arguments}}) or {{'name': …}}."
        raise SettingsError(msg)
    UnknownNameError.check("key", form, _CALL_KEYS, where="a tool call")
    arguments = {} if form.get("arguments") is None else form["arguments"]
    text = arguments if isinstance(arguments, str) else json_text(arguments)
    return ToolCall(form["name"], text, form.get("id"))


def usage_of(form: UsageForm) -> Usage:
    """Return the usage; what is not given is None.

    Raises:
        SettingsError: it is no mapping, a key is unknown, or a count is no number from 0 on.
    """
    if isinstance(form, Usage):
        return form
    if not isinstance(form, Mapping):
        msg = f"usage is {form!r}; give counts by name, like {{'output_tokens': 12}}."
        raise SettingsError(msg)
    for name, count in form.items():
        UnknownNameError.check("count", [name], _COUNTS, where="usage")
        if type(count) is not int or count < 0:
            msg = f"usage: {name} is {count!r}; give a whole number from 0 on."
            raise SettingsError(msg)
    return Usage(**form)


def json_text(value: Any) -> str:
    """Return a pydantic model, a dataclass or plain data as compact JSON.

    Raises:
        SettingsError: it is nothing that JSON can hold.
    """
    if callable(dump := getattr(value, "model_dump_json", None)) and not isinstance(value, type):
        return str(dump())
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        msg = f"{value!r} cannot be written as JSON: {error}."
        raise SettingsError(msg) from None


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
    come together, a list holds the chunks themselves, each with a delay of its own. The arguments
    of a tool call are cut after each of them, into tokens, or as a list says that makes them.
    `json` is the text instead: a pydantic model, a dataclass or plain data. `usage` has the
    names of events; what it leaves out is counted. `finish_reason` None follows from the rest,
    `model` None is the model asked for, `profile` None that of the test. `vectors` answer a
    request for embeddings. `headers` are laid over the provider's own.
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
        _check_chunk(self.chunk)
        has_chunks = not isinstance(self.chunk, str)
        if self.json is not None and (self.text or has_chunks):
            msg = "a reply is given both a text and json; leave one of them out."
            raise SettingsError(msg)
        if has_chunks and self.text and "".join(self.chunk) != self.text:
            msg = f"the chunks {list(self.chunk)!r} do not make the text {self.text!r}."
            raise SettingsError(msg)


def _check_chunk(chunk: object) -> None:
    is_list = isinstance(chunk, Sequence) and all(isinstance(each, str) for each in chunk)
    if not is_list or (isinstance(chunk, str) and chunk not in _BY_NAME):
        msg = f'chunk is {chunk!r}; write "line", "token", or a list of the chunks.'
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
