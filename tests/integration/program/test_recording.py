"""What a recording takes, and what it leaves alone."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from queue import Queue
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
import urllib3
from tests.unit.durable.other_process import other_process, run_python

import understudy
from understudy.errors import SettingsError
from understudy.store import Run, open_store
from understudy.telemetry import tapped_telemetry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.provider import Provider
    from tests.support.suite import Suite

    from understudy.events import AnyEvent

MODEL = "gpt-4o-mini.chunks-2"


@pytest.fixture
def ask(provider: Provider) -> Callable[..., None]:
    """Makes a call."""

    def ask(model: str = MODEL) -> None:
        body = {"model": model, "messages": [{"role": "user", "content": "Hello?"}]}
        with urllib3.PoolManager() as pool:
            pool.request("POST", f"{provider.url}/v1/chat/completions", json=body, retries=False)

    return ask


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory, and an environment that says nothing."""
    for name in [each for each in os.environ if each.startswith(("UNDERSTUDY_", "TELEMETRY_"))]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("CI", raising=False)  # where nothing is recorded unasked
    monkeypatch.chdir(tmp_path)
    return tmp_path


def stored(path: Path) -> list[tuple[Run, list[AnyEvent]]]:
    """Return all runs of a store, the oldest first, and their events."""
    with open_store(path, create=False) as store:
        return [(run, store.events(run.run_id)) for run in reversed(store.runs())]


