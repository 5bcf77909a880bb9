"""Whether a request leaves it to the model to call tools, in every provider's words."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.mock.stage import WEATHER, incoming

from understudy.mock._demands import ToolChoice, forced_tool, tool_choice

FREE = ToolChoice()
MUST = ToolChoice(must=True)
NONE = ToolChoice(may=False)
NAMED = ToolChoice(must=True, names=("get",))


@pytest.mark.parametrize(
    ("body", "choice"),
    [
        ({}, FREE),
        ({"tool_choice": 3}, FREE),
        ({"tool_choice": "auto"}, FREE),
        ({"tool_choice": "none"}, NONE),
        ({"tool_choice": "required"}, MUST),
        ({"tool_choice": "any"}, MUST),
        ({"tool_choice": "REQUIRED"}, MUST),
        ({"tool_choice": "NONE"}, NONE),
        ({"tool_choice": {"type": "function", "function": {"name": "get"}}}, NAMED),
        ({"tool_choice": {"type": "function", "name": "get"}}, NAMED),
        ({"tool_choice": {"type": "tool", "name": "get"}}, NAMED),
        ({"tool_choice": {"type": "any"}}, MUST),
        ({"tool_choice": {"type": "auto", "disable_parallel_tool_use": True}}, FREE),
        ({"tool_choice": {"type": "none"}}, NONE),
        ({"toolConfig": {"toolChoice": {"tool": {"name": "get"}}}}, NAMED),
        ({"toolConfig": {"toolChoice": {"any": {}}}}, MUST),
        ({"toolConfig": {"toolChoice": {"auto": {}}}}, FREE),
        ({"toolConfig": {"functionCallingConfig": {"mode": "ANY"}}}, MUST),
        ({"toolConfig": {"functionCallingConfig": {"mode": "NONE"}}}, NONE),
        (
            {
                "toolConfig": {
                    "functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["get"]}
                }
            },
            NAMED,
        ),
    ],
)
def test_the_choice_is_read(body: dict[str, Any], choice: ToolChoice) -> None:
    """OpenAI, Anthropic, Mistral, Cohere, Bedrock, Gemini."""
    assert tool_choice(incoming(**body)) == choice


@pytest.mark.parametrize(
    ("body", "forced"),
    [
        ({"tools": [WEATHER]}, None),
        ({"tools": [WEATHER], "tool_choice": "required"}, "get_weather"),
        ({"tools": [WEATHER, WEATHER], "tool_choice": "required"}, None),
        ({"tool_choice": {"type": "tool", "name": "get"}}, "get"),
    ],
)
def test_a_tool_is_forced_where_there_is_no_choice(
    body: dict[str, Any], forced: str | None
) -> None:
    """It is named, or the only one."""
    assert forced_tool(incoming(**body)) == forced
