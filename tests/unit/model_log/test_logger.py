"""Model events of a program, and what its store knows of models."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from inspect import iscoroutinefunction, signature
from threading import current_thread
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pytest
from tests.unit.telemetry.models.test_vram import Gpus

import understudy
from understudy import AsyncTelemetryLogger, TelemetryLogger
from understudy.clock import RealClock
from understudy.errors import ClockError, ModelEventError, SettingsError, StoreError
from understudy.gpu import Readings
from understudy.model_log import _logger
from understudy.store import Store, open_store
from understudy.telemetry.models import RunModelLog, TimerStart

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOGGING = {
    "log": "event_type, component=None, value=None, metadata=None, status=None",
    "log_load_latency": "model_name, load_time_seconds, success=True",
    "log_thought_latency": "model_name, inference_time_seconds, tokens_generated, prompt_tokens=0",
    "start_timer": "",
    "measure_latency": "start",
    "check_vram": "device=None",
    "may_load": "needed_mb, threshold_mb=None, device=None",
}
TIMING = {"start_timer", "measure_latency"}
READING = {
    "get_aggregated_efficiency": "component=None, hours=24, bucket_seconds=60",
    "get_60day_statistics": "",
    "get_telemetry_footprint": "",
}

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


class MovedClock(RealClock):
    """The machine's seconds, and a time of day that a test sets."""

    def __init__(self, at: datetime = NOON) -> None:
        super().__init__()
        self.at = at
        self.wall = self._wall

    def _wall(self) -> float:
        return self.at.timestamp()


@pytest.fixture
def clock() -> MovedClock:
    """It is noon."""
    return MovedClock()


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Where the store is to be."""
    return tmp_path / "telemetry.db"


@pytest.fixture
def logger(db: Path, clock: MovedClock) -> Iterator[TelemetryLogger]:
    """A logger into an empty store."""
    with TelemetryLogger(db, clock=clock, gpu=Gpus((4096.0,))) as logger:
        yield logger


def stored(db: Path) -> list[Any]:
    """Return the model events of all runs."""
    with open_store(db, create=False) as store:
        return [event for run in store.runs() for event in store.models(run.run_id)]


def test_it_is_an_everyday_name() -> None:
    """Its asynchronous twin is, too."""
    assert {"TelemetryLogger", "AsyncTelemetryLogger"} <= set(understudy.__all__)


@pytest.mark.parametrize("kind", [TelemetryLogger, AsyncTelemetryLogger, RunModelLog])
def test_signatures_are_those_that_are_documented(kind: type) -> None:
    """Those of a run read no store."""
    read = {} if kind is RunModelLog else READING
    told = {name: signature(getattr(kind, name)) for name in (*LOGGING, *read)}

    shown = {
        name: ", ".join(
            each.name if each.default is each.empty else f"{each.name}={each.default}"
            for each in found.parameters.values()
            if each.name != "self"
        )
        for name, found in told.items()
    }
    assert shown == LOGGING | read
    waits = {name for name in shown if iscoroutinefunction(getattr(kind, name))}
    assert waits == (set(shown) - TIMING if kind is AsyncTelemetryLogger else set())


def test_what_is_logged_is_stored_as_a_run_of_a_logger(db: Path) -> None:
    """When the logger is closed at the latest."""
    with TelemetryLogger(db) as logger:
        assert logger.log("LOAD_LATENCY", "m", 1.5, {"disk": "nvme"}, "ok")
        assert logger.log_load_latency("m", 2.0, False)
        assert logger.log_thought_latency("m", 2.0, 100, 7)
        assert logger.log("VRAM_LOCKOUT")

    events = stored(db)
    assert [event.event_type for event in events] == [
        "LOAD_LATENCY",
        "LOAD_LATENCY",
        "THOUGHT_LATENCY",
        "VRAM_LOCKOUT",
    ]
    assert [event.metadata for event in events] == [
        {"model": "m", "load_time_ms": 1500.0, "disk": "nvme"},
        {"model": "m", "load_time_ms": 2000.0},
        {
            "model": "m",
            "inference_time_ms": pytest.approx(2000.0),
            "tokens_generated": 100,
            "prompt_tokens": 7,
            "total_tokens": 107,
            "latency_per_token_ms": 20.0,
        },
        {"trigger_threshold": None, "free_vram": None},
    ]
    assert (events[0].status, events[0].success, events[1].success) == ("ok", True, False)
    assert {event.source for event in events} == {"told"}
    with open_store(db, create=False) as store:
        assert [run.kind for run in store.runs()] == ["logger"]
        assert store.latest_run_id() is None


@pytest.mark.parametrize(
    "told",
    [
        ("LOAD_LATENCY", "m", -1.0),
        ("LOAD_LATENCY", "m", float("nan")),
        ("LOADED", "m", 1.0),
        ("LOAD_LATENCY",),
        ("LOAD_LATENCY", "m", 1.0, {"text": "x" * 3000}),
    ],
)
def test_wrong_arguments_are_errors(logger: TelemetryLogger, told: tuple[Any, ...]) -> None:
    """Of the kind that says so everywhere in Python."""
    with pytest.raises(ValueError, match="LOAD") as raised:
        logger.log(*told)

    assert isinstance(raised.value, ModelEventError)


def test_no_token_is_false(logger: TelemetryLogger) -> None:
    """It is nobody's mistake."""
    assert not logger.log_thought_latency("m", 2.0, 0)
    assert logger.faults == []


