"""What a stage ends with in which something was refused, and dummy keys."""

from __future__ import annotations

import os

import pytest

from understudy.intercept.guard import CallRefused, ConnectionBlocked, Refusal
from understudy.pytest_plugin.features.guard import RefusedCall, RefusedCalls, dummy_keys

CALL = Refusal(what="POST https://api.openai.com/", host="openai", client="httpx2", is_call=True)
OTHER = Refusal(what="POST https://api.x.ai/", host="x", client="httpx2", is_call=True)
CONNECTION = Refusal(what="a connection to db:1", host="db", client="socket", is_call=False)


def test_nothing_refused_changes_nothing() -> None:
    """A success stays one, and an error stays itself."""
    error = ValueError()

    assert RefusedCalls([]).on(None) is None
    assert RefusedCalls([]).on(error) is error
    assert getattr(error, "__notes__", []) == []


@pytest.mark.parametrize("error", [None, pytest.skip.Exception("offline")])
def test_what_was_swallowed_is_a_failure(error: BaseException | None) -> None:
    """Each different thing is told, in its own words."""
    end = RefusedCalls([CALL, CONNECTION]).on(error)

    assert isinstance(end, pytest.fail.Exception)
    assert str(end) == f"{CALL.message}\n\n{CONNECTION.message}"


def test_a_refused_connection_is_a_reason_to_skip() -> None:
    """The test knows how to live without it."""
    skip = pytest.skip.Exception("offline")

    assert RefusedCalls([CONNECTION]).on(skip) is skip


@pytest.mark.parametrize(
    "error",
    [CallRefused(CALL), RefusedCall(CALL), BaseExceptionGroup("", [RefusedCall(CALL)])],
)
def test_a_refused_call_gives_way_to_plain_words(error: BaseException) -> None:
    """With what else was refused, each once."""
    end = RefusedCalls([CALL, OTHER]).on(error)

    assert isinstance(end, pytest.fail.Exception)
    assert str(end) == f"{CALL.message}\n\n{OTHER.message}"


def test_another_error_keeps_its_words() -> None:
    """What it does not tell is noted on it."""
    error = AssertionError("1 == 2")

    assert RefusedCalls([CALL]).on(error) is error
    assert error.__notes__ == [CALL.message]


def test_what_an_error_tells_is_not_repeated() -> None:
    """Its cause says it already."""
    error = ConnectionError("Connection error.")
    error.__cause__ = ConnectionBlocked(CONNECTION)
    mixed = BaseExceptionGroup("", [RefusedCall(CALL), ValueError()])

    assert RefusedCalls([CONNECTION]).on(error) is error
    assert RefusedCalls([CALL]).on(mixed) is mixed
    assert not hasattr(error, "__notes__")
    assert not hasattr(mixed, "__notes__")


def test_a_refused_call_is_a_failure_of_pytest() -> None:
    """So that fixtures and finalizers survive it."""
    refused = RefusedCall(CALL)

    assert isinstance(refused, pytest.fail.Exception)
    assert not isinstance(refused, Exception)
    assert (str(refused), refused.pytrace) == (CALL.message, False)


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("AWS_") or name.endswith(("_API_KEY", "_TOKEN")):
            monkeypatch.delenv(name)


def test_what_is_missing_is_there_for_a_while() -> None:
    """And then as it was."""
    before = dict(os.environ)

    with dummy_keys():
        inside = dict(os.environ)

    added = inside.keys() - before.keys()
    assert {"OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "MISTRAL_API_KEY"} <= added
    assert {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"} <= added
    assert dict(os.environ) == before


def test_inner_ones_leave_the_outer_ones() -> None:
    """A test's mock beside one of wider scope."""
    with dummy_keys():
        with dummy_keys():
            pass
        assert os.environ["OPENAI_API_KEY"]

    assert "OPENAI_API_KEY" not in os.environ


@pytest.mark.parametrize(
    ("given", "left_out"),
    [
        ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
        ("ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_API_KEY"),
        ("AWS_PROFILE", "AWS_SECRET_ACCESS_KEY"),
        ("AWS_REGION", "AWS_DEFAULT_REGION"),
    ],
)
def test_another_name_of_the_same_secret_is_enough(
    monkeypatch: pytest.MonkeyPatch, given: str, left_out: str
) -> None:
    """SDKs complain of two."""
    monkeypatch.setenv(given, "real")

    with dummy_keys():
        assert os.environ[given] == "real"
        assert left_out not in os.environ


def test_what_the_test_changed_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not ours any more."""
    with dummy_keys():
        monkeypatch.setenv("OPENAI_API_KEY", "of the test")

    assert os.environ["OPENAI_API_KEY"] == "of the test"
