"""The same tests see the same answers with telemetry and without, in every SDK."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.support import clients
from tests.support.clients import CALLERS

if TYPE_CHECKING:
    from tests.support.clients import Caller
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


def seen(
    suite: Suite, name: str, *options: str, callers: list[Caller], telemetry: bool
) -> dict[str, list[str]]:
    """Run; return what each test saw."""
    folder = suite.path / name
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEEN", str(folder))
        result = suite.run(*options, telemetry=telemetry)
    result.assert_outcomes(passed=len(callers))
    return {path.stem: json.loads(path.read_text()) for path in folder.iterdir()}


def test_every_sdk_sees_the_same(every_sdk: Suite) -> None:
    """Sync and async, streaming or not; and each call is one event on its own test."""
    assert len(POSSIBLE) >= 20

    plain = seen(every_sdk, "plain", callers=POSSIBLE, telemetry=False)
    watched = seen(every_sdk, "watched", callers=POSSIBLE, telemetry=True)

    assert len(plain) == len(POSSIBLE)
    assert watched == plain
    stored = every_sdk.stored()
    assert stored.count == {f"test_it[{caller.name}]": 1 for caller in POSSIBLE}
    assert {(call.status, call.origin) for call in stored.calls} == {("ok", "live")}


def test_every_client_is_recorded_on_two_workers(every_sdk: Suite) -> None:
    """The same events, whichever worker ran the test; an SDK would prove no more."""
    raw = [caller for caller in POSSIBLE if caller.needs == (caller.client,)]
    raw += [caller for caller in POSSIBLE if caller.name.startswith("requests")]
    selected = [f"test_it.py::test_it[{caller.name}]" for caller in raw]

    seen(every_sdk, "watched", "-n2", *selected, callers=raw, telemetry=True)

    stored = every_sdk.stored()
    assert stored.count == {f"test_it[{caller.name}]": 1 for caller in raw}
    assert {call.worker for call in stored.calls} == {"gw0", "gw1"}
    assert stored.run.worker_count == 2