def test_a_store_that_cannot_be_written_is_false(tmp_path: Path) -> None:
    """The first look says why."""
    db = tmp_path / "other.db"
    sqlite3.connect(db).executescript("CREATE TABLE theirs (a); PRAGMA user_version = 7").close()

    with TelemetryLogger(db) as logger:
        assert not logger.log_load_latency("m", 1.0)
        assert "while opening the store: StoreError" in logger.faults[0]
        with pytest.raises(StoreError):
            logger.get_60day_statistics()


def test_a_store_that_can_only_be_read_is_read(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dispatcher asks it which model is fast, and logs nothing."""
    with TelemetryLogger(db) as logger:
        logger.log_load_latency("m", 1.0)

    def read_only(location: Path, *, create: bool = True) -> Store:
        if create:
            raise StoreError(str(location))
        return open_store(location, create=False)

    monkeypatch.setattr(_logger, "open_store", read_only)
    with TelemetryLogger(db) as logger:
        assert not logger.log_load_latency("m", 1.0)
        (trend,) = logger.get_60day_statistics()["model_trends"]
        assert trend["load_seconds"] == 1.0


def test_a_store_that_comes_back_is_written(tmp_path: Path, clock: MovedClock) -> None:
    """It is tried again after a while, not each time."""
    db = tmp_path / "other.db"
    sqlite3.connect(db).executescript("CREATE TABLE theirs (a)").close()
    moment = 0.0
    clock.now = lambda: moment

    with TelemetryLogger(db, clock=clock) as logger:
        db.unlink()
        assert not logger.log_load_latency("m", 1.0)
        moment = 60.0
        assert logger.log_load_latency("m", 2.0)

    assert [event.value for event in stored(db)] == [2.0]


def test_a_store_that_can_be_none_is_an_error_at_once(tmp_path: Path) -> None:
    """Nothing could ever be logged."""
    with pytest.raises(SettingsError, match="is a folder"):
        TelemetryLogger(tmp_path)


def test_what_is_logged_after_the_end_is_false(db: Path) -> None:
    """A second end does nothing."""
    logger = TelemetryLogger(db)
    logger.close()
    logger.close()

    assert not logger.log_load_latency("m", 1.0)


def test_fifty_threads_and_two_loggers_lose_nothing(db: Path) -> None:
    """Readings in between merge what is there, and nothing twice."""
    with TelemetryLogger(db) as one, TelemetryLogger(db) as other, ThreadPoolExecutor(50) as pool:
        told = [
            pool.submit(each.log_thought_latency, "m", 1.0, 10 + number)
            for number in range(250)
            for each in (one, other)
        ]
        pool.submit(one.get_60day_statistics).result()
        assert all(future.result() for future in told)

    assert sorted(event.tokens_generated for event in stored(db)) == sorted([*range(10, 260)] * 2)
    assert one.faults == other.faults == []


def test_a_reading_sees_what_was_just_logged(logger: TelemetryLogger) -> None:
    """Weighted by tokens, best first, and minute by minute."""
    logger.log_thought_latency("slow", 1.0, 10)
    logger.log_thought_latency("slow", 1.0, 190)
    logger.log_thought_latency("fast", 1.0, 1000)

    answer = logger.get_aggregated_efficiency()

    slow = {"weighted_ms_per_token": 10.0, "tokens": 200, "samples": 2}
    fast = {"weighted_ms_per_token": 1.0, "tokens": 1000, "samples": 1}
    names = {"fast": fast, "slow": slow}
    models = [{"component": name, "source": "told", **each} for name, each in names.items()]
    until = NOON + timedelta(microseconds=10)
    assert answer == {
        "component": None,
        "hours": 24,
        "since": (until - timedelta(hours=24)).isoformat(),
        "until": until.isoformat(),
        "models": models,
        "buckets": [{"start": NOON.isoformat(), **each} for each in models],
    }
    assert json.loads(json.dumps(answer)) == answer


def test_one_model_in_buckets_of_any_length(logger: TelemetryLogger, clock: MovedClock) -> None:
    """Each with what fell into it."""
    for minutes in (0, 5, 12):
        clock.at = NOON + timedelta(minutes=minutes)
        logger.log_thought_latency("m", 1.0, 100)
        logger.log_thought_latency("other", 9.0, 100)

    answer = logger.get_aggregated_efficiency("m", hours=1, bucket_seconds=600)

    assert answer["component"] == "m"
    assert [(each["component"], each["samples"]) for each in answer["models"]] == [("m", 3)]
    assert [(each["start"][11:16], each["samples"]) for each in answer["buckets"]] == [
        ("12:00", 2),
        ("12:10", 1),
    ]


def test_long_windows_have_no_buckets(logger: TelemetryLogger) -> None:
    """They would be read row by row."""
    logger.log_thought_latency("m", 1.0, 100)

    answer = logger.get_aggregated_efficiency(hours=48)

    assert answer["buckets"] is None
    assert [each["samples"] for each in answer["models"]] == [1]


@pytest.mark.parametrize(
    "asked",
    [
        {"hours": 0},
        {"hours": float("nan")},
        {"hours": 10**12},
        {"bucket_seconds": 0.5},
        {"bucket_seconds": 86_401},
        {"component": 5},
    ],
)
def test_a_window_that_is_none_is_an_error(logger: TelemetryLogger, asked: dict[str, Any]) -> None:
    """Which says which."""
    with pytest.raises(ModelEventError, match=f"{next(iter(asked))} is"):
        logger.get_aggregated_efficiency(**asked)


def test_sixty_days_are_told_day_by_day_best_first(
    logger: TelemetryLogger, clock: MovedClock
) -> None:
    """A failed load and one of days ago enter no mean, nor do answers of before."""
    for ago, tokens in ((70, 1), (3, 100), (0, 300)):
        clock.at = NOON - timedelta(days=ago)
        logger.log_thought_latency("m", 1.0, tokens)
    logger.log_load_latency("m", 4.0)
    logger.log_load_latency("m", 900.0, False)
    logger.log_thought_latency("fast", 1.0, 1000)

    fast, m = logger.get_60day_statistics()["model_trends"]

    assert (fast["component"], fast["weighted_ms_per_token"]) == ("fast", 1.0)
    assert fast["load_seconds"] is None
    days = m.pop("days")
    assert m == {
        "component": "m",
        "source": "told",
        "weighted_ms_per_token": 5.0,
        "tokens": 400,
        "samples": 2,
        "load_seconds": 4.0,
        "change_percent": None,
        "load_change_percent": None,
    }
    assert [(day["day"], day["weighted_ms_per_token"], day["load_seconds"]) for day in days] == [
        ("2026-11-27", 10.0, None),
        ("2026-11-30", pytest.approx(1000 / 300), 4.0),
    ]
    assert days[1]["failed_loads"] == 1


def test_the_footprint_has_each_table(logger: TelemetryLogger, db: Path) -> None:
    """Its size, its rows and the oldest of them."""
    logger.log_load_latency("m", 4.0)

    answer = logger.get_telemetry_footprint()

    tables = {each["table"]: each for each in answer["table_sizes"]}
    assert set(tables["model_events"]) == {"table", "size_bytes", "rows", "oldest"}
    assert tables["model_events"]["rows"] == 1
    assert tables["model_events"]["oldest"] == NOON.isoformat()
    assert tables["telemetry"]["oldest"] is None
    assert answer["total_bytes"] > 0
    assert json.loads(json.dumps(answer)) == answer


def test_a_time_is_measured_on_the_clock_that_it_began_on(logger: TelemetryLogger) -> None:
    """Or refused, where that is none."""
    start = logger.start_timer()

    assert isinstance(start, TimerStart)
    assert 0 <= logger.measure_latency(start) < 60
    with pytest.raises(ModelEventError):
        logger.measure_latency(start + 1000)


def test_no_time_is_measured_across_a_sleep(
    logger: TelemetryLogger, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A block is then not logged, and fails nothing."""
    readings = iter([0.0, 60.0] * 2)
    monkeypatch.setattr(
        logger, "start_timer", lambda: TimerStart(clock, asleep=lambda: next(readings))
    )

    with pytest.raises(ClockError, match="slept"):
        logger.measure_latency(logger.start_timer())
    with logger.timer().load("m") as load:
        pass

    assert (load.seconds, load.is_stored) == (None, False)


def test_a_block_logs_itself_and_what_it_raises_goes_on(logger: TelemetryLogger, db: Path) -> None:
    """Also where the logger would have something to say."""
    with pytest.raises(MemoryError), logger.timer().load(""):
        raise MemoryError
    with pytest.raises(ModelEventError), logger.timer().load(""):
        pass
    with logger.timer().load("m") as load:
        pass

    assert load.is_stored


def test_memory_is_logged_too(logger: TelemetryLogger, db: Path, clock: MovedClock) -> None:
    """When it is asked for."""
    assert [gpu.free for gpu in logger.check_vram()] == [4096.0]
    clock.at += timedelta(seconds=1)
    assert not logger.may_load(5000)
    with pytest.raises(ModelEventError):
        logger.may_load(-1)
    logger.close()

    assert [(event.event_type, event.component, event.value) for event in stored(db)] == [
        ("VRAM_CHECK", "gpu:GPU-0", 4096.0),
        ("VRAM_LOCKOUT", "gpu:GPU-0", 0.0),
    ]


def test_unknown_memory_is_a_sentence(db: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Said once, in whichever threads it is asked for; and no lock."""
    with (
        TelemetryLogger(db, gpu=Gpus(unknown=("no GPU is seen",))) as logger,
        ThreadPoolExecutor(50) as pool,
    ):
        assert all(pool.map(logger.may_load, range(50)))
        assert set(pool.map(logger.check_vram, range(50))) == {()}

    [fault] = logger.faults
    assert fault.endswith("faults while reading the memory of GPUs: no GPU is seen")
    assert caplog.messages == [
        "understudy: a fault while reading the memory of GPUs: no GPU is seen"
    ]


async def test_the_twin_for_event_loops_does_the_same(db: Path, clock: MovedClock) -> None:
    """Each method is awaited."""
    async with AsyncTelemetryLogger(db, clock=clock, gpu=Gpus((4096.0,))) as logger:
        assert await logger.log("LOAD_LATENCY", "m", 1.5)
        assert await logger.log_load_latency("m", 2.0)
        assert await logger.log_thought_latency(
            "m", logger.measure_latency(logger.start_timer() - 2), 100
        )
        async with logger.timer().load("m"):
            pass
        with pytest.raises(ValueError, match="LOADED"):
            await logger.log("LOADED")
        assert [gpu.free for gpu in await logger.check_vram(0)] == [4096.0]
        assert await logger.may_load(100)
        (model,) = (await logger.get_aggregated_efficiency("m"))["models"]
        (trend,) = (await logger.get_60day_statistics())["model_trends"]
        footprint = await logger.get_telemetry_footprint()

    assert model["weighted_ms_per_token"] == pytest.approx(20, rel=0.1)
    assert trend["load_seconds"] == pytest.approx(1.5)
    assert footprint["total_bytes"] > 0
    assert logger.faults == []
    assert len(stored(db)) == 5


async def test_on_a_loop_what_logs_needs_no_thread(
    db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is one write to the cache of the disk; what reads has a thread."""
    gpus = Mock(spec=Gpus)
    gpus.read.side_effect = lambda: Readings(unknown=(current_thread().name,))
    async with AsyncTelemetryLogger(db, gpu=gpus) as logger:
        with monkeypatch.context() as patched:
            patched.setattr("understudy.model_log._async_logger.to_thread", None)
            assert await logger.log("LOAD_LATENCY", "m", 1.5)
            assert await logger.log_load_latency("m", 1.5)
            assert await logger.log_thought_latency("m", 1.5, 10)
        await logger.check_vram()

    assert current_thread().name not in logger.faults[0]
