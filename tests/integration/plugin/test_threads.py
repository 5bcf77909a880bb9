"""Calls made by threads, by jobs and by servers that outlive a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.suite import Suite


def test_a_server_of_a_session_fixture_works_for_the_test_that_runs(suite: Suite) -> None:
    """What the author of such a fixture means by it."""
    suite.write("""
        import queue
        import threading

        import pytest
        from ask import ask

        @pytest.fixture(scope="session")
        def server():
            orders, done = queue.Queue(), queue.Queue()

            def serve():
                while orders.get():
                    done.put(ask())

            thread = threading.Thread(target=serve)
            thread.start()

            def order():
                orders.put(True)
                done.get()

            order()
            yield order
            order()
            orders.put(False)
            thread.join()

        def test_first(server):
            server()

        def test_second(server):
            server()
            server()
    """)

    suite.run().assert_outcomes(passed=2)

    assert suite.stored().owners == [
        ("fixture:server", "setup"),
        ("test_first", "call"),
        ("test_second", "call"),
        ("test_second", "call"),
        ("fixture:server", "teardown"),
    ]


def test_a_thread_stays_with_the_test_that_started_it(suite: Suite) -> None:
    """Also when it calls after the next test has begun."""
    suite.write("""
        import threading

        from ask import ask

        go = threading.Event()
        late = threading.Thread(target=lambda: (go.wait(), ask()))

        def test_first():
            late.start()

        def test_second():
            ask()
            go.set()
            late.join()
    """)

    suite.run().assert_outcomes(passed=2)

    assert [name for name, _ in suite.stored().owners] == ["test_second", "test_first"]


def test_a_job_belongs_to_whoever_submitted_it(suite: Suite) -> None:
    """On an executor of the session each job is its submitter's."""
    suite.write("""
        from concurrent.futures import ThreadPoolExecutor

        import pytest
        from ask import ask

        @pytest.fixture(scope="session")
        def pool():
            with ThreadPoolExecutor(2) as pool:
                pool.submit(ask).result()
                yield pool

        def test_first(pool):
            list(pool.map(lambda _: ask(), range(3)))

        def test_second(pool):
            pool.submit(ask).result()
    """)

    suite.run().assert_outcomes(passed=2)

    assert suite.stored().count == {"fixture:pool": 1, "test_first": 3, "test_second": 1}


def test_threads_of_collected_code_work_for_the_test_that_runs(suite: Suite) -> None:
    """A thread that was started while tests were imported has no owner of its own."""
    suite.write("""
        import queue
        import threading

        from ask import ask

        orders, done = queue.Queue(), queue.Queue()
        threading.Thread(target=lambda: (orders.get(), done.put(ask())), daemon=True).start()

        def test_it():
            orders.put(True)
            done.get()
    """)

    suite.run().assert_outcomes(passed=1)

    assert suite.stored().count == {"test_it": 1}


def test_fifty_threads_of_ten_calls_are_all_counted(suite: Suite) -> None:
    """Each of two tests has exactly its 500 events."""
    suite.write("""
        import threading

        import pytest
        from ask import ask

        @pytest.mark.parametrize("name", "ab")
        def test_it(name):
            def calls():
                for _ in range(10):
                    ask()

            threads = [threading.Thread(target=calls) for _ in range(50)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    """)

    suite.run().assert_outcomes(passed=2)

    stored = suite.stored()
    assert stored.count == {"test_it[a]": 500, "test_it[b]": 500}
    assert len({call.event_id for call in stored.calls}) == 1000
    assert len({call.call_id for call in stored.calls}) == 1000
