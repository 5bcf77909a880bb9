"""Golden lines and multi-turn scripts: what a mocked model says."""

from ._check import check_scenario, unknown_names
from ._conversation import Conversation, ObservedTurn, Position, UnmatchedTurn
from ._conversation import UnmatchedTurn as Miss  # its name until now
from ._errors import Problem, ScenarioError
from ._library import ScenarioLibrary, shipped_folder
from ._scenario import Branch, Scenario, ScriptedReply, Turn

__all__ = [
    "Branch",
    "Conversation",
    "Miss",
    "ObservedTurn",
    "Position",
    "Problem",
    "Scenario",
    "ScenarioError",
    "ScenarioLibrary",
    "ScriptedReply",
    "Turn",
    "UnmatchedTurn",
    "check_scenario",
    "shipped_folder",
    "unknown_names",
]
