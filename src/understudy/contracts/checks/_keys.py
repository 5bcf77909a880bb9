"""What tells one request from another in the cache."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from .._check import check

if TYPE_CHECKING:
    from .._rig import Rig

_TTL: Final = 600.0
_TOOL: Final = {"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}
_FIELDS: Final[dict[str, tuple[dict[str, Any], dict[str, Any]]]] = {
    "max_tokens": ({"max_tokens": 10}, {"max_tokens": 20}),
    "temperature": ({"temperature": 0.1}, {"temperature": 0.9}),
    "temperature_0_or_none": ({}, {"temperature": 0}),
    "tools": ({}, {"tools": [_TOOL]}),
    "tool_choice": (
        {"tools": [_TOOL], "tool_choice": "none"},
        {"tools": [_TOOL], "tool_choice": "auto"},
    ),
    "response_format": ({}, {"response_format": {"type": "json_object"}}),
    "seed": ({"seed": 1}, {"seed": 2}),
    "field_of_a_provider": (
        {"safety_settings": [{"threshold": "BLOCK_NONE"}]},
        {"safety_settings": [{"threshold": "BLOCK_ALL"}]},
    ),
}
_LONG: Final = 300_000


class KeyChecks:
    """Two requests share an answer only where they are the same."""

    @check("cache", level=1)
    async def test_keys_differ_by_content(self, rig: Rig) -> None:
        """A letter more, or another role, is another request.

        Usual cause of a failure: the texts are normalised, cut or joined without a mark.
        """
        rig.build(cache_ttl=_TTL)
        talks = [
            [("user", "hello")],
            [("user", "hello ")],
            [("system", "hello")],
            [("user", "hel"), ("user", "lo")],
        ]

        for talk in talks:
            messages = [{"role": role, "content": text} for role, text in talk]
            await rig.ask(messages=messages)

        asked = rig["openai"].count
        assert asked == len(talks), f"{len(talks)} different conversations were {asked} calls"

    @check("agents", level=1)
    async def test_keys_differ_by_agent(self, rig: Rig) -> None:
        """What one agent was answered is not another's.

        Usual cause of a failure: the agent travels in metadata, which the key leaves out.
        """
        rig.build(cache_ttl=_TTL)

        for agent in ("writer", "reader", "writer"):
            await rig.ask(agent=agent)

        asked = rig["openai"].count
        assert asked != 1, "two agents shared an answer"
        assert asked == 2, "an agent's own answer was not kept"

    @pytest.mark.parametrize(("one", "other"), _FIELDS.values(), ids=_FIELDS)
    @check("cache", level=4)
    async def test_every_field_tells_requests_apart(
        self, rig: Rig, one: dict[str, Any], other: dict[str, Any]
    ) -> None:
        """A needless miss is cheap, a false hit is a wrong answer: so every field counts.

        Usual cause of a failure: the key is made of a list of known fields, or takes what is left
        out for a value (OrcaRouter-Lite#84; litellm's extra_body).
        """
        rig.build(cache_ttl=_TTL)

        await rig.ask(**one)
        await rig.ask(**other)
        apart = rig["openai"].count
        await rig.ask(**other)

        assert apart == 2, f"a request with {other} got the answer to one with {one or 'none'}"
        assert rig["openai"].count == 2, f"a request with {other} is never a hit"

    @check("cache", level=4)
    async def test_the_order_of_keys_tells_nothing_apart(self, rig: Rig) -> None:
        """JSON objects have no order: the same request, written differently, is a hit.

        Usual cause of a failure: a map is hashed as it happens to stand (maximhq/bifrost#2791).
        """
        rig.build(cache_ttl=_TTL)

        await rig.ask(temperature=0.5, messages=[{"role": "user", "content": "hello"}])
        await rig.ask(messages=[{"content": "hello", "role": "user"}], temperature=0.5)

        asked = rig["openai"].count
        assert asked == 1, "the same request was a miss when its keys stood in another order"

    @check("cache", level=4)
    async def test_a_long_request_is_kept(self, rig: Rig) -> None:
        """300,000 characters are a request like any other, also where only the last one differs.

        Usual cause of a failure: the key is the text itself, too long for the cache (litellm#810),
        or its beginning.
        """
        rig.build(cache_ttl=_TTL)
        text = "word " * (_LONG // 5)

        for end in ("a", "a", "b"):
            await rig.ask(text + end)

        asked = rig["openai"].count
        assert asked != 1, "two long requests that differ at their end shared an answer"
        assert asked == 2, "a long request is never a hit"
