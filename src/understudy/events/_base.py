"""What every row of the `telemetry` table holds."""

from __future__ import annotations

import os
import time
from typing import Annotated, Final, Literal, NamedTuple, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

#: 1: first version.
EVENT_VERSION: Final = 1

Tier = Literal["L2", "L3", "L4"]
Stage = Literal["setup", "call", "teardown"]
#: What a column of whole numbers holds.
LARGEST: Final = 2**63 - 1
Count = Annotated[int, Field(ge=0, le=LARGEST)]
Milliseconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class TelemetryEvent(BaseModel):
    """Common fields of calls, edits, undos and escalations.

    `phase_id` is the node id of the test, `fixture:<name>` for a fixture of wider scope,
    or None for the run itself; `rerun` counts its reruns from 0. `worker` is `main` or
    xdist's `gw0`, `gw1`, …. Ids of subjects, users and messages are opaque and the app's own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)

    event_id: str = Field(min_length=1)
    ts: AwareDatetime
    run_id: str | None = None
    phase_id: str | None = None
    worker: str = "main"
    rerun: Count = 0
    stage: Stage | None = None
    subject_id: str | None = None
    user_id: str | None = None
    message_id: str | None = None
    tier: Tier | None = None
    prompt_version: str | None = None
    error: Annotated[str, Field(max_length=500)] | None = None


_48_BITS = (1 << 48) - 1


def new_id() -> str:
    """Return a UUID of version 7 (RFC 9562) as 32 hexadecimal digits."""
    milliseconds = time.time_ns() // 1_000_000 & _48_BITS  # a test may have moved time before 1970
    noise = os.urandom(10)
    marked = bytes((0x70 | noise[0] & 0x0F, noise[1], 0x80 | noise[2] & 0x3F))  # version, variant
    return (milliseconds.to_bytes(6, "big") + marked + noise[3:]).hex()


class CallKeys(NamedTuple):
    """What names a call as a whole, for each who waits for more of it.

    The id of a call alone names the event of its first attempt, too.
    """

    attempts: str
    prediction: str

    @classmethod
    def of(cls, call_id: str) -> Self:
        """Return those of a call."""
        return cls(f"attempts of {call_id}", f"prediction of {call_id}")