def test_it_is_off_unless_somebody_says_on(ask: Callable[..., None], place: Path) -> None:
    """Then it does nothing at all."""
    send = urllib3.connectionpool.HTTPConnectionPool.urlopen
    with understudy.recording(store="calls.db") as calls:
        assert urllib3.connectionpool.HTTPConnectionPool.urlopen is send
        ask()

    assert not calls.is_on
    assert not calls.count
    assert not calls.total_cost_usd
    assert not calls.by_model()
    with pytest.raises(LookupError, match="it is off"):
        _ = calls.last
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("variable", ["TELEMETRY_DB_ENABLED", "UNDERSTUDY_TELEMETRY"])
def test_the_environment_says_on_where_the_argument_says_nothing(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """By the variables that a run of pytest knows, too."""
    said = []
    for word, enabled in [("1", None), ("0", None), ("1", False), ("0", True)]:
        monkeypatch.setenv(variable, word)
        with understudy.recording(enabled=enabled) as calls:
            said.append(calls.is_on)

    assert said == [True, False, False, True]


def test_calls_can_be_looked_at(ask: Callable[..., None], place: Path) -> None:
    """As those of a test; afterwards they are in the store, and the clients are as before."""
    send = urllib3.connectionpool.HTTPConnectionPool.urlopen
    with understudy.recording(enabled=True, store="calls.db", name="shop") as calls:
        ask()
        ask("gpt-4o.chunks-3")

        assert calls.count == len(calls) == 2
        assert calls.last.text == "word0 word1 word2 "
        assert calls.last.messages == [{"role": "user", "content": "Hello?"}]
        assert sorted(calls.by_model()) == ["gpt-4o-mini.chunks-2", "gpt-4o.chunks-3"]
    ask()

    ((run, events),) = stored(place / "calls.db")
    assert (run.kind, run.run_id) == ("logger", calls.run_id)
    assert [event.phase_id for event in events] == ["recording:shop"] * 2
    assert urllib3.connectionpool.HTTPConnectionPool.urlopen is send
    assert calls.store == str(place / "calls.db")


def test_an_exception_goes_on_and_its_call_is_recorded(place: Path, provider: Provider) -> None:
    """It is the application's."""
    url = f"{provider.url}/v1/chat/completions"
    body = {"model": f"{MODEL}.cut-0", "messages": []}
    with pytest.raises(urllib3.exceptions.HTTPError), understudy.recording(enabled=True) as calls:
        urllib3.request("POST", url, json=body, retries=False)

    assert calls.last.event.status == "error"
    ((_, events),) = stored(place / ".understudy" / "telemetry.db")
    assert len(events) == 1


def test_calls_of_an_inner_one_are_the_outer_ones_too(
    ask: Callable[..., None], place: Path
) -> None:
    """They share a run; an inner one that is off changes nothing."""
    with understudy.recording(enabled=True) as outer:
        ask()
        with understudy.recording(enabled=True) as inner, understudy.recording(enabled=False):
            ask()
        ask()

    assert (outer.count, inner.count) == (3, 1)
    ((run, events),) = stored(place / ".understudy" / "telemetry.db")
    assert outer.run_id == inner.run_id == run.run_id
    assert len(events) == 3


def test_one_after_the_other_has_runs_of_its_own(ask: Callable[..., None], place: Path) -> None:
    """The same object may be entered again, but not while it is open."""
    recording = understudy.recording(enabled=True)
    with recording:
        ask()
        with pytest.raises(RuntimeError, match="is open already"):
            recording.__enter__()
    with recording as calls:
        ask()

    assert calls.count == 1
    assert [len(events) for _, events in stored(place / ".understudy" / "telemetry.db")] == [1, 1]


def test_two_at_once_have_their_own_calls(ask: Callable[..., None], place: Path) -> None:
    """As of two requests that a server handles; with threads that they start."""
    both = Barrier(2, timeout=30)

    def handle(times: int) -> int:
        with understudy.recording(enabled=True) as calls:
            both.wait()
            threads = [Thread(target=ask) for _ in range(times)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            both.wait()
        return calls.count

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(handle, [1, 2])) == [1, 2]

    ((_, events),) = stored(place / ".understudy" / "telemetry.db")
    assert len(events) == 3


async def test_tasks_have_their_own_calls(ask: Callable[..., None], place: Path) -> None:
    """In one loop; one that ends before the other takes nothing of it along."""

    async def handle(times: int) -> int:
        async with understudy.recording(enabled=True) as calls:
            for _ in range(times):
                await asyncio.to_thread(ask)
        return calls.count

    assert list(await asyncio.gather(handle(1), handle(3))) == [1, 3]
    assert sum(len(events) for _, events in stored(place / ".understudy" / "telemetry.db")) == 4


def test_calls_of_a_thread_from_before_are_the_first_ones(ask: Callable[..., None]) -> None:
    """As of a pool that a library began when it was imported."""
    orders: Queue[bool] = Queue()
    done: Queue[bool] = Queue()

    def serve() -> None:
        while orders.get():
            ask()
            done.put(True)

    thread = Thread(target=serve)
    thread.start()
    with (
        understudy.recording(enabled=True) as first,
        understudy.recording(enabled=True) as second,
    ):
        orders.put(True)
        done.get()
    orders.put(False)
    thread.join()

    assert (first.count, second.count) == (1, 0)


def test_a_process_has_one_store(ask: Callable[..., None], place: Path) -> None:
    """Another one inside is refused; that leaves the outer recording alone."""
    with understudy.recording(enabled=True, store="a.db") as calls:
        with (
            pytest.raises(SettingsError, match=r"records into .*a\.db"),
            understudy.recording(enabled=True, store="b.db"),
        ):
            pass
        with understudy.recording(enabled=True, store=place / "a.db"):
            ask()

    assert calls.count == 1
    assert not (place / "b.db").exists()


def test_a_wrong_setting_is_said_on_entering(place: Path) -> None:
    """And nothing is left in force."""
    send = urllib3.connectionpool.HTTPConnectionPool.urlopen
    (place / "pyproject.toml").write_text("[tool.understudy.pices]")
    with (
        pytest.raises(SettingsError, match="prices"),
        understudy.recording(enabled=True),
    ):
        pass

    assert urllib3.connectionpool.HTTPConnectionPool.urlopen is send
    with pytest.raises(SettingsError, match="keep is 0"):
        understudy.recording(keep=0)


def test_prices_sinks_and_content_are_those_of_the_environment(
    ask: Callable[..., None], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And of `pyproject.toml` in the working directory."""
    (place / "pyproject.toml").write_text(
        '[tool.understudy.prices."acme-1"]\ninput = 1000.0\noutput = 1000.0\n'
    )
    monkeypatch.setenv("UNDERSTUDY_SINK", "jsonl:events.jsonl")
    monkeypatch.setenv("UNDERSTUDY_STORE", "own.db")
    monkeypatch.setenv("UNDERSTUDY_STORE_CONTENT", "1")
    with understudy.recording(enabled=True) as calls:
        ask("acme-1")

    ((_, (event,)),) = stored(place / "own.db")
    assert "Hello?" in str(vars(event)["request_content"])
    assert str(calls.total_cost_usd) == "0.015000"
    sent, thought = map(json.loads, (place / "events.jsonl").read_text().splitlines())
    assert sent["event_id"] == event.event_id
    assert sent["cost_usd"] == 0.015
    assert (thought["component"], thought["call_id"]) == ("acme-1", event.event_id)


def test_a_fault_of_ours_reaches_nobody_and_is_said_once(
    ask: Callable[..., None], place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Where neither journal nor store can be written, calls are still seen."""
    (place / "calls.db").mkdir()
    (place / "calls.db.journal").write_text("no folder")
    with (
        caplog.at_level(logging.WARNING, "understudy"),
        pytest.raises(SettingsError, match="is a folder"),
        understudy.recording(enabled=True, store="calls.db"),
    ):
        pass
    (place / "calls.db").rmdir()
    (place / "calls.db").write_text("no database")
    (place / "calls.db").rename(place / "calls.txt")
    (place / "calls.txt.journal").write_text("no folder")

    with understudy.recording(enabled=True, store="calls.txt") as calls:
        ask()
        ask()

    assert calls.count == 2
    said = [record.getMessage() for record in caplog.records]
    assert [each.partition(":")[2].partition(":")[0] for each in said] == [
        " a fault while writing a journal",
        " a fault while bringing a journal into the store",
    ]


def test_hooks_of_packages_are_told_of_budgets(
    ask: Callable[..., None], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the last recording ends, and once; where there is a budget."""
    hook = "@understudy.hookimpl\ndef cost_alert_raised(alert): TOLD.append(alert)\n"
    (place / "house_hooks.py").write_text(f"import understudy\nTOLD = []\n{hook}")
    (package := place / "house-1.dist-info").mkdir()
    (package / "METADATA").write_text("Name: house\nVersion: 1\n")
    (package / "entry_points.txt").write_text("[understudy]\nhouse = house_hooks\n")
    monkeypatch.syspath_prepend(place)
    monkeypatch.delitem(sys.modules, "house_hooks", raising=False)
    for budget, seen in (("", 0), ("daily_usd = 0.000001", 3), ("daily_usd = 0.000001", 3)):
        (place / "pyproject.toml").write_text(f"[tool.understudy.costs]\n{budget}\n")
        with understudy.recording(enabled=True):
            ask("gpt-4o-mini")
        assert len(sys.modules["house_hooks"].TOLD) == seen


def test_what_a_cassette_answers_is_said_to_be_replayed(
    ask: Callable[..., None], place: Path, provider: Provider
) -> None:
    """Whichever was opened first; what it records is recorded once."""
    seen = []
    for _ in range(2):
        with understudy.recording(enabled=True) as calls, understudy.use_cassette("c.yaml"):
            ask()
        seen.append(calls.last.event.origin)
    for name in ("c.yaml", "d.yaml"):
        with understudy.use_cassette(name), understudy.recording(enabled=True) as calls:
            ask()
        seen.append(calls.last.event.origin)
    with understudy.use_cassette("d.yaml"):
        ask()

    assert seen == ["recorded", "replayed", "replayed", "recorded"]
    assert len(provider.received) == 2
    assert (place / "d.yaml").read_text().count("method: POST") == 1


def test_predictions_belong_to_the_program(ask: Callable[..., None], place: Path) -> None:
    """A prediction needs a phase, and the recording is one."""
    with understudy.recording(enabled=True, name="shop") as calls:
        with understudy.LLMCallTracker(estimate=4):
            ask()
        assert calls.last.estimate is not None
        assert calls.last.estimate.actual_output_tokens == 2

    with open_store(place / ".understudy" / "telemetry.db") as store:
        (estimate,) = store.estimates()
    assert estimate.phase_id == "recording:shop"
    assert estimate.smape_percent == pytest.approx(200 / 3)


def test_what_is_told_of_a_call_after_it_was_written_is_stored(
    ask: Callable[..., None], place: Path
) -> None:
    """Also where the journal was merged in between: the call waits, others do not."""
    with understudy.recording(enabled=True):
        telemetry = tapped_telemetry()
        with understudy.LLMCallTracker(estimate=4) as tracker:
            ask()
            vars(telemetry)["program"].writer.merge()
            tracker.set_reducer_stats(3, 2, 1)
        ask()

    with open_store(place / ".understudy" / "telemetry.db") as store:
        (run,) = store.runs()
        events = store.events(run.run_id)
        (estimate,) = store.estimates()
    assert [vars(event)["lines_emitted"] for event in events] == [3, None]
    assert estimate.actual_output_tokens == 2


SCRIPT = """
import os, sys, urllib3, understudy
os.chdir(sys.argv[1])
url = {url!r} + "/v1/chat/completions"
pool = urllib3.PoolManager()

def ask(model="gpt-4o-mini"):
    pool.request("POST", url, json={{"model": model, "messages": []}}, retries=False)

"""


def test_a_killed_program_loses_no_call_that_ended(provider: Provider, place: Path) -> None:
    """The next recording merges what it left behind; the call that was still open is gone."""
    body = """
with understudy.recording(enabled=True):
    for number in range(7):
        ask()
    print("go", flush=True)
    ask("gpt-4o-mini.hang-0")
"""
    with other_process(SCRIPT.format(url=provider.url) + body, place) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()

    with understudy.recording(enabled=True):
        pass

    runs = stored(place / ".understudy" / "telemetry.db")
    assert [(run.kind, len(events)) for run, events in runs] == [("logger", 7)]


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
def test_forked_children_are_recorded(provider: Provider, place: Path) -> None:
    """Also one that just leaves; a program that leaves its recording open is merged at its end."""
    body = """
import warnings
warnings.simplefilter("ignore", DeprecationWarning)
understudy.recording(enabled=True).__enter__()
ask()
child = os.fork()
if child == 0:
    pool = urllib3.PoolManager()
    ask()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
"""
    run_python(SCRIPT.format(url=provider.url) + body, place)

    ((run, events),) = stored(place / ".understudy" / "telemetry.db")
    assert len(events) == 2
    assert run.finished is not None


def test_in_a_test_it_is_the_tests_run_that_records(suite: Suite) -> None:
    """The application keeps its recording; it writes nothing elsewhere, and sees its calls."""
    suite.write("""
        import understudy
        from ask import ask

        def test_it(tmp_path):
            with understudy.recording(enabled=True, store=tmp_path / "own.db") as calls:
                ask()
            ask()
            assert calls.count == 1
            assert calls.store is None
            assert list(tmp_path.iterdir()) == []
    """)

    suite.run().assert_outcomes(passed=1)

    (only,) = suite.all_stored()
    assert only.owners == [("test_it", "call")] * 2


def test_in_a_run_that_records_nothing_it_sees_its_calls_all_the_same(suite: Suite) -> None:
    """Whether or not another test has begun our session; a test that is ignored stays so."""
    suite.write("""
        import pytest
        import understudy
        from ask import ask

        def test_begins(llm_calls):
            ask()

        def test_records(tmp_path):
            with understudy.recording(enabled=True, store=tmp_path / "own.db") as calls:
                ask()
            assert calls.count == 1

        @pytest.mark.llm_ignore
        def test_ignored(tmp_path):
            with understudy.recording(enabled=True, store=tmp_path / "own.db") as calls:
                ask()
            assert calls.count == 0
    """)

    suite.run(telemetry=False).assert_outcomes(passed=3)
