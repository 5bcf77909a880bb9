"""The router and its ready routes."""

from __future__ import annotations

import httpx
import pytest

from understudy.clock import RealClock
from understudy.intercept.routes import Routes
from understudy.mock import MockLibrary, MockLLM
from understudy.providers import default_apis

CHAT = "https://api.openai.com/v1/chat/completions"


@pytest.fixture
def routes() -> Routes:
    """A router without any route."""
    return Routes(MockLLM(MockLibrary.default(), clock=RealClock()), default_apis())


def asked(url: str, **body: object) -> httpx.Request:
    """Return a request to a model."""
    return httpx.Request("POST", url, json={"model": "m", "messages": [], **body})


def test_a_route_is_there_once_it_is_named(routes: Routes) -> None:
    """And stays the same one."""
    assert routes.taking(asked(CHAT)) is None

    assert routes.openai is routes.provider("openai")
    assert routes.taking(asked(CHAT)) is routes.openai
    assert len(routes.routes) == 1


def test_a_ready_route_takes_the_calls_of_its_provider_alone(routes: Routes) -> None:
    """No other host, and no request that is no call."""
    routes.provider("openai")

    assert routes.taking(asked("https://api.groq.com/openai/v1/chat/completions")) is None
    assert routes.taking(httpx.Request("GET", "https://api.openai.com/v1/models")) is None


@pytest.mark.parametrize("told", ["respond", "side_effect", "pass_through"])
def test_a_route_that_respx_was_told_about_is_not_ready(routes: Routes, told: str) -> None:
    """It answers as respx does."""
    assert routes.openai.is_ready

    if told == "respond":
        routes.openai.respond(201)
    elif told == "side_effect":
        routes.openai.mock(side_effect=httpx.ConnectError)
    else:
        routes.openai.pass_through()

    assert not routes.openai.is_ready


def test_a_cleared_route_is_made_anew(routes: Routes) -> None:
    """The router forgets its routes, and so do we."""
    first = routes.openai

    routes.clear()

    assert routes.taking(asked(CHAT)) is None
    assert routes.openai is not first


def test_a_ready_route_refuses_what_comes_past_the_taps(routes: Routes) -> None:
    """It has no answer for respx itself, and says what to do."""
    routes.provider("openai")

    with pytest.raises(AssertionError, match=r"by no client that it sees.*\.respond"):
        routes.handler(asked(CHAT))


def test_the_first_route_that_was_added_wins(routes: Routes) -> None:
    """As it is with respx."""
    own = routes.post(CHAT, json__model="m")
    routes.provider("openai")

    assert routes.taking(asked(CHAT)) is own
    assert routes.taking(asked(CHAT, model="other")) is routes.openai
