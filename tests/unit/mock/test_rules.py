"""Which rule answers, how often, and in what order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.unit.mock.stage import Stage, called, result

from understudy.errors import SettingsError
from understudy.mock import MockReply, UnmatchedCall


def test_a_reply_answers_every_call(stage: Stage) -> None:
    """Without a condition it takes all."""
    stage.mock.reply("yes")

    assert [stage.read("a").text, stage.read("b").text] == ["yes", "yes"]


def test_a_counted_reply_makes_way_for_the_next(stage: Stage) -> None:
    """After so many calls."""
    stage.mock.reply("first", times=2).reply("then")

    assert [stage.read().text for _ in range(4)] == ["first", "first", "then", "then"]


def test_replies_come_in_order(stage: Stage) -> None:
    """And the next rule after the last."""
    stage.mock.replies(["one", MockReply("two")]).reply("rest")

    assert [stage.read().text for _ in range(3)] == ["one", "two", "rest"]


def test_conditions_go_first(stage: Stage) -> None:
    """Whatever was said before: a default does not hide them."""
    stage.mock.reply("default")
    stage.mock.on(contains="Oslo").reply("rain")

    assert stage.read("Oslo?").text == "rain"
    assert stage.read("Rome?").text == "default"


def test_the_first_condition_that_holds_wins(stage: Stage) -> None:
    """In the order of the test."""
    stage.mock.on(contains="Oslo").reply("one")
    stage.mock.on(matches="Osl.").reply("two")

    assert stage.read("Oslo?").text == "one"


def test_what_runs_out_goes_before_a_default(stage: Stage) -> None:
    """A fixture's default does not hide the replies of the test."""
    stage.mock.reply("default")
    stage.mock.replies(["one"])

    assert [stage.read().text for _ in range(2)] == ["one", "default"]


def test_a_new_default_takes_the_place_of_the_old(stage: Stage) -> None:
    """Nothing after the old one would ever be asked."""
    stage.mock.reply("old").reply("new")

    assert stage.read().text == "new"


def test_a_function_may_leave_a_call_to_the_next_rule(stage: Stage) -> None:
    """By returning None."""
    stage.mock.reply(lambda call: "odd" if call.number % 2 else None).reply("even")

    assert [stage.read().text for _ in range(2)] == ["odd", "even"]


def test_a_tool_call_is_no_answer_to_its_own_result(stage: Stage) -> None:
    """An agent does not loop: the next rule answers the result."""
    stage.mock.on(contains="Oslo").reply(tool_calls=["get_weather"])
    stage.mock.reply("It rains.")

    first = stage.read("Oslo?")
    second = stage.read("Oslo?", called(), result())

    assert [call.name for call in first.tool_calls] == ["get_weather"]
    assert second.text == "It rains."


@pytest.mark.parametrize("other", ["get_time", "get_weather"])
def test_a_rule_about_results_may_call_the_tool_again(stage: Stage, other: str) -> None:
    """So may one whose tool gave no result."""
    stage.mock.on(tool_result="get_weather").reply(tool_calls=[other])

    assert stage.read("Oslo?", called(), result()).tool_calls[0].name == other


def test_an_unmatched_call_is_kept(stage: Stage) -> None:
    """The test fails though the application may hide it."""
    with pytest.raises(UnmatchedCall) as caught:
        stage.ask("hello")

    assert stage.mock.unmatched == (caught.value,)
    assert caught.value.call.user_text == "hello"
    assert stage.mock.calls == ()


def test_an_unmatched_call_is_no_exception() -> None:
    """SDKs catch those of a transport and try again."""
    assert not issubclass(UnmatchedCall, Exception)


def test_somebody_else_may_answer_an_unmatched_call() -> None:
    """The hook of a plugin, for one."""
    stage = Stage(on_unmatched=lambda call: f"{call.user_text} yourself")

    assert stage.read("hello").text == "hello yourself"


def test_somebody_else_may_leave_it_unmatched() -> None:
    """By returning None."""
    stage = Stage(on_unmatched=lambda call: None)

    with pytest.raises(UnmatchedCall):
        stage.ask()


def test_counts_hold_for_threads(stage: Stage) -> None:
    """No reply is given twice, none is lost."""
    stage.mock.reply("counted", times=20).reply("rest")

    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(lambda _: stage.ask().call.text, range(50)))

    assert sorted(texts) == ["counted"] * 20 + ["rest"] * 30
    assert sorted(call.call.number for call in stage.mock.calls) == list(range(1, 51))


def test_replies_hold_for_threads(stage: Stage) -> None:
    """Each of them is given once."""
    stage.mock.replies([f"{number:02}" for number in range(40)])

    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(lambda _: stage.ask().call.text, range(40)))

    assert sorted(texts) == [f"{number:02}" for number in range(40)]


def test_two_mocks_share_nothing() -> None:
    """Rules, counts and calls are each one's own."""
    one, two = Stage(), Stage()
    one.mock.reply("one")
    two.mock.reply("two")

    assert (one.read().text, two.read().text) == ("one", "two")
    assert len(one.mock.calls) == len(two.mock.calls) == 1


def test_a_reset_forgets_everything(stage: Stage) -> None:
    """Rules, faults, calls."""
    stage.mock.reply("yes").fail("rate_limit")
    stage.read()
    stage.mock.reset()

    with pytest.raises(UnmatchedCall, match="no rules"):
        stage.ask()

    assert stage.mock.calls == ()


def test_who_recovers_keeps_rules_and_calls(stage: Stage) -> None:
    """Only what befalls the calls is forgotten."""
    stage.mock.reply("yes").fail("rate_limit")
    stage.read()

    stage.mock.recover()
    stage.read()

    assert [call.fault for call in stage.mock.calls] == ["rate_limit", None]


@pytest.mark.parametrize("times", [0, -1, True, 1.5, "2"])
def test_times_is_a_whole_number_from_one(stage: Stage, times: object) -> None:
    """Anything else is refused where it is written."""
    with pytest.raises(SettingsError, match="times is"):
        stage.mock.reply("x", times=times)  # type: ignore[arg-type]


@pytest.mark.parametrize("answers", [[], "text"])
def test_replies_wants_a_list(stage: Stage, answers: object) -> None:
    """A text would be a reply for each letter."""
    with pytest.raises(SettingsError, match="give a list"):
        stage.mock.replies(answers)  # type: ignore[arg-type]
