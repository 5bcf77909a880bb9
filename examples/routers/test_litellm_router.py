"""litellm's Router, held to the contract."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

litellm = pytest.importorskip("litellm")

import httpx  # noqa: E402 - litellm brings it
from litellm.types.utils import GenericStreamingChunk  # noqa: E402

from understudy.contracts import (  # noqa: E402
    Answer,
    Lacks,
    MockProviderError,
    Piece,
    RouterAdapter,
    RouterConfig,
    RouterContract,
    RouterRequest,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from understudy.contracts import AdapterMaker, NamedMockProvider, Providers

#: litellm fills its cache in the background: turns of the loop until it has.
TURNS = 10
ERRORS = {
    401: litellm.AuthenticationError,
    404: litellm.NotFoundError,
    422: litellm.UnprocessableEntityError,
    429: litellm.RateLimitError,
    500: litellm.InternalServerError,
    503: litellm.ServiceUnavailableError,
}


class Handler(litellm.CustomLLM):  # type: ignore[misc,name-defined]
    """Lets litellm ask a mock provider, and gives it the errors of its own that it knows."""

    def __init__(self, provider: NamedMockProvider) -> None:
        super().__init__()
        self.provider = provider

    async def acompletion(self, model: str, messages: list[Any], **given: Any) -> Any:
        try:
            answer = await self.provider.acomplete(body_of(model, messages, given))
        except Exception as error:
            raise translated(error, model) from error
        return litellm.ModelResponse(**answer)

    async def astreaming(
        self, model: str, messages: list[Any], **given: Any
    ) -> AsyncIterator[GenericStreamingChunk]:
        try:
            async for event in self.provider.astream(body_of(model, messages, given)):
                yield chunk_of(event, model)
        except GeneratorExit:
            raise
        except Exception as error:
            raise translated(error, model) from error


def body_of(model: str, messages: list[Any], given: Mapping[str, Any]) -> dict[str, Any]:
    options = {"stream_options": {"include_usage": True}, **(given.get("optional_params") or {})}
    options.pop("stream", None)
    return {"model": model, "messages": messages, **options}


def chunk_of(event: Mapping[str, Any], model: str) -> GenericStreamingChunk:
    if "error" in event:
        raise litellm.InternalServerError(event["error"]["message"], "mock", model)
    choice = event["choices"][0] if event["choices"] else {"delta": {}, "finish_reason": None}
    return GenericStreamingChunk(
        text=choice["delta"].get("content") or "",
        is_finished=choice["finish_reason"] is not None,
        finish_reason=choice["finish_reason"] or "",
        index=0,
        tool_use=None,
        usage=event.get("usage"),
    )


async def settled() -> None:
    for _ in range(TURNS):
        await asyncio.sleep(0)


def translated(error: Exception, model: str) -> Exception:
    if isinstance(error, MockProviderError):
        kind = ERRORS.get(error.status, litellm.BadRequestError)
        request = httpx.Request("POST", "https://mock.invalid")
        answer = httpx.Response(error.status, headers=error.headers, request=request)
        found: Exception = kind(str(error), llm_provider="mock", model=model, response=answer)
        return found
    if isinstance(error, TimeoutError):
        late: Exception = litellm.Timeout(str(error), model=model, llm_provider="mock")
        return late
    if isinstance(error, OSError):
        lost: Exception = litellm.APIConnectionError(str(error), llm_provider="mock", model=model)
        return lost
    return error


class LitellmAdapter(RouterAdapter):
    patience = 60.0

    def __init__(self, providers: Providers, config: RouterConfig) -> None:
        config.only("cache_ttl", "retries", "fallback", "timeout", "breaker", "limit")
        litellm.suppress_debug_info = True
        litellm.custom_provider_map = [
            {"provider": f"mock-{name}", "custom_handler": Handler(each)}
            for name, each in providers.items()
        ]
        litellm.utils.custom_llm_setup()
        litellm.cache = None
        if config.cache_ttl is not None:
            litellm.cache = litellm.Cache(type="local", ttl=config.cache_ttl)
        self.config = config
        breaker = config.breaker
        spare = next((names[1:] for names in config.registry.values() if len(names) > 1), ())
        self.router = litellm.Router(
            model_list=[
                *(self.deployment(pattern, names[0]) for pattern, names in config.registry.items()),
                *(self.deployment(f"spare-{name}", name, "gpt-4o") for name in spare),
            ]
            if providers
            else [],
            num_retries=config.retries,
            default_fallbacks=[f"spare-{name}" for name in spare] if config.fallback else None,
            cache_responses=config.cache_ttl is not None,
            timeout=config.timeout,
            allowed_fails=None if breaker is None else breaker.failures - 1,
            cooldown_time=None if breaker is None else breaker.seconds,
        )

    def deployment(self, name: str, provider: str, model: str = "") -> dict[str, Any]:
        price = self.config.prices["gpt-4o"]
        return {
            "model_name": name,
            "litellm_params": {
                "model": f"mock-{provider}/{model or name.rpartition('/')[2]}",
                "input_cost_per_token": price.input / 1_000_000,
                "output_cost_per_token": price.output / 1_000_000,
                "cache_read_input_token_cost": price.cached / 1_000_000,
                "max_parallel_requests": self.config.limit,
            },
        }

    async def complete(self, request: RouterRequest) -> Answer:
        found = await self.router.acompletion(**self.arguments(request))
        await settled()
        hidden = found._hidden_params  # noqa: SLF001 - there is no other way to what it cost
        return Answer(
            text=found.choices[0].message.content or "",
            cost_usd=hidden.get("response_cost"),
            cache="hit" if hidden.get("cache_hit") else None,
            raw=found.model_dump(),
        )

    async def stream(self, request: RouterRequest) -> AsyncIterator[Piece]:
        stream = await self.router.acompletion(**self.arguments(request))
        async for chunk in stream:
            event = chunk.model_dump()
            text = "".join(each["delta"].get("content") or "" for each in event["choices"])
            yield Piece(text, raw={**event, "id": "", "created": 0})
        await settled()
        is_hit = stream._hidden_params.get("cache_hit")  # noqa: SLF001 - as above
        yield Piece("", done=True, cache="hit" if is_hit else None)

    def arguments(self, request: RouterRequest) -> dict[str, Any]:
        if not request.model:
            msg = "it has no defaults for agents"
            raise Lacks(msg)
        return {**request.body, **({"user": request.agent} if request.agent else {})}


class TestLitellm(RouterContract):
    contract_level = 5
    known_failures: ClassVar = {
        "test_without_providers_it_cannot_be_made": "an empty list is taken",
        "test_without_a_registry_it_cannot_be_made": "an empty list is taken",
        "test_every_field_tells_requests_apart[field_of_a_provider]": "its key is a list of fields",
        "test_the_order_of_keys_tells_nothing_apart": "the key depends on how a message is written",
        "test_a_broken_stream_ends_in_an_error[end_early]": "an end is the end",
        "test_a_broken_stream_is_never_kept[end_early]": "and is kept",
        "test_before_the_first_content_another_one_is_asked[end_early]": "also of an empty answer",
        "test_a_replay_is_the_stream_piece_by_piece": "a replay is cut into words",
        "test_two_replays_do_not_disturb_each_other": "as above",
        "test_failover_waits_for_nothing": "all retries of the first one come first",
        "test_a_bad_request_is_not_failed_over": "every error falls over",
        "test_a_wait_that_is_asked_for_is_waited[ms]": "retry-after-ms is not read",
        "test_a_provider_that_asks_for_peace_has_it": "one that is alone is never cooled down",
        "test_all_that_ask_for_peace_have_it": "as above",
        "test_the_caller_gets_the_last_failure": "the first error is raised in the end",
        "test_a_breaker_opens": "as above",
        "test_one_probe_tries_a_sick_provider": "as above",
        "test_a_bad_probe_opens_it_again": "as above",
    }

    @pytest.fixture
    def adapter(self) -> AdapterMaker:
        return LitellmAdapter
