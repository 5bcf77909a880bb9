"""How messages and figures are written in a view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ...calls import Message, Usage

_LONGEST: Final = 600
_END: Final = 200


def cut(text: str) -> str:
    """Return a text, or the beginning and the end of a long one, and how much is between."""
    if len(text) <= _LONGEST:
        return text
    left_out = len(text) - _LONGEST
    return f"{text[: _LONGEST - _END]} ... ({left_out} characters) ... {text[-_END:]}"


def spoken_message(message: Message) -> dict[str, str]:
    """Return a message as its role and what it says, calls and results of tools too."""
    calls = [f"calls {call.name}({cut(call.arguments)})" for call in message.tool_calls]
    results = [each.text for each in message.tool_results if each.text != message.text]
    said = [part for part in (message.text, *results, *calls) if part]
    return {message.role: cut("\n".join(said))}


def spoken_usage(usage: Usage | None) -> str | None:
    """Return the counts that are known, in words: `31 in (20 cached), 12 out (8 reasoning)`."""
    if usage is None:
        return None
    inner = [
        f"{count} {word}"
        for count, word in (
            (usage.cache_read_tokens, "cached"),
            (usage.cache_write_tokens, "written to the cache"),
        )
        if count
    ]
    asked = _counted(usage.input_tokens, "in", inner)
    thought = [f"{usage.reasoning_tokens} reasoning"] if usage.reasoning_tokens else []
    told = [asked, _counted(usage.output_tokens, "out", thought)]
    return ", ".join(word for word in told if word) or None


def _counted(count: int | None, word: str, parts: list[str]) -> str:
    if count is None:
        return ""
    return f"{count} {word} ({', '.join(parts)})" if parts else f"{count} {word}"
