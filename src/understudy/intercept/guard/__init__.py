"""The network guard: what nobody answers does not leave this machine."""

from ._guard import Guard, GuardPatch
from ._policy import Block
from ._refusal import CallRefused, ConnectionBlocked, Refusal, refusals_behind

__all__ = [
    "Block",
    "CallRefused",
    "ConnectionBlocked",
    "Guard",
    "GuardPatch",
    "Refusal",
    "refusals_behind",
]
