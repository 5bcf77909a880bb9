"""The suite itself: what it skips, what it fails, and what its user gets wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from understudy.contracts import (
    Answer,
    Lacks,
    RouterAdapter,
    RouterContract,
    RouterRequest,
    own_router_adapter,
)
from understudy.contracts._cases import cases_of
from understudy.contracts._check import Check
from understudy.contracts._purse import Purse
from understudy.contracts._rig import Rig
from understudy.errors import SettingsError, UnknownNameError

if TYPE_CHECKING:
    from understudy.clock import VirtualClock
    from understudy.contracts._cases import Case

CASES = {case.name: case for case in cases_of(RouterContract)}
EXPIRY = Check("expiry", 1)
SUITES = """
import pytest
from understudy.contracts import RouterAdapter, RouterContract, own_router_adapter

class TestOurs(RouterContract):
    contract_level = 1
    known_failures = {"test_an_answer_expires": "ticket 12"}

    @pytest.fixture
    def adapter(self):
        return own_router_adapter

class TestBare(RouterContract):
    required = {"deadline"}

    @pytest.fixture
    def adapter(self):
        return RouterAdapter

class TestNothing(RouterContract):
    pass
"""


class Live(RouterAdapter):
    """A router over real providers, which cost a cent each time."""

    live = True

    async def complete(self, request: RouterRequest) -> Answer:
        """Answer as OpenAI does, in a few tokens."""
        assert request.body["max_tokens"] == 16
        return Answer(text="hello", provider="openai", cost_usd=0.01)


def rig(name: str = "test_an_answer_expires", *, purse: Purse | None = None) -> Rig:
    clock: Any = None
    return Rig(Live if purse else own_router_adapter, clock, name=name, purse=purse)


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_a_bare_adapter_lacks_everything(stopped: VirtualClock, case: Case) -> None:
    """Whatever is asked of it, it says what it has not."""
    methods = "complete|stream|counters|warm|health"

    with pytest.raises(Lacks, match=rf"the adapter has no ({methods})\(\)"):
        case.run(Rig(RouterAdapter, stopped))


def test_what_is_lacked_is_skipped_with_the_reason() -> None:
    """But for what is required."""
    lack = Lacks("the adapter cannot set cache_ttl")
    strict = type("Strict", (RouterContract,), {"required": {"expiry"}})

    with pytest.raises(pytest.skip.Exception, match="expiry: the adapter cannot set cache_ttl"):
        RouterContract().end_check(EXPIRY, rig(), lack)
    with pytest.raises(pytest.fail.Exception, match="expiry is required, and the adapter cannot"):
        strict().end_check(EXPIRY, rig(), lack)


def test_a_check_that_is_newer_than_the_pinned_level_is_left_out() -> None:
    """With the level that it has."""
    pinned = type("Pinned", (RouterContract,), {"contract_level": 2})()

    pinned.begin_check(Check("retries", 2), rig())
    with pytest.raises(pytest.skip.Exception, match=r"level 3: .* contract_level = 2"):
        pinned.begin_check(Check("breaker", 3), rig())


@pytest.mark.parametrize("key", ["test_it[one]", "test_it"])
def test_a_known_failure_is_expected(key: str) -> None:
    """One check, or all its cases; what passes nevertheless fails."""
    known = RouterContract()
    known.known_failures = {key: "ticket 12"}  # type: ignore[misc]
    case = rig("test_it[one]")

    with pytest.raises(pytest.xfail.Exception, match="ticket 12"):
        known.end_check(EXPIRY, case, AssertionError("no"))
    with pytest.raises(pytest.fail.Exception, match=r"names it .ticket 12., and it passes"):
        known.end_check(EXPIRY, case, None)
    with pytest.raises(AssertionError, match="no"):
        known.end_check(EXPIRY, rig("test_it_not"), AssertionError("no"))


def test_a_live_router_wants_a_budget() -> None:
    """And checks that real providers can pass."""
    contract, live = RouterContract(), rig(purse=Purse(1.0))

    with pytest.raises(pytest.skip.Exception, match="set budget_usd"):
        contract.begin_check(EXPIRY, live)
    contract.budget_usd = 1.0  # type: ignore[misc]
    with pytest.raises(pytest.skip.Exception, match="live providers do not fail"):
        contract.begin_check(EXPIRY, live)
    contract.begin_check(Check("selection", 1, live=True), live)


def test_a_live_router_stops_at_its_budget(stopped: VirtualClock) -> None:
    """What an unknown cost is taken from is everything."""
    purse, case = Purse(0.02), CASES["test_a_model_goes_to_its_provider[gpt_name]"]

    for _ in range(2):
        case.run(Rig(Live, stopped, purse=purse))
    with pytest.raises(Lacks, match=r"the budget of \$0.02 is spent"):
        case.run(Rig(Live, stopped, purse=purse))

    unknown = Purse(5.0)
    with pytest.raises(Lacks, match="what a live answer cost"):
        unknown.pay(Answer(text="hello"))
    with pytest.raises(Lacks, match="is spent"):
        unknown.check()


def test_a_live_router_that_goes_wrong_fails(stopped: VirtualClock) -> None:
    """As any other."""
    with pytest.raises(AssertionError, match="went to openai"):
        CASES["test_a_model_goes_to_its_provider[claude_name]"].run(
            Rig(Live, stopped, purse=Purse(1.0))
        )


def test_a_router_that_waits_for_ever_fails(stopped: VirtualClock) -> None:
    """After some seconds of the machine's, with a guess at the cause."""

    class Stuck(RouterAdapter):
        patience = 0.05

        async def complete(self, request: RouterRequest) -> Answer:
            import asyncio  # noqa: PLC0415
            from concurrent.futures import Future  # noqa: PLC0415

            return await asyncio.wrap_future(Future[Answer]())

    from understudy.contracts._running import run  # noqa: PLC0415

    stuck = Rig(Stuck, stopped)

    async def ask() -> None:
        stuck.build()
        await stuck.ask()

    with pytest.raises(AssertionError, match=r"did not come to its end in 0.05 seconds"):
        run(stuck, ask())


