"""Real SDKs and clients that are answered in the network's place."""

from __future__ import annotations

from tests.integration.intercept.answering import Mocked
from tests.support.clients import Caller, each_caller
from tests.support.watcher import Watcher

from understudy.calls import Origin
from understudy.intercept import Taps

MODEL = "gpt-test"
NOWHERE = "https://llm.test"


@each_caller
def test_client_gets_the_answer_of_the_mock(caller: Caller) -> None:
    """No host of that name exists, and every client reads what the mock says."""
    mocked = Mocked()
    watcher = Watcher()

    with Taps(watcher, answerer=mocked):
        seen = caller.call(NOWHERE, MODEL)

    assert seen
    assert watcher.faults == []
    assert (watcher.only.client, watcher.only.origin) == (caller.client, Origin.MOCKED)
    assert watcher.only.status == 200
    assert len(mocked.mock.calls) == 1


@each_caller
def test_answer_needs_nobody_who_watches(caller: Caller) -> None:
    """Where the observer watches nothing, the answer is the same."""
    watched, unwatched = Mocked(), Mocked()
    with Taps(Watcher(), answerer=watched):
        expected = caller.call(NOWHERE, MODEL)

    with Taps(Watcher(ignores=lambda _: True), answerer=unwatched):
        seen = caller.call(NOWHERE, MODEL)

    assert len(seen) == len(expected)
