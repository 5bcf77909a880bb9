"""What holds for a cassette where its user says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from understudy.cassettes import Matching, RecordMode, Treatment
from understudy.cassettes.defaults import CassetteDefaults, CassetteOverrides

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("value", "mode"), [("true", RecordMode.NONE), ("", RecordMode.ONCE)])
def test_nothing_is_recorded_in_ci(
    value: str, mode: RecordMode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless somebody says so."""
    monkeypatch.setenv("CI", value)

    assert CassetteDefaults.default().record_mode is mode


def test_secrets_are_taken_out_by_default() -> None:
    """And looked for in what was saved."""
    treatment = CassetteDefaults.default().treatment

    assert treatment.redactor is not None
    assert treatment.after_save is not None
    assert treatment.view is not None


def test_what_is_said_of_one_cassette_goes_before_the_defaults(tmp_path: Path) -> None:
    """The rest is as by default; the file is called by its path below the root."""
    defaults = CassetteDefaults(record_mode=RecordMode.ONCE, root=tmp_path)
    overrides = CassetteOverrides(
        record_mode=RecordMode.ALL, matching=Matching(), treatment=Treatment()
    )

    player = defaults.open(tmp_path / "a" / "c.yaml", overrides)

    assert player.cassette.record_mode is RecordMode.ALL
    assert player.name == "a/c.yaml"
    assert defaults.open(tmp_path / "d.yaml").cassette.record_mode is RecordMode.ONCE
    assert CassetteDefaults(record_mode=RecordMode.NONE).name_of(tmp_path) == str(tmp_path)
