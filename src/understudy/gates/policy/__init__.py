"""What a figure may do before the gate goes red: `[tool.understudy.gates]` and `llm_gate`."""

from ._policy import DEFAULT_POLICY, NOTHING, Allowance, Policy, Rule, matches, settled
from ._read import read_gates, read_rules

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
