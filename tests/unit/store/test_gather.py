"""Reading journals into records."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.store.samples import NOON, call, event_line, line, write_journal

from understudy.store import Gathered, LooseLines, Phase, Run, gather

if TYPE_CHECKING:
    from understudy.events import AnyEvent

_NOON = NOON.isoformat()


def _as_is(event: AnyEvent) -> AnyEvent:
    return event


def _gather(root: Path, *lines: bytes, **names: Any) -> Gathered:
    return gather([write_journal(root, *lines, **names)], price=_as_is)


def test_every_kind_of_line_becomes_its_record(tmp_path: Path) -> None:
    """Folder and file name tell what a line leaves out."""
    event = call(run_id=None, worker="gw0", phase_id="test")

    gathered = _gather(
        tmp_path,
        line("run", started=_NOON, platform="Linux"),
        line("phase", phase_id="test", outcome="passed"),
        event_line(event).replace(b'"worker":"gw0",', b""),
        run_id="r1",
        worker="gw0",
    )

    assert gathered.runs == {"r1": Run(run_id="r1", started=NOON, platform="Linux")}
    assert list(gathered.phases.values()) == [
        Phase(run_id="r1", phase_id="test", worker="gw0", outcome="passed")
    ]
    assert gathered.events == [event.model_copy(update={"run_id": "r1"})]
    assert gathered.rejected == []


def test_later_lines_overlay_earlier_ones(tmp_path: Path) -> None:
    """What they do not tell stays."""
    gathered = _gather(
        tmp_path,
        line("run", started=_NOON, platform="Linux"),
        line("run", started=_NOON, platform=None, exit_status=1),
        line("phase", phase_id="test", module="test.py"),
        line("phase", phase_id="test", outcome="failed"),
    )

    assert gathered.runs["run"] == Run(run_id="run", started=NOON, platform="Linux", exit_status=1)
    (phase,) = gathered.phases.values()
    assert (phase.module, phase.outcome) == ("test.py", "failed")


def test_an_annotation_overlays_its_event(tmp_path: Path) -> None:
    """One after the other; None changes nothing."""
    event = call(tier="L2", lines_emitted=1)

    gathered = _gather(
        tmp_path,
        event_line(event),
        line("annotation", event_id=event.event_id, tier="L3", lines_emitted=None),
        line("annotation", event_id=event.event_id, user_id="u"),
    )

    assert gathered.events == [event.model_copy(update={"tier": "L3", "user_id": "u"})]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"{", "EOF while parsing"),
        (b"\xff", "expected value"),
        (b"[1]", "not a JSON object"),
        (b"[" * 100_000, "recursion"),
        (b"{}", "unknown kind None"),
        (line("noise"), "unknown kind 'noise'"),
        (b'{"kind":[]}', "unknown kind []"),
        (line("run", started="noon"), "started: "),
        (line("phase"), "phase_id: Field required"),
        (line("event", event_type="llm_call"), "llm_call.event_id: Field required"),
        (line("event", event_type="party"), "does not match any of the expected tags"),
        (line("annotation", event_id="e9"), "annotates 'e9', which is no event that was read"),
        (line("annotation", event_id="e1", tier="L9"), "llm_call.tier: "),
    ],
    ids=lambda value: value[:20],
)
def test_a_line_that_cannot_be_used_is_kept_with_a_reason(
    tmp_path: Path, bad: bytes, reason: str
) -> None:
    """The lines around it are used."""
    event = call(event_id="e1")

    gathered = _gather(tmp_path, event_line(event), bad, line("phase", phase_id="test"))

    (rejected,) = gathered.rejected
    assert rejected.journal == "run/main.jsonl"
    assert reason in rejected.reason
    assert rejected.line == bad.decode(errors="backslashreplace")
    assert gathered.events == [event]
    assert len(gathered.phases) == 1


def test_torn_lines_are_counted(tmp_path: Path) -> None:
    """One for each journal at most."""
    paths = [write_journal(tmp_path, event_line(call()), worker=name) for name in ("gw0", "gw1")]
    for path in paths:
        path.write_bytes(path.read_bytes() + b'{"kind":')

    gathered = gather(paths, price=_as_is)

    assert gathered.torn == len(paths)
    assert len(gathered.events) == len(paths)


def test_what_a_killed_process_could_not_tell_is_made_up(tmp_path: Path) -> None:
    """The run started no later than its first call, the test has no outcome."""
    late = call(ts=NOON + timedelta(hours=1), phase_id="test", rerun=1, worker="gw0")
    early = call(ts=NOON)

    gathered = _gather(tmp_path, event_line(late), event_line(early))

    assert gathered.runs == {"run": Run(run_id="run", started=NOON)}
    assert list(gathered.phases.values()) == [
        Phase(run_id="run", phase_id="test", worker="gw0", rerun=1)
    ]


def test_a_test_without_calls_has_a_run_too(tmp_path: Path) -> None:
    """Whatever is known of its start."""
    gathered = _gather(tmp_path, line("phase", phase_id="test", started=_NOON))

    assert gathered.runs == {"run": Run(run_id="run", started=NOON)}
    untold = _gather(tmp_path, line("phase", phase_id="test"), run_id="untold")
    assert list(untold.runs) == ["untold"]


def test_every_event_is_priced_after_it_was_annotated(tmp_path: Path) -> None:
    """The price may depend on what was learned later."""
    event = call()

    def price(event: AnyEvent) -> AnyEvent:
        return event.model_copy(update={"cost_nanousd": 7 if event.tier == "L3" else 0})

    path = write_journal(
        tmp_path, event_line(event), line("annotation", event_id=event.event_id, tier="L3")
    )

    gathered = gather([path], price=price)

    assert gathered.events == [event.model_copy(update={"tier": "L3", "cost_nanousd": 7})]


def test_a_fault_of_the_prices_loses_no_event(tmp_path: Path) -> None:
    """It is counted, the event stays without a cost."""
    event = call()

    def price(event: AnyEvent) -> AnyEvent:
        raise KeyError(event.event_id)

    gathered = gather([write_journal(tmp_path, event_line(event))], price=price)

    assert gathered.events == [event]
    assert gathered.price_errors == 1


@given(lines=st.lists(st.binary().filter(lambda line: b"\n" not in line)))
def test_no_line_stops_the_reading_of_a_journal(lines: list[bytes]) -> None:
    """Whatever a torn or foreign file holds."""
    with TemporaryDirectory() as folder:
        gathered = _gather(Path(folder), *lines)

    assert [line.line.encode() for line in gathered.rejected] == [
        line.decode(errors="backslashreplace").encode() for line in lines if line
    ]


def test_loose_lines_are_read_like_a_journal_of_their_worker(tmp_path: Path) -> None:
    """What no journal could take is merged all the same, and may speak of what one took."""
    event = call(event_id="e1")
    journal = write_journal(tmp_path, event_line(event))
    annotation = line("annotation", event_id="e1", tier="L3")

    gathered = gather([journal], price=_as_is, loose=[LooseLines("run", "gw1", [annotation])])

    assert [each.tier for each in gathered.events] == ["L3"]
