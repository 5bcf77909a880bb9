"""A context variable that goes along into threads and executor jobs."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

import pytest

from understudy.intercept import carry

OWNER: ContextVar[str | None] = ContextVar("OWNER", default=None)


@pytest.fixture(autouse=True)
def owner() -> str:
    """The value of whoever runs the test."""
    OWNER.set("a test")
    return "a test"


def in_thread(kind: type[threading.Thread] = threading.Thread) -> str | None:
    """Return what a new thread sees."""
    seen: list[str | None] = []
    thread = kind(target=lambda: seen.append(OWNER.get()))
    thread.start()
    thread.join()
    assert "run" not in vars(thread)
    return seen[0]


def test_thread_has_its_starters_value(owner: str) -> None:
    """And without the carrier it has none."""
    with carry(OWNER):
        carried = in_thread()
    bare = in_thread()

    assert (carried, bare) == (owner, None)


def test_thread_subclass_that_overrides_run_has_its_starters_value(owner: str) -> None:
    """The subclass's own `run` is what runs."""
    seen: list[str | None] = []

    class Worker(threading.Thread):
        def run(self) -> None:
            seen.append(OWNER.get())

    with carry(OWNER):
        worker = Worker()
        worker.start()
        worker.join()

    assert seen == [owner]


def test_thread_whose_run_is_covered_by_another_library_keeps_that_cover(owner: str) -> None:
    """Both get what they want."""
    seen: list[str | None] = []
    thread = threading.Thread(target=lambda: seen.append(OWNER.get()))
    plain = thread.run

    def covered() -> None:
        seen.append("theirs")
        plain()

    thread.run = covered  # type: ignore[method-assign]
    with carry(OWNER):
        thread.start()
        thread.join()

    assert seen == ["theirs", owner]
    assert thread.run is covered


def test_thread_that_cannot_start_is_left_as_it_was() -> None:
    """A thread can be started once; the second try changes nothing."""
    thread = threading.Thread(target=int)

    with carry(OWNER):
        thread.start()
        thread.join()
        with pytest.raises(RuntimeError):
            thread.start()

    assert "run" not in vars(thread)


def test_job_has_its_submitters_value(owner: str) -> None:
    """Though a worker thread of the pool was started by somebody else."""
    with carry(OWNER), ThreadPoolExecutor(1) as pool:
        first = pool.submit(OWNER.get).result()
        OWNER.set("another test")
        second = pool.submit(OWNER.get).result()
        OWNER.set(None)
        third = pool.submit(OWNER.get).result()

    assert [first, second, third] == [owner, "another test", None]


def test_job_gets_its_arguments_and_gives_its_result() -> None:
    """Submitting works as ever."""
    with carry(OWNER), ThreadPoolExecutor(1) as pool:
        result = pool.submit(dict, a=1).result()
        mapped = list(pool.map(pow, [2, 3], [2, 2]))
        with pytest.raises(ZeroDivisionError):
            pool.submit(divmod, 1, 0).result()

    assert (result, mapped) == ({"a": 1}, [4, 9])


async def test_asyncio_executor_jobs_have_the_tasks_value() -> None:
    """Each task's job has the value of that task."""

    async def ask(name: str) -> str | None:
        OWNER.set(name)
        return await asyncio.get_running_loop().run_in_executor(None, OWNER.get)

    with carry(OWNER):
        seen = await asyncio.gather(*(ask(f"task {number}") for number in range(20)))

    assert seen == [f"task {number}" for number in range(20)]


def test_carriers_nest(owner: str) -> None:
    """Two variables go along side by side."""
    other: ContextVar[str | None] = ContextVar("other", default=None)
    other.set("other value")
    seen: list[str | None] = []

    with carry(OWNER), carry(other):
        thread = threading.Thread(target=lambda: seen.extend([OWNER.get(), other.get()]))
        thread.start()
        thread.join()

    assert seen == [owner, "other value"]
    assert "run" not in vars(thread)


def test_everything_is_undone() -> None:
    """The very same functions stand there before and after."""
    before = (threading.Thread.start, ThreadPoolExecutor.submit)

    with carry(OWNER):
        during = (threading.Thread.start, ThreadPoolExecutor.submit)

    assert not set(before) & set(during)
    assert (threading.Thread.start, ThreadPoolExecutor.submit) == before


def test_wrapper_that_somebody_kept_does_nothing_more() -> None:
    """What was patched over is inert after the end."""
    with carry(OWNER):
        start, submit = threading.Thread.start, ThreadPoolExecutor.submit
    seen: list[str | None] = []
    thread = threading.Thread(target=lambda: seen.append(OWNER.get()))

    start(thread)
    thread.join()
    with ThreadPoolExecutor(1) as pool:
        seen.append(submit(pool, OWNER.get).result())

    assert seen == [None, None]
