"""What a test in any language tells a gateway, and what it hears."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.gateways import Got, Mocked, ask

CHAT = "/openai/v1/chat/completions"


def _told(mocked: Mocked, name: str, data: Any = None, test: str = "t", **more: Any) -> Got:
    """Tell the gateway something, or ask it where there is no data."""
    path = f"/_t/{test}/_understudy/{name}"
    if data is None and "method" not in more:
        more["method"] = "GET"
    body = data if isinstance(data, bytes) else json.dumps(data or {}).encode()
    return asyncio.run(ask(mocked.gateway, path, body, **more))


def _said(mocked: Mocked, user: str = "Hello", test: str = "t") -> str:
    """Ask in a test; return what the model says, or the whole error."""
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": user}]})
    got = asyncio.run(ask(mocked.gateway, f"/_t/{test}{CHAT}", body.encode()))
    answer = json.loads(got.body)
    if got.status != 200:
        return f"{got.status} {answer['error']['message']}"
    message = answer["choices"][0]["message"]
    tools = message.get("tool_calls") or [{"function": {"arguments": ""}}]
    return str(message["content"] or tools[0]["function"]["arguments"])


def test_rules_scripts_and_faults_are_those_of_one_test() -> None:
    """In the words of `mock_llm`; another test has its own."""
    mocked = Mocked()
    for name, data in (
        ("rules", {"on": {"contains": "weather"}, "reply": {"tool_calls": [{"name": "w"}]}}),
        ("rules", {"on": {"contains": "json"}, "reply": {"json": {"a": 1}}}),
        ("rules", {"on": {"contains": "two"}, "replies": ["one", {"text": "two"}]}),
        ("rules", {"reply": {"text": None, "json": None}}),
        ("rules", {"reply": "Bonjour"}),
        ("scripts", {"scenario": "page_edit", "on": {"contains": "edit"}}),
        ("faults", {"fault": "rate_limit", "times": 1, "options": {"message": "slow"}}),
    ):
        assert _told(mocked, name, data).status == 200

    assert _said(mocked) == "429 slow"
    assert _said(mocked) == "Bonjour"
    assert (_said(mocked, "weather"), _said(mocked, "json")) == ("{}", '{"a":1}')
    assert (_said(mocked, "two"), _said(mocked, "two")) == ("one", "two")
    assert len(_said(mocked, "edit").splitlines()) == 8
    assert _said(mocked, test="other").startswith("404")
    assert len(json.loads(_told(mocked, "unmatched", test="other").body)["unmatched"]) == 1


def test_what_was_asked_can_be_looked_at() -> None:
    """The newest calls, until the test begins anew."""
    mocked = Mocked()
    _told(mocked, "rules", {"reply": {"text": "Bonjour", "usage": {"input_tokens": 3}}})
    _said(mocked, "first")
    _said(mocked, "second")

    (call,) = json.loads(_told(mocked, "calls?last=1").body)["calls"]

    assert call["messages"][0]["text"] == "second"
    assert (call["number"], call["text"], call["usage"]["input_tokens"]) == (2, "Bonjour", 3)
    assert call["is_over"]
    assert len(json.loads(_told(mocked, "calls").body)["calls"]) == 2
    assert _told(mocked, "reset", {}, method="POST").status == 200
    assert json.loads(_told(mocked, "calls").body) == {"calls": []}


@pytest.mark.parametrize(
    ("name", "data", "more", "status", "words"),
    [
        ("rules", {"reply": "x"}, {"headers": {"origin": "http://localhost"}}, 403, "Origin"),
        ("rules", {"reply": "x"}, {"headers": {"content-type": "text/plain"}}, 415, "text/plain"),
        ("rules", {"reply": "x"}, {"method": "PUT"}, 405, "takes POST, not PUT"),
        ("calls", None, {"method": "POST"}, 405, "takes GET"),
        ("calls?last=-1", None, {}, 400, "last is '-1'"),
        ("rulez", {}, {}, 404, "Did you mean rules?"),
        ("rules", b"{", {}, 400, "JSON"),
        ("rules", {"replay": "x"}, {}, 400, "replay: unknown key, did you mean reply"),
        ("rules", {"reply": {"txt": "x"}}, {}, 400, "reply.txt: unknown key, did you mean text"),
        ("rules", {}, {}, 400, "one of reply, replies and auto_tools"),
        ("rules", {"replies": []}, {}, 400, "give a list of replies"),
        ("rules", {"replies": None}, {}, 400, "are lists"),
        ("rules", {"reply": "x", "times": 0}, {}, 400, "times"),
        ("rules", {"reply": "x", "on": {"matches": "("}}, {}, 400, "no regular expression"),
        ("rules", {"reply": {"headers": {"a": "b\r\nc: d"}}}, {}, 400, "cannot be sent"),
        ("rules", {"reply": {"profile": "slwo"}}, {}, 400, "Did you mean 'slow'?"),
        ("scripts", {"scenario": "page_creatoin"}, {}, 400, "Did you mean 'page_creation'?"),
        ("scripts", {"scenario": "../../etc/passwd"}, {}, 400, "unknown scenario"),
        ("faults", {"fault": "rate_limt"}, {}, 400, "Did you mean 'rate_limit'?"),
        ("faults", {"fault": "reset", "options": {"times": 3}}, {}, 400, "times"),
    ],
)
def test_what_is_wrong_is_said(
    name: str, data: Any, more: dict[str, Any], status: int, words: str
) -> None:
    """In JSON, with the place and the nearest name; and nothing is changed."""
    mocked = Mocked()

    got = _told(mocked, name, data, **more)

    assert got.status == status
    assert words in json.loads(got.body)["error"]["message"]
    assert _said(mocked).startswith("404")
    assert mocked.said == []


def test_it_is_described() -> None:
    """In OpenAPI: each path, and the form of what is posted."""
    described = json.loads(_told(Mocked(), "openapi.json").body)

    paths = {path.removeprefix("/_understudy/") for path in described["paths"]}
    assert paths == {"rules", "scripts", "faults", "calls", "unmatched", "reset"}
    assert "tool_calls" in described["components"]["schemas"]["ReplyData"]["properties"]
    for path in described["paths"].values():
        for operation in path.values():
            for each in operation.get("requestBody", {}).get("content", {}).values():
                name = each["schema"]["$ref"].rpartition("/")[2]
                assert name in described["components"]["schemas"]


_VALUES = st.one_of(
    st.none(), st.integers(), st.text(max_size=4), st.lists(st.text(max_size=3), max_size=2)
)
_REPLY = st.dictionaries(
    st.sampled_from(["text", "json", "tool_calls", "usage", "chunk", "vectors", "headers"]),
    _VALUES,
    max_size=3,
)


@given(
    name=st.sampled_from(["rules", "scripts", "faults"]),
    data=st.one_of(
        st.binary(max_size=20),
        st.fixed_dictionaries({"reply": st.one_of(_VALUES, _REPLY)}, optional={"on": _VALUES}),
        st.fixed_dictionaries({"fault": st.sampled_from(["reset", "empty"]), "options": _REPLY}),
    ),
)
def test_nothing_that_is_told_is_too_odd(name: str, data: Any) -> None:
    """It is taken or refused, and what was taken can be played."""
    mocked = Mocked()

    assert _told(mocked, name, data).status in {200, 400}
    if data != b"":
        _said_or_broken(mocked)
    assert mocked.said == []


def _said_or_broken(mocked: Mocked) -> None:
    with suppress(ConnectionResetError):  # as a fault says
        assert not _said(mocked).startswith("5")
