"""Each check fails, with the right words, on a router that is broken where the check looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.contracts.reference_router import ReferenceAdapter, flawed

from understudy.contracts import Answer, Lacks, Piece, RouterContract
from understudy.contracts._cases import cases_of, checks_of
from understudy.contracts._rig import Rig

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from understudy.clock import VirtualClock
    from understudy.contracts import RouterConfig, RouterRequest
    from understudy.contracts._cases import Case

#: What is broken, the check that finds it, and what it says.
MUTANTS = [
    ("bare_names_fall_through", "a_model_goes_to_its_provider[claude_name]", "went to openrouter"),
    ("no_agent_defaults", "a_model_goes_to_its_provider[agent_default]", "the agent' went to ope"),
    ("names_the_first_of_all", "a_model_goes_to_its_provider[gpt_name]", "the answer says it was"),
    ("agent_first", "a_named_model_goes_before_the_default_of_the_agent", "went to anthropic"),
    ("accepts_no_providers", "without_providers_it_cannot_be_made", "made without providers"),
    ("stumbles_without_providers", "without_providers_it_cannot_be_made", "with StopIteration"),
    ("accepts_no_registry", "without_a_registry_it_cannot_be_made", "made without a registry"),
    ("key_has_time", "an_equal_request_is_a_hit", "two equal requests were 2 calls"),
    ("key_is_model", "another_request_is_a_miss", "got the answer to the first"),
    ("hits_are_no_requests", "hits_and_calls_are_counted", "counts 2 requests, 1 hits and 2"),
    ("ttl_in_ms", "an_answer_expires", "was gone after 90 %"),
    ("never_expires", "an_answer_expires", "was still there after 660 seconds"),
    ("counts_unlocked", "fifty_at_once_race_for_nothing", "there were 500"),
    ("key_is_model", "fifty_at_once_race_for_nothing", "got the answer to another one"),
    ("warms_other_key", "a_warmed_request_is_a_hit", "2 of two warmed requests were asked again"),
    ("key_joins_text", "keys_differ_by_content", "4 different conversations were 1 calls"),
    ("key_without_agent", "keys_differ_by_agent", "two agents shared an answer"),
    ("key_has_time", "keys_differ_by_agent", "own answer was not kept"),
    ("key_by_known_fields", "every_field_tells_requests_apart[seed]", "got the answer to one"),
    ("key_without_max_tokens", "every_field_tells_requests_apart[max_tokens]", "got the answer"),
    ("default_temperature", "every_field_tells_requests_apart[temperature_0_or_none]", "with none"),
    ("key_by_order", "the_order_of_keys_tells_nothing_apart", "stood in another order"),
    ("key_is_beginning", "a_long_request_is_kept", "differ at their end shared an answer"),
    ("done_at_finish", "a_stream_ends_with_the_done_flag", r"stands on \[5, 6\]"),
    ("never_done", "a_stream_ends_with_the_done_flag", "stands on none"),
    ("drops_first_delta", "a_stream_says_all_of_the_answer", "the pieces say 'call 1"),
    ("gathers_stream", "pieces_come_while_the_stream_runs", "came when the last one did"),
    ("streams_uncounted", "a_stream_is_counted", "one stream is 0 requests and 0 calls"),
    ("reads_on", "a_stream_that_is_left_is_left_at_the_provider", "is still open"),
    *(
        ("end_is_done", f"a_broken_stream_ends_in_an_error[{fault}]", "half a stream ended as done")
        for fault in ("cut", "end_early", "stall", "garble", "break_off")
    ),
    (
        "fails_over_mid_stream",
        "after_the_first_content_nobody_else_is_asked[cut]",
        r"openai answers hello\\nanthropic answers",
    ),
    (
        "retries_mid_stream",
        "after_the_first_content_nothing_is_tried_again",
        r"openai answers hello\\nopenai answers",
    ),
    *(
        ("status_is_answer", f"before_the_first_content_another_one_is_asked[{fault}]", "the reade")
        for fault in ("cut", "end_early", "stall", "garble", "break_off")
    ),
    ("streams_without_retries", "before_the_first_content_it_is_tried_again[fail]", "not tried ag"),
    ("lost_is_empty", "a_lost_connection_is_no_answer", "answered where it was to fail"),
    ("retries_only_statuses", "a_failure_that_may_pass_is_tried_again[go_away]", "not tried again"),
    ("retries_twice", "retries_come_to_an_end", "with 2 retries it was asked 6 times"),
    ("no_pause", "a_retry_comes_after_a_pause", "3 tries followed without a pause"),
    ("retries_everything", "a_bad_request_is_never_tried_again[422]", "422 was sent 3 times"),
    ("deadline_each", "one_deadline_holds_for_all_attempts", "10 seconds to wait became"),
    ("retry_after_capped", "a_wait_that_is_asked_for_is_waited[s]", "asked again after 8.0"),
    ("no_ms", "a_wait_that_is_asked_for_is_waited[ms]", "asked for 20 seconds and was asked again"),
    ("no_dates", "a_wait_that_is_asked_for_is_waited[date]", "was asked again after 0.5"),
    ("sleeps_then_gives_up", "a_wait_beyond_the_deadline_is_not_waited", "waited 10.0 seconds"),
    ("retry_after_capped", "a_wait_beyond_the_deadline_is_not_waited", "answered where it was to"),
    ("no_cooldown", "a_provider_that_asks_for_peace_has_it", "the next request went to it"),
    ("half_body", "a_sick_provider_is_replaced[end_early]", "was asked 0 times"),
    ("names_the_first", "a_sick_provider_is_replaced[fail]", "the answer names openai"),
    ("back_off_first", "failover_waits_for_nothing", "was asked after"),
    (
        "always_falls_back",
        "without_a_fallback_nobody_else_is_asked",
        "answered where it was to fail",
    ),
    ("everything_falls_over", "a_bad_request_is_not_failed_over", "answered where it was to fail"),
    ("cycles_anew", "when_all_fail_the_caller_is_told", "may be asked 3 times; they were asked"),
    ("breaker_unread", "a_breaker_opens", "after 3 failures it was asked once more"),
    ("half_open_flood", "one_probe_tries_a_sick_provider", "5 of 5 requests went to a provider"),
    ("stays_half_open", "a_good_probe_closes_it", "is well again, but request 1"),
    ("counts_anew", "a_bad_probe_opens_it_again", "was asked 1 times more"),
    ("probe_leaks", "a_probe_that_is_given_up_leaves_its_place", "nobody ever gets through"),
    ("bad_requests_count", "a_bad_request_is_no_failure_of_the_provider", "opened the breaker"),
    ("health_is_config", "health_names_the_sick", "with openai sick"),
    ("always_first", "all_take_their_turns", "nine requests went to {'anthropic': 9}"),
    ("equal_weights", "weights_are_kept", "requests went to {'anthropic': 4, 'openai': 4}"),
    ("no_limit", "no_more_are_let_through_than_the_limit", "5 requests were with a provider"),
    ("no_coalescing", "equal_requests_at_once_are_one_call", "at once were 4 calls"),
    ("flight_by_model", "other_requests_at_once_are_not_joined", "two different requests were one"),
    ("flight_without_agent", "agents_share_no_call", "two agents shared a call"),
    ("leader_runs_it", "who_leaves_takes_nobody_along", "3 others got CancelledError"),
    ("shielded", "the_last_to_leave_ends_the_call", "the call goes on"),
    ("failed_flight_stays", "an_error_is_told_to_all_and_kept_for_nobody", "the error of before"),
    ("each_pays", "a_call_that_is_shared_is_paid_once", r"became|booked as"),
    ("keeps_errors", "an_error_is_never_kept[429]", "the error was answered again"),
    ("keeps_half_streams", "a_broken_stream_is_never_kept[cut]", "half a stream was kept"),
    ("keeps_left_streams", "a_stream_that_was_left_is_never_kept_in_part", "somebody had read"),
    ("fifo", "the_least_recently_used_goes_first", "had just been used was dropped"),
    ("shares_raw", "changing_an_answer_changes_no_other", "what somebody made of the first"),
    ("fallback_under_first", "the_answer_of_a_fallback_is_its_own", "answered from the cache"),
    ("streams_uncached", "an_equal_stream_is_a_hit", "two equal streams were 2 calls"),
    ("replays_as_one", "a_replay_is_the_stream_piece_by_piece", "were replayed as"),
    ("replays_without_usage", "a_replay_is_the_stream_piece_by_piece", "the events"),
    ("replay_without_done", "a_replay_ends_with_the_done_flag", "the done flags are"),
    ("one_iterator", "two_replays_do_not_disturb_each_other", "beside another replay"),
    ("stream_not_in_key", "a_stream_and_a_whole_answer_are_not_mixed_up", "has no end"),
    ("per_thousand", "the_cost_is_exact", r"cost \$0.008755, and not \$8.755"),
    ("hits_are_paid", "the_day_is_counted", r"counted as 3 requests, 5403 tokens, \$0.026265"),
    ("day_never_ends", "the_day_begins_anew", r"2 and \$0.017510 were counted"),
    ("hit_costs", "a_hit_costs_nothing", r"a hit costs \$0.008755"),
    (
        "cached_twice",
        "tokens_that_the_provider_had_cached_are_paid_once[whole]",
        r"not \$0.0045",
    ),
    (
        "cached_in_full",
        "tokens_that_the_provider_had_cached_are_paid_once[stream]",
        r"not \$0.0035",
    ),
    ("streams_free", "a_stream_costs_what_a_whole_answer_does", r"booked as \$0"),
    ("left_is_free", "a_stream_that_was_left_is_not_free", "nothing was booked"),
    ("keys_are_final", "a_refused_key_is_failed_over", "nobody else was asked"),
    ("retries_bound_fallbacks", "every_fallback_is_reached", "a third provider was there and well"),
    ("tells_the_first", "the_caller_gets_the_last_failure", "with 503, and the caller got 500"),
    ("learns_once", "all_that_ask_for_peace_have_it", "went to .*'anthropic': 2"),
    ("catches_up", "a_provider_that_is_back_is_not_flooded", "was back, and of nine requests went"),
    ("hits_untold", "a_hit_says_so", "a miss says 'miss', and a hit 'miss'"),
    ("replays_untold", "a_replay_says_that_it_is_one", "and the end of a replay None"),
    ("places_leak", "who_leaves_takes_no_place[answer]", "2 others waited for their places"),
    ("places_leak", "who_leaves_takes_no_place[stream]", "2 others waited for their places"),
    ("shields_streams", "a_stream_may_be_left_before_it_says_anything", "and the call goes on"),
    ("keeps_requests", "nothing_stays_of_what_is_over[answered]", "of 30 KB that answered hold"),
    ("keeps_requests", "nothing_stays_of_what_is_over[failed]", "of 30 KB that failed hold"),
]


CASES = {case.name: case for case in cases_of(RouterContract)}


@pytest.mark.parametrize(
    ("flaw", "check", "words"), MUTANTS, ids=[f"{flaw}-{check}" for flaw, check, _ in MUTANTS]
)
def test_a_broken_router_is_found_out(
    stopped: VirtualClock, flaw: str, check: str, words: str
) -> None:
    """By the check that is there for it, which says what is wrong."""
    with pytest.raises(AssertionError, match=words):
        CASES[f"test_{check}"].run(Rig(flawed(flaw), stopped))


class Raises(ReferenceAdapter):
    """A router, or an adapter, that only raises."""

    def __init__(self, providers: Any, config: RouterConfig) -> None:
        super().__init__(providers, config)
        for method in ("complete", "stream", "warm"):
            vars(self)[method] = self.raised

    async def raised(self, *_: object) -> Any:
        """Raise what a mistake raises."""
        raise KeyError


class Answers(ReferenceAdapter):
    """A router that asks nobody, and always has an answer."""

    def __init__(self, providers: Any, config: RouterConfig) -> None:
        super().__init__(providers, config)
        vars(self).update(complete=self.answered, stream=self.streamed, warm=self.warmed)

    async def answered(self, request: RouterRequest) -> Answer:
        """Say the same whatever is asked."""
        return Answer(text="of model", cost_usd=0.0, raw={"text": "of model"})

    async def streamed(self, request: RouterRequest) -> AsyncIterator[Piece]:
        """Say it at once."""
        yield Piece("of model", done=True)

    async def warmed(self, requests: object) -> None:
        """Ask nobody."""


@pytest.mark.parametrize("useless", [Raises, Answers])
@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_a_useless_router_passes_nothing(
    stopped: VirtualClock, case: Case, useless: type[ReferenceAdapter]
) -> None:
    """Neither where a check expects an error, nor where it expects no call."""
    if case.check.capability == "validation":
        pytest.skip("it can be made like any other")

    with pytest.raises((AssertionError, KeyError, Lacks)):
        case.run(Rig(useless, stopped))


def test_every_check_has_a_router_that_it_finds_out() -> None:
    """So that none passes whatever the router does."""
    found = {f"test_{check.partition('[')[0]}" for _, check, _ in MUTANTS}

    assert sorted(set(checks_of(RouterContract)) - found) == []


def test_every_check_says_what_usually_fails_it() -> None:
    """And what it proves, in its docstring."""
    texts = {name: getattr(RouterContract, name).__doc__ for name in checks_of(RouterContract)}

    assert [name for name, text in texts.items() if "Usual cause of a failure: " not in text] == []
