"""OpenAI's Responses API."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ...calls import Operation
from ...wire import Content, Draft, Landmarks
from ...wire.fields import count, mapping, mappings, word
from ._read_chat import OpenAIApi
from ._usage import read_openai_usage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


_TERMINAL = ("response.completed", "response.incomplete", "response.failed", "response.cancelled")
_TOOLS = ("function_call", "custom_tool_call")
_CHARGED_TOOLS = ("web_search", "file_search", "code_interpreter", "image_generation")


class OpenAIResponses(OpenAIApi):
    """`POST …/responses`; an answer that is whole has no finish reason, only a cut one has.

    Also `…/responses/compact`, whose answer repeats what the user said.
    """

    wire_api = "openai.responses"
    operation = Operation.CHAT
    paths = ("/responses", "/responses/compact")
    is_polled = True
    body_keys = ("input",)
    landmarks = Landmarks(
        last=tuple(f'"{name}"'.encode() for name in _TERMINAL), usage=(b'"usage":{',)
    )

    def read_answer(self, answer: Mapping[str, Any], draft: Draft) -> None:
        """Read a `response`."""
        _read_response(answer, draft)
        if draft.content is not None:
            _read_output(answer, draft.content)

    def read_event(self, event: Mapping[str, Any], draft: Draft) -> None:
        """Read an event; the terminal ones hold the whole response."""
        kind = event.get("type")
        response = event.get("response")
        if isinstance(response, dict):
            _read_response(response, draft)
        draft.complete = draft.complete or kind in _TERMINAL
        if draft.content is not None:
            _read_delta(kind, event, draft.content)
            if kind in _TERMINAL:
                _fill_up(mapping(response), draft.content)

    def has_content(self, event: Mapping[str, Any]) -> bool:
        """Tell whether the event is a delta: of text, refusal, reasoning or arguments."""
        kind = event.get("type")
        return isinstance(kind, str) and kind.endswith(".delta") and bool(event.get("delta"))


def _read_response(response: Mapping[str, Any], draft: Draft) -> None:
    draft.response_model = word(response.get("model")) or draft.response_model
    draft.response_id = word(response.get("id")) or draft.response_id
    draft.service_tier = word(response.get("service_tier")) or draft.service_tier
    draft.finish_reason = word(mapping(response.get("incomplete_details")).get("reason"))
    read_openai_usage(_bill(response), draft)
    error = mapping(response.get("error"))
    if error:
        draft.error = word(error.get("message"))
        draft.error_type = word(error.get("code")) or word(error.get("type"))


def _bill(response: Mapping[str, Any]) -> Any:
    """Return the usage block, with the uses of tools that cost beside the tokens, if any."""
    usage, used = response.get("usage"), Counter(_tools_used(response))
    billed = count(
        mapping(mapping(response.get("tool_usage")).get("web_search")).get("num_requests")
    )
    if billed is not None:
        used["web_search"] = billed  # discounted searches are left out
    tools = {tool: uses for tool, uses in used.items() if uses}
    return {**usage, "server_tools": tools} if tools and isinstance(usage, dict) else usage


def _tools_used(response: Mapping[str, Any]) -> Iterator[str]:
    """Yield `web_search` and the like for each use; opening a page found is no search."""
    for item in mappings(response.get("output")):
        tool = str(item.get("type")).removesuffix("_call")
        is_search = mapping(item.get("action")).get("type", "search") == "search"
        if tool in _CHARGED_TOOLS and is_search:
            yield tool


def _fill_up(response: Mapping[str, Any], content: Content) -> None:
    """Take from the whole response what no event before it told: text, tool calls."""
    whole = Content()
    _read_output(response, whole)
    content.parts = content.parts or whole.parts
    content.tools = content.tools or whole.tools


def _read_output(response: Mapping[str, Any], content: Content) -> None:
    for item in mappings(response.get("output")):
        _read_item(item, content)


def _read_item(item: Mapping[str, Any], content: Content) -> None:
    is_said = item.get("type") == "message" and item.get("role") != "user"
    for part in mappings(item.get("content")) if is_said else ():
        content.add_text(part.get("text") or part.get("refusal"))
    if item.get("type") in _TOOLS:
        content.add_tool(
            item.get("id") or len(content.tools),
            name=item.get("name"),
            arguments=item.get("arguments") or item.get("input"),
            call_id=item.get("call_id"),
        )


def _read_delta(kind: Any, event: Mapping[str, Any], content: Content) -> None:
    if kind in ("response.output_text.delta", "response.refusal.delta"):
        content.add_text(event.get("delta"))
    elif kind == "response.output_item.done":
        item = mapping(event.get("item"))
        if item.get("type") in _TOOLS:
            _read_item(item, content)
