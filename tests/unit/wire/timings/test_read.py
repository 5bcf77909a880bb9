"""What engines tell of their time, in their own shapes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.calls import Usage
from understudy.wire.timings import Timings, read_timings

LLAMA_CPP = {
    "cache_n": 36,
    "prompt_n": 1,
    "prompt_ms": 0.257,
    "predicted_n": 4,
    "predicted_ms": 1.301,
    "predicted_per_second": 3074.5,
}
OLLAMA = {
    "done": True,
    "total_duration": 9_120_000_000,
    "load_duration": 6_310_000_000,
    "prompt_eval_count": 41,
    "prompt_eval_duration": 210_000_000,
    "eval_count": 120,
    "eval_duration": 2_550_000_000,
}
LM_STUDIO = {"total_output_tokens": 50, "tokens_per_second": 25, "time_to_first_token_seconds": 0.5}
GROQ = {"queue_time": 0.25, "prompt_time": 0.5, "completion_time": 2, "total_time": 2.5}


def parts(told: Timings | None) -> tuple[float | None, ...]:
    """Return load, queue, prompt, generation, and both of the last two."""
    assert told is not None
    return told.load_ms, told.queue_ms, told.prompt_ms, told.decode_ms, told.inference_ms


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"timings": LLAMA_CPP}, (None, None, 0.257, 1.301, 1.558)),
        (OLLAMA, (6310, None, 210, 2550, 2760)),
        ({"stats": LM_STUDIO}, (None, None, 500, 2000, 2500)),
        (
            {"stats": {"time_to_first_token": 0.5, "generation_time": 1.5}},
            (None, None, 500, 1500, 2000),
        ),
        ({"type": "chat.end", "result": {"stats": LM_STUDIO}}, (None, None, 500, 2000, 2500)),
        ({"stats": {**LM_STUDIO, "model_load_time_seconds": 3}}, (3000, None, 500, 2000, 2500)),
        ({"usage": GROQ}, (None, 250, 500, 2000, 2500)),
        ({"x_groq": {"usage": GROQ}}, (None, 250, 500, 2000, 2500)),
        ({"time_info": GROQ}, (None, 250, 500, 2000, 2500)),
        (
            {
                "metrics": {
                    "time_to_first_token_ms": 30,
                    "generation_time_ms": 70.5,
                    "queue_time_ms": 2,
                    "mean_itl_ms": 1,
                }
            },
            (None, 2, 30, 70.5, 100.5),
        ),
        (
            {"usage": {"timing_prompt_processing": 8.5, "timing_token_generation": 20}},
            (None, None, 8.5, 20, 28.5),
        ),
    ],
    ids=[
        "llama.cpp",
        "ollama",
        "lm studio",
        "lm studio's older api",
        "lm studio's stream",
        "lm studio after a load",
        "groq",
        "groq's stream",
        "cerebras",
        "vllm",
        "localai",
    ],
)
def test_each_engine_is_read_in_its_own_units(
    answer: dict[str, Any], expected: tuple[float | None, ...]
) -> None:
    """All come out in milliseconds; what nobody told is unknown."""
    assert parts(read_timings(answer, {})) == pytest.approx(expected)


def test_text_generation_inference_tells_in_headers() -> None:
    """Both together, in whole milliseconds: 0 says nothing."""
    told = read_timings({}, {"x-inference-time": "812", "x-queue-time": "3"})

    assert parts(told) == (None, 3, None, None, 812)
    assert read_timings({}, {"x-inference-time": "0"}) is None
    assert read_timings({}, {"x-inference-time": "soon"}) is None


def test_llama_cpp_counts_the_tokens_too() -> None:
    """Those of the cache are input; older servers do not tell how many these are."""
    told = read_timings({"timings": LLAMA_CPP}, {})
    older = read_timings({"timings": {"prompt_n": 5, "predicted_n": 4}}, {})

    assert told is not None
    assert told.usage == Usage(input_tokens=37, output_tokens=4, cache_read_tokens=36)
    assert told.usage_raw == {"cache_n": 36, "prompt_n": 1, "predicted_n": 4}
    assert older is not None
    assert older.usage == Usage(output_tokens=4)


def test_a_single_token_has_no_time_of_generation() -> None:
    """Its clock was read twice with nothing in between; the whole still counts."""
    told = read_timings({"timings": {**LLAMA_CPP, "predicted_n": 1, "predicted_ms": 0.001}}, {})

    assert parts(told) == pytest.approx((None, None, 0.257, None, 0.258))


@pytest.mark.parametrize("missing", ["prompt_eval_duration", "eval_duration"])
def test_what_ollama_leaves_out_is_what_is_left_of_the_whole(missing: str) -> None:
    """It is 0 or unknown, so the two are not told apart."""
    told = read_timings({name: each for name, each in OLLAMA.items() if name != missing}, {})

    assert told is not None
    assert told.inference_ms == pytest.approx(9120 - 6310)


def test_without_the_whole_nothing_is_left() -> None:
    """Unknown is not zero."""
    told = read_timings({"total_duration": 5, "eval_duration": 3}, {})

    assert told is not None
    assert told.inference_ms is None


def test_a_model_in_the_cloud_is_not_loaded_here() -> None:
    """Nor is one that is sent away."""
    away = read_timings({**OLLAMA, "remote_host": "https://ollama.com"}, {})

    assert parts(away) == pytest.approx((None, None, 210, 2550, 2760))
    assert read_timings({**OLLAMA, "done_reason": "unload"}, {}) is None


def test_a_load_that_was_told_stays_when_the_answer_follows() -> None:
    """LM Studio tells it in an event of its own."""
    load = read_timings({"type": "model_load.end", "load_time_seconds": 12.5}, {})
    end = read_timings({"type": "chat.end", "result": {"stats": LM_STUDIO}}, {})
    assert load is not None
    assert end is not None

    assert parts(end.after(load)) == pytest.approx((12500, None, 500, 2000, 2500))
    assert (load.is_load, end.after(load).is_load, end.after(None).is_load) == (True, True, False)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"timings": {}},
        {"timings": [1]},
        {"timings": {"predicted_n": -1}},
        {"stats": {}},
        {"stats": {"tokens_per_second": 0, "total_output_tokens": 4}},
        {"result": "ok"},
        {"metrics": {"latencyMs": 551}},
        {"metrics": {"generation_time_ms": None}},
        {"usage": {"completion_tokens": 3}},
        {"usage": {"completion_time": "soon"}},
        {"usage": None, "x_groq": None},
    ],
)
def test_what_tells_no_time_is_no_timing(answer: dict[str, Any]) -> None:
    """The keys are those of others, too."""
    assert read_timings(answer, {}) is None


NAMES = st.sampled_from(
    [
        "timings",
        "stats",
        "result",
        "usage",
        "metrics",
        "time_info",
        "x_groq",
        "total_duration",
        *LLAMA_CPP,
        *OLLAMA,
        *LM_STUDIO,
        *GROQ,
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
VALUES = st.recursive(LEAVES, lambda inner: st.dictionaries(NAMES, inner, max_size=6))


@given(st.dictionaries(NAMES, VALUES, max_size=6))
def test_no_answer_makes_it_raise_or_lie(answer: dict[str, Any]) -> None:
    """Every time that comes out is finite and not below 0."""
    told = read_timings(answer, {})

    if told is not None:
        assert all(each is None or 0 <= each <= 2 * 10**9 for each in parts(told))
