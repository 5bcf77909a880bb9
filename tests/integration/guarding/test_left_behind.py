"""What a test left behind is told of that test, and fails the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.suite import Suite

SUITE = """
import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import openai
import pytest
import requests

GO, LATER, POOL = threading.Event(), [], ThreadPoolExecutor(1)
LOOP = asyncio.new_event_loop()


def call():
    GO.wait(30)
    openai.OpenAI(api_key="x").models.list()


def connect():
    GO.wait(30)
    requests.get("http://192.0.2.1/", timeout=1)


async def call_in_task():
    await asyncio.get_running_loop().run_in_executor(None, GO.wait, 30)
    await openai.AsyncOpenAI(api_key="x").models.list()


def test_first({mock}):
    LATER.append(threading.Thread(target=call))
    LATER.append(threading.Thread(target=connect))
    LATER.append(threading.Timer(0, call))
    for thread in LATER:
        thread.start()
    LATER.append(POOL.submit(call))

    async def begin():
        LATER.append(asyncio.create_task(call_in_task()))

    LOOP.run_until_complete(begin())


def test_second({mock}):
    GO.set()
    for thread in LATER[:3]:
        thread.join()
    assert LATER[3].exception() is not None
    with pytest.raises(BaseException, match="was refused by test_it.py::test_first"):
        LOOP.run_until_complete(LATER[4])
    LOOP.run_until_complete(LOOP.shutdown_default_executor())
    LOOP.close()
    POOL.shutdown()


def test_third():
    pass
"""


@pytest.mark.parametrize(
    ("mock", "options", "is_connection_refused"),
    [("", ("--llm-block-network",), True), ("mock_llm", (), False)],
    ids=["blocked", "mocked"],
)
def test_what_is_refused_after_the_end_of_a_test_fails_the_run_and_no_other_test(
    suite: Suite,
    mock: str,
    options: tuple[str, ...],
    is_connection_refused: bool,  # noqa: FBT001 - a value of the table
    workers: tuple[str, ...],
) -> None:
    """Of threads, timers, executors and tasks, with errors as pytest's strictest make them.

    A test that is mocked may connect to strangers when it has ended, as before.
    """
    tests = SUITE.replace("{mock}", mock)
    suite.write(tests if is_connection_refused else tests.replace("target=connect", "target=call"))

    result = suite.run(
        "-Werror", "-Wignore::DeprecationWarning", *options, *workers, telemetry=False
    )

    result.assert_outcomes(passed=3)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    said = result.stdout.str()
    begins = "the run fails, since test_it.py::test_first had ended when "
    assert said.count(begins) == 1 + is_connection_refused
    assert f"{begins}GET https://api.openai.com/v1/models (httpx" in said
    assert ("GET http://192.0.2.1/ (urllib3) was refused: " in said) is is_connection_refused
