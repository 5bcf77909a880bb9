"""What an application does with models, by real SDKs: the same in a test and in a script."""

# ruff: noqa: PLC0415 - an SDK may be missing

from __future__ import annotations

from contextlib import suppress
from typing import Final

from tests.support.clients import CALLERS, MESSAGES

from understudy import LLMCallTracker, lifecycle, record_event

_MODEL: Final = "gpt-4o-mini.chunks-2"
_CALLERS: Final = (
    *("openai chat", "openai chat, streaming", "openai chat, async, streaming"),
    *("openai responses", "openai embeddings", "anthropic", "anthropic, async, streaming"),
    *("google-genai", "aiohttp, streaming", "urllib3", "requests"),
)


def make_calls(url: str) -> None:
    """Call by each SDK, annotate, predict, edit, fail and retry."""
    for caller in CALLERS:
        if caller.name in _CALLERS and caller.is_possible:
            caller.call(url, _MODEL)
    with LLMCallTracker(subject_id="s", tier="L2", estimate=5) as tracker:
        by_openai(url, _MODEL)
        tracker.set_reducer_stats(3, 2, 1)
    record_event("undo", subject_id="s")
    with lifecycle.generation(tool_name="edit"):
        by_openai(url, f"{_MODEL}.busy-1")
    with suppress(Exception):
        by_openai(url, f"{_MODEL}.status-400")


def by_openai(url: str, model: str) -> str | None:
    """Ask once, and once more where that fails."""
    import openai

    with openai.OpenAI(base_url=f"{url}/v1", api_key="x", max_retries=1) as client:
        answer = client.chat.completions.create(model=model, messages=MESSAGES)
    return answer.choices[0].message.content
