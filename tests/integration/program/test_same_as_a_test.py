"""A program's calls are recorded as a test's are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.program_calls import make_calls

import understudy
from understudy.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from tests.provider import Provider
    from tests.support.suite import Suite

#: Which call of which run it is, and what of, differs by nature; how long it took, by chance.
_NAMES = {"event_id", "call_id", "estimate_id", "operation_id", "ts", "run_id", "phase_id", "stage"}
_TIMES = {"ttfb_ms", "ttfc_ms", "duration_ms"}


def test_a_script_gives_the_same_events_as_a_test(
    suite: Suite, provider: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Field by field, through real SDKs: calls, retries, edits, predictions, operations."""
    suite.write(f"""
        from tests.support.program_calls import make_calls

        def test_it():
            make_calls({provider.url!r})
    """)
    suite.run().assert_outcomes(passed=1)
    provider.reset()
    monkeypatch.chdir(tmp_path)

    with understudy.recording(enabled=True, store="calls.db") as calls:
        make_calls(provider.url)

    in_a_test = comparable(suite.path / ".understudy" / "telemetry.db")
    in_a_script = comparable(tmp_path / "calls.db")
    assert in_a_script == in_a_test
    assert len(in_a_test["events"]) > 10
    assert {event["origin"] for event in in_a_test["events"] if "origin" in event} == {"live"}
    assert calls.count == sum(event.get("attempt") == 1 for event in in_a_script["events"])


def comparable(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Return what a store holds of its one run, in the order of time, without what must differ."""
    with open_store(path, create=False) as store:
        (run,) = store.runs()
        found: dict[str, list[Any]] = {
            "events": store.events(run.run_id),
            "estimates": store.estimates(run.run_id),
            "lifecycle": store.lifecycle(run.run_id),
        }
    return {sort: [_fields(each.model_dump(mode="json")) for each in found[sort]] for sort in found}


def _fields(record: dict[str, Any]) -> dict[str, Any]:
    known = {name: value for name, value in record.items() if value is not None}
    timed = dict.fromkeys(_TIMES & known.keys(), True)
    return {name: value for name, value in known.items() if name not in _NAMES | _TIMES} | timed
