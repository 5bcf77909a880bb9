"""The same tests see the same answers with telemetry and without, in every SDK."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.support import clients
from tests.support.clients import CALLERS

if TYPE_CHECKING:
    from tests.support.suite import Suite

POSSIBLE = [caller for caller in CALLERS if caller.is_possible]

#: Each way of calling is a test of its own, which dumps what the application saw.
EVERY_SDK = """
    import json
    import os
    import warnings
    from pathlib import Path

    import pytest
    from clients import CALLERS

    POSSIBLE = [caller for caller in CALLERS if caller.is_possible]

    @pytest.mark.parametrize("caller", POSSIBLE, ids=lambda caller: caller.name)
    def test_it(caller, request):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            seen = caller.call(os.environ["FAKE_PROVIDER"], "gpt-test")
        name = request.node.callspec.id.replace("/", "-")
        folder = Path(os.environ["SEEN"])
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.json").write_text(json.dumps(seen))
"""


@pytest.fixture
def every_sdk(suite: Suite) -> Suite:
    """A suite that calls through every client and SDK that is installed."""
    suite.write(EVERY_SDK, clients=Path(clients.__file__).read_text())
    return suite


def seen(suite: Suite, name: str, *options: str, telemetry: bool) -> dict[str, list[str]]:
    """Run in a process of its own; return what each test saw."""
    folder = suite.path / name
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEEN", str(folder))
        result = suite.run_apart(*options, telemetry=telemetry)
    result.assert_outcomes(passed=len(POSSIBLE))
    return {path.stem: json.loads(path.read_text()) for path in folder.iterdir()}


def test_every_sdk_sees_the_same(every_sdk: Suite) -> None:
    """Sync and async, streaming or not; and each call is one event on its own test."""
    assert len(POSSIBLE) >= 20

    plain = seen(every_sdk, "plain", telemetry=False)
    watched = seen(every_sdk, "watched", telemetry=True)

    assert len(plain) == len(POSSIBLE)
    assert watched == plain
    stored = every_sdk.stored()
    assert stored.count == {f"test_it[{caller.name}]": 1 for caller in POSSIBLE}
    assert {(call.status, call.origin) for call in stored.calls} == {("ok", "live")}


def test_every_sdk_is_recorded_on_two_workers(every_sdk: Suite) -> None:
    """The same events, whichever worker ran the test."""
    seen(every_sdk, "watched", "-n2", telemetry=True)

    stored = every_sdk.stored()
    assert stored.count == {f"test_it[{caller.name}]": 1 for caller in POSSIBLE}
    assert {call.worker for call in stored.calls} == {"gw0", "gw1"}
    assert stored.run.worker_count == 2


def test_everything_is_undone_at_the_end(suite: Suite) -> None:
    """After a run in the same process the clients are as they were."""
    suite.write("""
        from ask import ask

        def test_it():
            ask()
    """)
    suite.pytester.makepyfile(
        main="""
        import concurrent.futures
        import sys
        import threading

        import aiohttp
        import httpx
        import pytest
        import urllib3

        CLASSES = (
            threading.Thread,
            concurrent.futures.ThreadPoolExecutor,
            aiohttp.ClientSession,
            aiohttp.StreamReader,
            httpx.Client,
            httpx.HTTPTransport,
            urllib3.HTTPConnectionPool,
            urllib3.HTTPResponse,
        )

        def state():
            return [dict(vars(each)) for each in CLASSES]

        before = state()
        status = pytest.main(sys.argv[1:])
        assert status == 0, status
        assert state() == before
        assert not [f for f in sys.meta_path if type(f).__module__.startswith("understudy")]
        """
    )

    result = suite.pytester.runpython(suite.path / "main.py")

    assert result.ret == 0