def test_names_are_checked_when_the_class_is_made() -> None:
    """Capabilities, checks; and no check is replaced unnoticed."""
    with pytest.raises(UnknownNameError, match="Did you mean 'streaming'"):
        type("TestIt", (RouterContract,), {"required": {"streeming"}})
    with pytest.raises(UnknownNameError, match="unknown check 'test_expiry'"):
        type("TestIt", (RouterContract,), {"known_failures": {"test_expiry[x]": "why"}})
    with pytest.raises(SettingsError, match="TestIt replaces test_an_answer_expires"):
        type("TestIt", (RouterContract,), {"test_an_answer_expires": None})


def test_the_matrix_says_what_was_found(pytester: pytest.Pytester) -> None:
    """In the terminal and in both reports."""
    pytester.makepyfile(SUITES)

    result = pytester.runpytest_inprocess(
        *("-p", "no:cacheprovider", "-k", "expires or one_deadline or stream_ends_with_the_done"),
        *("--llm-report=json:r.json", "--llm-report=markdown:r.md"),
    )

    result.assert_outcomes(passed=1, failed=2, skipped=3, errors=3)
    result.stdout.fnmatch_lines(
        [
            "*TestNothing needs a fixture `adapter` that returns*",
            "*= router contract =*",
            "capability *TestOurs * TestBare *TestNothing",
            "deadline * - * 1 of 1 failed * 1 of 1 failed",
            "expiry * 1 of 1 failed * lacks * 1 of 1 failed",
            "streaming * yes * lacks * 1 of 1 failed",
            "TestOurs: expiry fails 1 check: test_an_answer_expires",
            "TestBare: deadline fails 1 check: test_one_deadline_holds_for_all_attempts",
            "TestBare: expiry: the adapter has no complete()",
        ]
    )
    ours, bare, _ = json.loads((pytester.path / "r.json").read_text())["contracts"]
    assert ours["capabilities"] == {"deadline": "-", "expiry": "1 of 1 failed", "streaming": "yes"}
    assert [check["reason"] for check in bare["checks"]] == [
        "deadline is required, and the adapter has no complete()",
        "the adapter has no complete()",
        "the adapter has no stream()",
    ]
    page = (pytester.path / "r.md").read_text()
    assert "| capability | TestOurs | TestBare | TestNothing |" in page
    assert "- TestOurs, expiry: known_failures names it (ticket 12), and it passes" in page


def test_it_works_without_the_plugin(pytester: pytest.Pytester) -> None:
    """Only the matrix is missing then."""
    pytester.makepyfile(SUITES)

    result = pytester.runpytest_inprocess(
        "-p", "no:understudy", "-k", "TestOurs and stream_ends_with_the_done"
    )

    result.assert_outcomes(passed=1)
    assert "router contract" not in result.stdout.str()


class Sloppy(RouterAdapter):
    """An adapter that forgets what it is to give."""

    async def complete(self, request: RouterRequest) -> Any:
        """Give a text."""
        return "hello"

    async def stream(self, request: RouterRequest) -> Any:
        """Give a text."""
        for text in ("hello", "there"):
            yield text


@pytest.mark.parametrize("name", ["a_lost_connection_is_no_answer", "a_stream_is_counted"])
def test_an_adapter_that_gives_something_else_is_told(stopped: VirtualClock, name: str) -> None:
    """Also where an error of the router is what a check waits for."""
    with pytest.raises(SettingsError, match=r"gives 'hello'; it must be an understudy"):
        CASES[f"test_{name}"].run(Rig(Sloppy, stopped))
