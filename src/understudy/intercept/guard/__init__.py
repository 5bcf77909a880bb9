"""The network guard: what nobody answers does not leave this machine."""

from ._guard import Guard, GuardPatch
from ._native import unseen_modules
from ._policy import Block
from ._refusal import CallRefused, ConnectionBlocked, Refusal, refusals_behind
from ._reports import Reports

__all__ = [
    "Block",
    "CallRefused",
    "ConnectionBlocked",
    "Guard",
    "GuardPatch",
    "Refusal",
    "Reports",
    "refusals_behind",
    "unseen_modules",
]
