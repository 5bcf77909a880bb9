"""`understudy profile fit`."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.cassettes.test_timings import WORD, streamed

from understudy.cassettes._document import document_of
from understudy.cli import main
from understudy.cli._profile import _of_event
from understudy.delays import read_profiles
from understudy.delays.fitting import MeasuredAnswer
from understudy.events import CallEvent
from understudy.store import Run, open_store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a working directory with a timed cassette."""
    monkeypatch.chdir(tmp_path)
    recorded = [
        streamed((300.0 + 7 * n, WORD), (320.0 + 8 * n, WORD), (350.0 + 8 * n, WORD))
        for n in range(20)
    ]
    told = {"version": 1, "interactions": [document_of(each) for each in recorded]}
    (tmp_path / "cassettes").mkdir()
    (tmp_path / "cassettes/a.json").write_text(json.dumps(told))
    return tmp_path


def test_the_output_can_be_pasted(capsys: pytest.CaptureFixture[str]) -> None:
    """A table of TOML, its errors in comments."""
    assert main(["profile", "fit", "cassettes", "--name", "house"]) == 0

    told = capsys.readouterr().out
    assert told.startswith("# 20 streamed answers\n# think_ms: ")
    assert "Kolmogorov-Smirnov distance 0." in told
    profiles = tomllib.loads(told)["tool"]["understudy"]["profiles"]
    assert "house" in read_profiles(profiles, where="x")


def test_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """The profile, and how good it is."""
    assert main(["profile", "fit", "cassettes/a.json", "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert (told["name"], told["answers"]) == ("fitted", 20)
    assert told["fits"]["per_line_ms"]["count"] == 40
    assert 0 <= told["fits"]["think_ms"]["error"] < 0.5
    assert set(told["profile"]) == {"think_ms", "per_line_ms"}


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["none.yaml"], 2, "cannot be read"),
        (["empty.json"], 2, "no streamed answer with timing"),
        (["cassettes", "--name", "slow"], 2, "the name is taken"),
        (["none.db"], 2, "none.db"),
    ],
)
def test_what_cannot_be_fitted_is_an_error(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    said: str,
) -> None:
    """It says why."""
    (project / "empty.json").write_text('{"version": 1, "interactions": []}')

    assert main(["profile", "fit", *arguments]) == status
    assert said in capsys.readouterr().err


def event(**fields: Any) -> CallEvent:
    given = {"origin": "live", "stream": True, "status": "ok", "ttfc_ms": 100.0, **fields}
    return CallEvent(
        event_id="e", call_id="c", ts=datetime(2026, 1, 1, tzinfo=UTC), provider="openai", **given
    )


@pytest.mark.parametrize(
    ("call", "measured"),
    [
        (event(duration_ms=200.0, output_tokens=11), MeasuredAnswer(100.0, (10.0,))),
        (event(duration_ms=200.0), MeasuredAnswer(100.0)),
        (
            event(
                origin="replayed",
                recorded_ttfc_ms=300.0,
                recorded_duration_ms=500.0,
                output_tokens=3,
            ),
            MeasuredAnswer(300.0, (100.0,)),
        ),
        (event(origin="mocked", duration_ms=200.0, output_tokens=11), None),
        (event(stream=False), None),
        (event(status="error"), None),
    ],
)
def test_what_a_stored_call_tells(call: CallEvent, measured: MeasuredAnswer | None) -> None:
    """A mocked one measured nobody; a replayed one tells what was recorded."""
    assert _of_event(call) == measured


def test_a_store_is_a_source_too(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All its runs; one model of it where that is asked for."""
    calls = [
        event(duration_ms=200.0 + n, output_tokens=11, request_model=model).model_copy(
            update={"event_id": f"{model} {n}", "run_id": "r"}
        )
        for model in ("quick", "slow")
        for n in range(10)
    ]
    with open_store(project / "telemetry.db") as store:
        store.write_run(Run(run_id="r", started=datetime(2026, 1, 1, tzinfo=UTC)))
        store.write_events(calls)

    assert main(["profile", "fit", "telemetry.db", "--json"]) == 0
    assert main(["profile", "fit", "telemetry.db", "--model", "quick", "--json"]) == 0
    assert main(["profile", "fit", "telemetry.db", "--model", "other"]) == 2

    everything, quick = capsys.readouterr().out.split("\n}\n")[:2]
    assert json.loads(everything + "}")["answers"] == 20
    assert json.loads(quick + "}")["answers"] == 10
