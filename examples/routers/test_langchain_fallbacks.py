"""LangChain's `with_retry` and `with_fallbacks`, held to the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest

pytest.importorskip("langchain_core")

from langchain_core.caches import InMemoryCache
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.utils import convert_to_openai_messages
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from understudy.contracts import (
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
    from collections.abc import AsyncIterator

    from understudy.contracts import AdapterMaker, Providers


class BusyError(Exception):
    """A status that may pass; others reach the caller as the mock provider raised them."""


class KeyRefusedError(Exception):
    """It will not pass with the same key."""


#: What is tried again, and falls over.
PASSING = (BusyError, OSError, RuntimeError, ValueError)
KEY = frozenset({401, 403})
BUSY = 429


def judged(error: MockProviderError) -> Exception:
    if error.status in KEY:
        return KeyRefusedError(str(error))
    return BusyError(str(error)) if error.status >= BUSY else error


class MockedModel(BaseChatModel):  # type: ignore[misc]
    """A chat model of LangChain that a mock provider answers."""

    provider: Any

    @property
    def _llm_type(self) -> str:
        return f"mock-{self.provider.name}"

    def _generate(self, messages: list[BaseMessage], *_: Any, **given: Any) -> ChatResult:
        try:
            return self._result(self.provider.complete(self._body(messages, given)))
        except MockProviderError as error:
            raise judged(error) from error

    async def _agenerate(self, messages: list[BaseMessage], *_: Any, **given: Any) -> ChatResult:
        try:
            return self._result(await self.provider.acomplete(self._body(messages, given)))
        except MockProviderError as error:
            raise judged(error) from error

    async def _astream(
        self, messages: list[BaseMessage], *_: Any, **given: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        try:
            async for event in self.provider.astream(self._body(messages, given)):
                if "error" in event:
                    raise RuntimeError(event["error"]["message"])
                for choice in event["choices"]:
                    text, reason = choice["delta"].get("content") or "", choice["finish_reason"]
                    told = {"finish_reason": reason} if reason else {}
                    message = AIMessageChunk(content=text, response_metadata=told)
                    yield ChatGenerationChunk(message=message)
        except MockProviderError as error:
            raise judged(error) from error

    def _body(self, messages: list[BaseMessage], given: dict[str, Any]) -> dict[str, Any]:
        wanted = {name: value for name, value in given.items() if name != "run_manager"}
        return {"model": "gpt-4o", **wanted, "messages": convert_to_openai_messages(messages)}

    def _result(self, answer: dict[str, Any]) -> ChatResult:
        text = answer["choices"][0]["message"]["content"]
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])


class LangChainAdapter(RouterAdapter):
    def __init__(self, providers: Providers, config: RouterConfig) -> None:
        config.only("cache_ttl", "retries", "fallback")
        if not providers or not config.registry:
            msg = "it is made of models, and there is none that could be forgotten"
            raise Lacks(msg)
        names = config.registry["gpt*"]
        cache = None if config.cache_ttl is None else InMemoryCache()
        first, *others = [
            MockedModel(provider=providers[name], cache=cache or False) for name in names
        ]
        chain: Any = first
        if config.retries:
            chain = chain.with_retry(
                retry_if_exception_type=PASSING, stop_after_attempt=1 + config.retries
            )
        if config.fallback and others:
            chain = chain.with_fallbacks(others, exceptions_to_handle=(*PASSING, KeyRefusedError))
        self.chain = chain
        self.config = config

    async def complete(self, request: RouterRequest) -> Answer:
        message = await self.chain.ainvoke(self.messages(request), **self.options(request))
        return Answer(text=str(message.content), raw=message)

    async def stream(self, request: RouterRequest) -> AsyncIterator[Piece]:
        pieces = self.chain.astream(self.messages(request), **self.options(request))
        async for chunk in pieces:
            is_last = getattr(chunk, "chunk_position", None) == "last"
            yield Piece(str(chunk.content), done=is_last)

    def advance(self, seconds: float) -> None:
        if self.config.cache_ttl is not None:
            msg = f"its cache knows no time to live, {seconds:g} seconds or any other"
            raise Lacks(msg)

    def messages(self, request: RouterRequest) -> Any:
        if request.model != "gpt-4o":
            msg = "it does not choose by the name of a model"
            raise Lacks(msg)
        if request.agent:
            msg = "it knows no agents"
            raise Lacks(msg)
        return request.body["messages"]

    def options(self, request: RouterRequest) -> dict[str, Any]:
        known = {"model", "messages", "stream", "stream_options"}
        return {name: value for name, value in request.body.items() if name not in known}


class TestLangChain(RouterContract):
    contract_level = 5
    known_failures: ClassVar = {
        "test_an_equal_stream_is_a_hit": "its cache keeps whole answers only",
        "test_failover_waits_for_nothing": "retries lie inside of fallbacks, with their pauses",
        "test_a_wait_that_is_asked_for_is_waited": "Retry-After is not read",
        "test_a_provider_that_asks_for_peace_has_it": "nor remembered",
        "test_all_that_ask_for_peace_have_it": "as above",
        "test_the_caller_gets_the_last_failure": "the first error is raised in the end",
        "test_a_broken_stream_ends_in_an_error[end_early]": "an end is the end",
        "test_before_the_first_content_another_one_is_asked[garble]": "an empty event is an answer",
        "test_before_the_first_content_another_one_is_asked[break_off]": "as above",
        "test_before_the_first_content_it_is_tried_again": "with_retry leaves streams alone",
    }

    @pytest.fixture
    def adapter(self) -> AdapterMaker:
        return LangChainAdapter
