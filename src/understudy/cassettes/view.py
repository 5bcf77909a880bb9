"""What a reviewer reads of an interaction: what stands under `llm_view`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ..calls import Prompt

if TYPE_CHECKING:
    from ..calls import Exchange, Message, Usage
    from ..wire import WireApis
    from ._interaction import Interaction

#: A conversation longer than that shows its beginning and its end.
_MOST_MESSAGES: Final = 12
_FIRST_MESSAGES: Final = 2
_MOST_TOOLS: Final = 20
_LONGEST: Final = 600
_END: Final = 200


class LlmView:
    """Reads a recorded interaction with the wire APIs that read live calls.

    A view holds no ids and no moments, so that a new recording changes it only where the
    conversation changed; and it is short, however long that is. Never raises.
    """

    def __init__(self, apis: WireApis) -> None:
        self._apis = apis

    def __call__(self, recorded: Interaction) -> dict[str, Any] | None:
        """Return the view as plain data; None of what is no call and brings no answer of one."""
        request, answered = recorded.request.plain(), recorded.response
        recognised, exchange = self._apis.recognise(request), recorded.read(self._apis)
        if recognised is not None:
            prompt = recognised.prompt(recognised.question(request))
        elif exchange.text or exchange.tool_calls or exchange.usage:
            prompt = Prompt()
        else:
            return None
        fields = {**_question(exchange, prompt), **_answer(exchange)}
        if answered.error is not None:
            fields["error"] = answered.error.kind
        if not answered.complete:
            fields["complete"] = False
        return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def _question(exchange: Exchange, prompt: Prompt) -> dict[str, Any]:
    tools = [tool.name for tool in prompt.tools]
    more = f"{len(tools) - _MOST_TOOLS} more"
    return {
        "model": exchange.request_model or exchange.response_model,
        "messages": _messages(prompt.messages),
        "tools": tools if len(tools) <= _MOST_TOOLS else [*tools[:_MOST_TOOLS], more],
    }


def _messages(messages: tuple[Message, ...]) -> list[dict[str, str]]:
    told = [message_in_words(each) for each in messages]
    if len(told) > _MOST_MESSAGES:
        left_out = {"...": f"{len(told) - _MOST_MESSAGES} messages"}
        told[_FIRST_MESSAGES : _FIRST_MESSAGES - _MOST_MESSAGES] = [left_out]
    return told


def _answer(exchange: Exchange) -> dict[str, Any]:
    calls = [{call.name: cut(call.arguments)} for call in exchange.tool_calls]
    error = " ".join(word for word in (exchange.error_type, exchange.error) if word)
    return {
        "answer": cut(exchange.text or ""),
        "tool_calls": calls,
        "error": cut(f"{exchange.status} {error}") if exchange.status >= 400 or error else None,  # noqa: PLR2004
        "usage": usage_in_words(exchange.usage),
        "finish": exchange.finish_reason,
    }


def cut(text: str) -> str:
    """Return a text, or the beginning and the end of a long one, and how much is between."""
    if len(text) <= _LONGEST:
        return text
    left_out = len(text) - _LONGEST
    return f"{text[: _LONGEST - _END]} ... ({left_out} characters) ... {text[-_END:]}"


def message_in_words(message: Message) -> dict[str, str]:
    """Return a message as its role and what it says, calls and results of tools too."""
    calls = [f"calls {call.name}({cut(call.arguments)})" for call in message.tool_calls]
    results = [each.text for each in message.tool_results if each.text != message.text]
    parts = [part for part in (message.text, *results, *calls) if part]
    return {message.role: cut("\n".join(parts))}


def usage_in_words(usage: Usage | None) -> str | None:
    """Return the counts that are known, in words: `31 in (20 cached), 12 out (8 reasoning)`."""
    if usage is None:
        return None
    cached = {"cached": usage.cache_read_tokens, "written to the cache": usage.cache_write_tokens}
    words = (
        _counted(usage.input_tokens, "in", cached),
        _counted(usage.output_tokens, "out", {"reasoning": usage.reasoning_tokens}),
    )
    return ", ".join(word for word in words if word) or None


def _counted(count: int | None, word: str, parts: dict[str, int | None]) -> str:
    inner = ", ".join(f"{part} {name}" for name, part in parts.items() if part)
    return "" if count is None else f"{count} {word}{f' ({inner})' if inner else ''}"
