"""Which provider gets a request."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.routing.stand_ins import StandIn, ask, make_router

from understudy.errors import UnknownNameError
from understudy.routing import (
    BadRequestError,
    FailoverPolicy,
    Policy,
    Registry,
    Router,
    RouterConfigError,
    UnservedModelError,
)

THREE = ("anthropic", "openai", "openrouter")


def standard(**policy: Any) -> Router:
    return make_router(*map(StandIn, THREE), registry=Registry.standard(), **policy)


@pytest.mark.parametrize(
    ("model", "provider", "asked_for"),
    [
        ("anthropic/claude-sonnet-4-5", "anthropic", "claude-sonnet-4-5"),
        ("claude-sonnet-4-5", "anthropic", "claude-sonnet-4-5"),
        ("openai/gpt-4o", "openai", "gpt-4o"),
        ("gpt-4o", "openai", "gpt-4o"),
        ("mistralai/mixtral-8x7b", "openrouter", "mistralai/mixtral-8x7b"),
    ],
)
def test_the_name_of_a_model_chooses_the_provider(
    model: str, provider: str, asked_for: str
) -> None:
    """By its prefix: the provider's name or a part of its own; OpenRouter has the rest."""
    answer = standard().complete(ask(model))

    assert (answer.provider, answer.model) == (provider, asked_for)


def test_an_agent_has_a_model() -> None:
    """For requests that name none."""
    router = standard(agents={"writer": "claude-opus-4-5"})

    assert router.complete(ask(None), agent="writer").provider == "anthropic"


def test_the_model_of_a_request_goes_before_that_of_its_agent() -> None:
    """Who names one means it."""
    router = standard(agents={"writer": "claude-opus-4-5"})

    assert router.complete(ask("gpt-4o"), agent="writer").provider == "openai"


def test_a_request_without_a_model_is_refused() -> None:
    """Where its agent has none either; the message names those that have."""
    router = standard(agents={"writer": "claude-opus-4-5"})

    with pytest.raises(BadRequestError, match=r"names no model.*agents that have: writer"):
        router.complete(ask(None), agent="reader")


def test_a_request_that_is_no_json_is_refused() -> None:
    """Before anybody is asked."""
    provider = StandIn("openai")
    router = make_router(provider)

    with pytest.raises(BadRequestError, match="no JSON"):
        router.complete(ask(temperature=float("nan")))
    with pytest.raises(BadRequestError, match="a mapping"):
        router.complete([])  # type: ignore[arg-type]
    assert provider.calls == 0


def test_a_model_that_nobody_serves_is_an_error() -> None:
    """It names the nearest that somebody does, and is counted as refused."""
    router = make_router(StandIn("openai"), registry={"gpt-4o*": "openai"})

    with pytest.raises(UnservedModelError, match=r"serves the model 'gtp-4o'.*mean 'gpt-4o'"):
        router.complete(ask("gtp-4o"))
    assert (router.counters().refused, router.counters().total_calls) == (1, 0)


def test_the_longest_pattern_decides() -> None:
    """Whatever the order in which they stand."""
    table = {"*": "rest", "gpt-4o": "exact", "gpt*": "short", "gpt-4*": "long"}
    router = make_router(*map(StandIn, ("rest", "exact", "short", "long")), registry=table)

    models = ("gpt-4o", "gpt-4o-mini", "gpt-3.5", "o3")
    chosen = [router.complete(ask(model)).provider for model in models]
    assert chosen == ["exact", "long", "short", "rest"]


def test_a_provider_may_have_names_of_its_own() -> None:
    """The others keep theirs."""
    router = make_router(
        StandIn("azure"), registry={"*": "azure"}, renamed={"azure": {"gpt-4o": "our-deployment"}}
    )

    assert router.complete(ask("gpt-4o")).model == "our-deployment"


def test_the_rest_of_a_request_is_passed_on_as_it_is() -> None:
    """Fields that nobody knows, too."""
    provider = StandIn("openai")
    asked = ask("gpt-4o", extra_body={"top_k": 3}, n=2)

    make_router(provider).complete(asked)

    assert provider.asked == [asked]


@pytest.mark.parametrize(
    ("providers", "registry", "message"),
    [
        ([], Registry.standard(), "without providers"),
        ([StandIn("openai")], None, "without a registry"),
        ([StandIn("openai"), StandIn("openai")], {"*": "openai"}, "two providers are called"),
        (StandIn("openai"), {"*": "openai"}, "give a list of them"),
        (["openai"], {"*": "openai"}, "'openai' is no provider: it needs a name, and complete"),
    ],
)
def test_what_a_router_needs_is_asked_for(
    providers: Any, registry: Registry | None, message: str
) -> None:
    """When it is made, and not at the first request."""
    with pytest.raises(RouterConfigError, match=message):
        Router(providers, registry)


@pytest.mark.parametrize(
    "table", [{}, {"": "openai"}, {"a*b": "openai"}, {"gpt*": []}, {"gpt*": 3}, ["openai"]]
)
def test_a_table_that_is_none_is_refused(table: Any) -> None:
    """With what to write instead."""
    with pytest.raises(RouterConfigError, match=r"empty|is no pattern|is no provider|give a table"):
        Registry(table)


def test_an_agent_is_a_text() -> None:
    """None is nobody's name."""
    with pytest.raises(BadRequestError, match="is a text, empty for none, and not None"):
        make_router(StandIn("openai")).complete(ask(), agent=None)  # type: ignore[arg-type]


def test_a_provider_that_is_not_there_is_refused() -> None:
    """With the nearest that is, wherever it is named."""
    with pytest.raises(UnknownNameError, match=r"'opneai' in the registry.*mean 'openai'"):
        Router([StandIn("openai")], {"gpt*": "opneai"})
    policy = Policy(failover=FailoverPolicy(order=("azure",)))
    with pytest.raises(UnknownNameError, match=r"'azure' in failover\.order"):
        Router([StandIn("openai")], {"gpt*": "openai"}, policy=policy)
