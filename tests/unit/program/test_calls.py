"""The calls of a recording, in bounded memory."""

from __future__ import annotations

from decimal import Decimal

import pytest

from understudy import RecordedCalls
from understudy.calls import Request, Response, Status
from understudy.events import new_id
from understudy.pricing import Prices, price_book
from understudy.program import _calls as module
from understudy.program._no_calls import NoCalls
from understudy.telemetry import RecordedCall

PRICES = price_book(Prices())
MILLION = 1_000_000


def attempt(call_id: str, *, model: str = "gpt-4o", size: int = 1) -> RecordedCall:
    """Make an attempt that used a million tokens."""
    fields = {
        "event_id": new_id(),
        "call_id": call_id,
        "ts": 0,
        "status": Status.OK,
        "provider": "openai",
        "wire_api": "openai.chat",
        "operation": "chat",
        "request_model": model,
        "input_tokens": MILLION,
        "output_tokens": 0,
        "usage_source": "provider",
        "usage_raw": {"prompt_tokens": MILLION, "completion_tokens": 0},
    }
    body = b"x" * size
    request = Request("POST", "https://api.openai.com/v1/chat/completions", {}, body)
    return RecordedCall(fields, None, request, Response(200, {}, body))


def calls(keep: int, *taken: RecordedCall) -> RecordedCalls:
    """Return a recording's calls that took some attempts."""
    made = RecordedCalls(PRICES, keep=keep, run_id="run")
    for each in taken:
        made.attempt_recorded(each)
    return made


def test_figures_are_of_all_calls_and_the_newest_can_be_looked_at() -> None:
    """However many there were."""
    made = calls(3, *(attempt(str(number)) for number in range(10)))

    assert (made.count, len(made), made.last.event.call_id) == (10, 3, "9")
    assert made.total_cost_usd == Decimal("25.000000")
    assert [len(each) for each in made.by_model().values()] == [3]


def test_a_call_that_is_sent_again_is_one_call() -> None:
    """Also where its first attempt is gone."""
    made = calls(1, attempt("a"), attempt("a"), attempt("b"))

    assert made.count == 2


def test_one_call_without_a_price_leaves_the_sum_unknown() -> None:
    """Also when it is gone."""
    made = calls(1, attempt("a", model="nobody-knows-1"), attempt("b"))

    assert made.total_cost_usd is None


def test_large_calls_go_earlier(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sent and answered is kept up to a bound; the last call always is."""
    monkeypatch.setattr(module, "_MOST_BYTES", 100)
    made = calls(1000, *(attempt(str(number), size=20) for number in range(10)))
    assert len(made) == 2

    made.attempt_recorded(attempt("large", size=1000))

    assert len(made) == 1
    assert made.count == 11


def test_before_the_first_call_there_is_no_last_one() -> None:
    """It says which recording has none."""
    with pytest.raises(LookupError, match=r"no LLM call yet$"):
        _ = calls(1).last
    with pytest.raises(LookupError, match="it is off"):
        _ = NoCalls().last


def test_a_recording_that_is_off_has_all_that_one_has_which_is_on() -> None:
    """But for what is its own while calls are made."""
    public = {name for name in dir(RecordedCalls) if not name.startswith("_")}
    inner = {name for name in public if name.startswith("attempt_")}
    inner |= {"operation_id", "tool_name"}

    assert public - inner - set(dir(NoCalls)) == set()
    assert list(NoCalls()) == NoCalls()[:] == []
    assert {"run_id", "store"} <= set(dir(NoCalls))
