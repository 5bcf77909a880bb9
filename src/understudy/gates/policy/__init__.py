"""What a figure may do before the gate goes red: `[tool.understudy.gates]` and `llm_gate`."""

from ._policy import DEFAULT_POLICY, Policy, matches, settled
from ._read_rule import read_rules
from ._rule import NOTHING, Allowance, Rule
from ._settings_table import read_gates

__all__ = [
    "DEFAULT_POLICY",
    "NOTHING",
    "Allowance",
    "Policy",
    "Rule",
    "matches",
    "read_gates",
    "read_rules",
    "settled",
]
