"""What a mock has decided to do with a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ..calls import Origin

if TYPE_CHECKING:
    from ..delays import DelayProfile
    from ..playback import Playback
    from ..wire.writing import Failure, Reply
    from ._fault_plan import NamedFault


class Decision(NamedTuple):
    """The answer, or what comes in its place; the faults that befall it, and its timing."""

    answer: Reply | Failure | Playback
    faults: tuple[NamedFault, ...]
    profile_name: str
    profile: DelayProfile
    scenario: str | None
    usage_source: Literal["provider", "estimated", "none"]

    @property
    def fault(self) -> str | None:
        """The names of the faults, None where there are none."""
        return "+".join(fault.name for fault in self.faults) or None

    def event_fields(self, clock: str) -> dict[str, Any]:
        """Return the fields of the event that the wire does not tell."""
        return {
            "origin": Origin.MOCKED,
            "clock": clock,
            "profile": self.profile_name,
            "scenario": self.scenario,
            "fault": self.fault,
            "usage_source": self.usage_source,
        }
