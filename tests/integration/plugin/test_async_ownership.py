"""Whose a call is in asyncio and anyio."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.suite import Suite


def owners(suite: Suite, *options: str, passed: int) -> list[tuple[str | None, str | None]]:
    """Run the suite; return the phase and the stage of each call."""
    plugins = ("-p", "asyncio", "-p", "anyio", "-oasyncio_default_fixture_loop_scope=function")
    suite.run(*plugins, *options).assert_outcomes(passed=passed)
    return suite.stored().owners


def test_gathered_calls_belong_to_their_test(suite: Suite) -> None:
    """200 at once, in each of two tests."""
    suite.write("""
        import asyncio

        import pytest
        from ask import URL, client, request

        @pytest.mark.asyncio
        @pytest.mark.parametrize("name", "ab")
        async def test_it(name):
            async with client() as asking:
                await asyncio.gather(
                    *(asking.post(URL, json=request("gpt-4o-mini")) for _ in range(200))
                )
    """)

    called = owners(suite, passed=2)

    assert sorted(called) == [
        *[("test_it[a]", "call")] * 200,
        *[("test_it[b]", "call")] * 200,
    ]


@pytest.mark.parametrize("loop_scope", ["function", "session"])
def test_async_fixtures_of_pytest_asyncio(suite: Suite, loop_scope: str) -> None:
    """Function scope belongs to the test, wider scopes to themselves, on whichever loop."""
    suite.write(f"""
        import pytest
        import pytest_asyncio
        from ask import aask

        @pytest_asyncio.fixture(scope="session", loop_scope="session")
        async def wide():
            yield await aask()
            await aask()

        @pytest_asyncio.fixture(scope="module", loop_scope="session")
        async def module():
            return await aask()

        @pytest_asyncio.fixture(loop_scope={loop_scope!r})
        async def narrow():
            yield await aask()
            await aask()

        @pytest.mark.asyncio(loop_scope={loop_scope!r})
        @pytest.mark.parametrize("name", "ab")
        async def test_it(wide, module, narrow, name):
            await aask()
    """)

    called = owners(suite, passed=2)

    of_test = [
        [(f"test_it[{name}]", stage) for stage in ("setup", "call", "teardown")] for name in "ab"
    ]
    assert called == [
        ("fixture:wide", "setup"),
        ("fixture:module", "setup"),
        *of_test[0],
        *of_test[1],
        ("fixture:wide", "teardown"),
    ]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_async_fixtures_of_anyio(suite: Suite, backend: str) -> None:
    """Its runner is one long task; fixtures and tests inside it are told apart all the same."""
    if backend == "trio":
        pytest.importorskip("trio")
    suite.write(f"""
        import pytest
        from ask import aask

        @pytest.fixture(scope="module")
        def anyio_backend():
            return {backend!r}

        @pytest.fixture(scope="module")
        async def wide(anyio_backend):
            yield await aask()
            await aask()

        @pytest.fixture
        async def narrow(anyio_backend):
            yield await aask()
            await aask()

        @pytest.mark.anyio
        @pytest.mark.parametrize("name", "ab")
        async def test_it(wide, narrow, name):
            await aask()
    """)

    called = owners(suite, passed=2)

    of_test = [
        [(f"test_it[{name}]", stage) for stage in ("setup", "call", "teardown")] for name in "ab"
    ]
    assert called == [
        ("fixture:wide", "setup"),
        *of_test[0],
        *of_test[1],
        ("fixture:wide", "teardown"),
    ]


def test_anyio_tests_without_a_wide_fixture(suite: Suite) -> None:
    """Each runs in a runner of its own."""
    suite.write("""
        import pytest
        from ask import aask

        @pytest.fixture
        def anyio_backend():
            return "asyncio"

        @pytest.mark.anyio
        @pytest.mark.parametrize("name", "ab")
        async def test_it(name):
            await aask()
    """)

    called = owners(suite, passed=2)

    assert [phase for phase, _ in called] == ["test_it[a]", "test_it[b]"]


def test_a_task_of_a_session_fixture_works_for_the_test_that_runs(suite: Suite) -> None:
    """A server in the loop of the session, which answers each test's orders."""
    suite.write("""
        import asyncio

        import pytest
        import pytest_asyncio
        from ask import aask

        @pytest_asyncio.fixture(scope="session", loop_scope="session")
        async def server():
            orders, done = asyncio.Queue(), asyncio.Queue()

            async def serve():
                while True:
                    await orders.get()
                    await done.put(await aask())

            task = asyncio.create_task(serve())

            async def order():
                await orders.put(True)
                await done.get()

            yield order
            task.cancel()

        @pytest.mark.asyncio(loop_scope="session")
        @pytest.mark.parametrize("name", "ab")
        async def test_it(server, name):
            await server()
    """)

    called = owners(suite, passed=2)

    assert [phase for phase, _ in called] == ["test_it[a]", "test_it[b]"]


def test_work_handed_to_threads_stays_with_its_test(suite: Suite) -> None:
    """`to_thread`, `run_in_executor`, and a loop in another thread."""
    suite.write("""
        import asyncio
        import threading

        import pytest
        from ask import aask, ask

        @pytest.fixture(scope="session")
        def loop_apart():
            loop = asyncio.new_event_loop()
            thread = threading.Thread(target=loop.run_forever)
            thread.start()
            yield loop
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

        @pytest.mark.asyncio
        @pytest.mark.parametrize("name", "ab")
        async def test_it(loop_apart, name):
            await asyncio.to_thread(ask)
            await asyncio.get_running_loop().run_in_executor(None, ask)
            asyncio.run_coroutine_threadsafe(aask(), loop_apart).result()
    """)

    called = owners(suite, passed=2)

    assert called == [
        *[("test_it[a]", "call")] * 3,
        *[("test_it[b]", "call")] * 3,
    ]


def test_a_cancelled_call_is_booked(suite: Suite) -> None:
    """A timeout in asyncio cancels it: its status says so."""
    suite.write("""
        import asyncio

        import pytest
        from ask import aask

        @pytest.mark.asyncio
        async def test_it():
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await aask("gpt-4o-mini.mute-1")
    """)

    owners(suite, passed=1)

    assert [call.status for call in suite.stored().calls] == ["cancelled"]
