"""What a mock may play."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..delays import Profiles
from ..scenarios import ScenarioLibrary, shipped_folder
from .faults import Faults

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Repertoire:
    """Scenarios, delay profiles and faults, by name; shared by all mocks of a run."""

    scenarios: ScenarioLibrary
    profiles: Profiles
    faults: Faults

    @classmethod
    def default(cls, *folders: Path) -> Repertoire:
        """Return what understudy brings, behind the scenarios of the given folders."""
        scenarios = ScenarioLibrary(*folders, shipped_folder())
        return cls(scenarios, Profiles.default(), Faults.default())
