"""What a mock may play."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..delays import Profiles
from ..scenarios import ScenarioError, ScenarioLibrary, shipped_folder, unknown_names
from .faults import Faults

if TYPE_CHECKING:
    from pathlib import Path

    from ..scenarios import Scenario


@dataclass(frozen=True, slots=True)
class MockLibrary:
    """Scenarios, delay profiles and faults, by name; shared by all mocks of a run."""

    scenarios: ScenarioLibrary
    profiles: Profiles
    faults: Faults

    @classmethod
    def default(cls, *folders: Path) -> MockLibrary:
        """Return what understudy brings, behind the scenarios of the given folders."""
        scenarios = ScenarioLibrary(*folders, shipped_folder())
        return cls(scenarios, Profiles.default(), Faults.default())

    def scenario(self, name: str) -> Scenario:
        """Return a scenario that can be played.

        Raises:
            UnknownNameError: there is none of that name.
            ScenarioError: its file cannot be used, or a profile or fault in it does not exist.
        """
        scenario = self.scenarios.get(name)
        problems = tuple(unknown_names(scenario, self.profiles.names, self.faults.names))
        if problems:
            raise ScenarioError(*problems)
        return scenario
