"""The fingerprint of a machine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from understudy.gates import Environment, this_environment

if TYPE_CHECKING:
    from pathlib import Path


def test_the_processor_names_itself(tmp_path: Path) -> None:
    """The first one; where nobody says, the machine's sort."""
    info = tmp_path / "cpuinfo"
    info.write_text("processor\t: 0\nmodel name\t: Fast CPU\nmodel name\t: Other\n")

    assert this_environment(info).cpu == "Fast CPU"
    assert this_environment(tmp_path / "none").cpu


def test_equal_environments_alone_share_a_fingerprint() -> None:
    """Twelve letters that are safe in a file name."""
    here = Environment(cpu="a", cores=2, system="Linux x86_64", python="3.11")

    assert here.fingerprint == replace(here).fingerprint
    assert here.fingerprint != replace(here, cores=4).fingerprint
    assert here.fingerprint.isalnum()
