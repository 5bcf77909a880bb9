from __future__ import annotations

from typing import TYPE_CHECKING

from page_editor import Claude, Gpt, edit_page, stream_edit

from understudy import get_llm
from understudy.lifecycle import GenerationCompleted

if TYPE_CHECKING:
    from understudy import CallLog, LLMEvents, MockLLM

WISH = "A shorter headline, please."
VALID = '{"op": "edit.begin"}\n{"op": "text.set", "target": "hero", "value": "Slow bread"}'


def test_lines_are_accepted_and_rejected(mock_llm: MockLLM, llm_calls: CallLog) -> None:
    model = get_llm(real=Claude)
    assert model is mock_llm

    edit = stream_edit(model, "flawed_edit", "home")

    assert not edit.is_valid
    event = llm_calls.last.event
    assert (event.lines_emitted, event.lines_accepted, event.lines_rejected) == (12, 8, 4)
    assert (event.subject_id, event.tier) == ("home", "L2")


def test_an_edit_is_repaired_then_asked_of_another(
    mock_llm: MockLLM, llm_events: LLMEvents
) -> None:
    mock_llm.on(provider="anthropic").reply("Sure! Here is your edit:\n" + VALID)
    mock_llm.on(provider="openai").reply(VALID)

    assert edit_page(WISH, "home", first=Claude(), second=Gpt()).is_valid

    assert [event.event_type.removeprefix("llm_") for event in llm_events] == [
        "generation_started",
        "validation_result",
        "repair_attempt",
        "validation_result",
        "provider_failover",
        "validation_result",
        "generation_completed",
    ]
    completed = llm_events.last
    assert isinstance(completed, GenerationCompleted)
    assert completed.success
    assert (completed.attempts, completed.provider) == (3, "openai")
