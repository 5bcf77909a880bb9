"""What a refusal says, and which errors tell of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from understudy.intercept.guard import CallRefused, ConnectionBlocked, Refusal, refusals_behind

CALL = Refusal(
    what="POST https://api.openai.com/v1/chat/completions",
    host="api.openai.com",
    client="httpx2",
    is_call=True,
    model="gpt-4o",
    called_at="app.py:3 in ask",
    owner="t.py::test",
    stage="call",
)
CONNECTION = Refusal(what="a connection to db:1", host="db", client="socket", is_call=False)


def test_message_of_a_call_says_what_where_who_and_what_to_do() -> None:
    """Everything that is needed to mend the test."""
    assert CALL.message == (
        "POST https://api.openai.com/v1/chat/completions for 'gpt-4o' (httpx2) was refused by "
        "t.py::test in call: no mock and no cassette answers it, and it would leave this machine."
        "\n  at app.py:3 in ask\n"
        "  Answer it: the mock_llm fixture and mock_llm.reply('…'), a route of llm_api, or "
        "@pytest.mark.llm_cassette and a recording. Or allow it with --llm-allow-live, or the host "
        "alone with "
        "'api.openai.com' in llm_allowed_hosts."
    )


def test_message_of_what_no_mock_answers_says_which_route_does() -> None:
    """Where the client hears of routes; a mock, which the test may well have, cannot help."""
    counting = replace(
        CALL,
        what="POST https://api.anthropic.com/v1/messages/count_tokens",
        route="llm_api.post('https://api.anthropic.com/v1/messages/count_tokens')",
    )

    assert (
        "  Answer it: mock_llm answers no such endpoint; give it a route: llm_api.post("
        "'https://api.anthropic.com/v1/messages/count_tokens').respond(json={…}), or "
        "@pytest.mark.llm_cassette and a recording. Or allow it with --llm-allow-live"
        in (counting.message)
    )
    assert (
        "  Answer it: mock_llm answers no such endpoint, and a route of llm_api only through httpx"
        "; take @pytest.mark.llm_cassette and a recording. Or"
        in replace(counting, client="urllib3").message
    )


@pytest.mark.parametrize("client", ["pycurl", "curl_cffi", "grpc", "http.client", "socket"])
@pytest.mark.parametrize("route", [None, "llm_api.get('https://api.openai.com/')"])
def test_message_of_what_no_tap_sees_promises_no_mock(client: str, route: str | None) -> None:
    """Neither the mock nor a recording that it would else name can answer there."""
    assert replace(CALL, client=client, route=route).message.endswith(
        "  Send it otherwise: no mock, route or cassette answers what is no HTTP of httpx, "
        "aiohttp, requests or urllib3. Or allow it with --llm-allow-live, or the host alone with "
        "'api.openai.com' in llm_allowed_hosts."
    )


def test_message_of_a_connection_says_how_to_allow_it() -> None:
    """No mock answers for a database."""
    assert CONNECTION.message == (
        "a connection to db:1 (socket) was refused: no mock and no cassette answers it, and it "
        "would leave this machine.\n"
        "  Allow it with --llm-allow-live, or the host alone with 'db' in llm_allowed_hosts."
    )


def test_place_and_stage_do_not_make_another_refusal() -> None:
    """The same call from two lines is reported once."""
    again = Refusal(
        what=CONNECTION.what, host="db", client="socket", is_call=False, called_at="b.py:1 in f"
    )

    assert again == CONNECTION


def test_refusals_are_found_behind_what_wraps_them() -> None:
    """In causes, contexts and groups, each error once."""
    blocked = ConnectionBlocked(CONNECTION)
    wrapped = RuntimeError("Connection error.")
    wrapped.__cause__ = wrapped.__context__ = blocked
    group = BaseExceptionGroup("both", [wrapped, CallRefused(CALL), wrapped])

    assert set(refusals_behind(group)) == {CALL, CONNECTION}
    assert list(refusals_behind(wrapped)) == [CONNECTION]
    assert list(refusals_behind(None)) == []
    assert list(refusals_behind(ValueError())) == []


def test_blocked_connection_looks_like_a_closed_port() -> None:
    """It has the number of a refused connection."""
    assert isinstance(ConnectionBlocked(CONNECTION), ConnectionRefusedError)
    assert not isinstance(CallRefused(CALL), Exception)
