"""What is known of the models that answer: four events, each with the fields that it has."""

from __future__ import annotations

import json
import math
import re
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeAlias

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from ._base import Count, Milliseconds  # noqa: TC001 - pydantic reads them

if TYPE_CHECKING:
    from collections.abc import Mapping

#: 1: first version.
MODEL_VERSION: Final = 1
#: No answer has more tokens, and the sums of a day stay whole numbers of the store.
LARGEST_COUNT: Final = 2**31 - 1
#: How many bytes of JSON an event's own details may take.
DETAILS_SIZE: Final = 2048

#: Who measured: the engine itself, a client's clock over a stream or over a whole answer, or the
#: application, which told it. No mean mixes them.
Source = Literal["engine", "stream", "response", "told"]
Scalar: TypeAlias = "str | int | float | bool | None"
#: What `new_id` makes: 16 bytes in hexadecimal.
ID_PATTERN: Final = re.compile(r"[0-9a-f]{32}")
Id = Annotated[str, Field(pattern=rf"^{ID_PATTERN.pattern}$")]
Word = Annotated[str, Field(min_length=1, max_length=200)]
#: Larger than any, and its square adds up.
Amount = Annotated[float, Field(ge=0, le=1e15)]
Tokens = Annotated[int, Field(ge=1, le=LARGEST_COUNT)]
PromptTokens = Annotated[int, Field(ge=0, le=LARGEST_COUNT)]


def _checked_details(details: dict[str, Scalar]) -> dict[str, Scalar]:
    if any(isinstance(value, float) and not math.isfinite(value) for value in details.values()):
        msg = "metadata holds a number that is not finite"
        raise ValueError(msg)
    if (size := len(json.dumps(details, ensure_ascii=False).encode())) > DETAILS_SIZE:
        msg = f"metadata takes {size} bytes, at most {DETAILS_SIZE} are kept"
        raise ValueError(msg)
    return details


Details = Annotated[dict[str, str | int | float | bool | None], AfterValidator(_checked_details)]


class ModelEvent(BaseModel):
    """Common fields of all four.

    `component` is the model, without host or port, or `gpu:<UUID>`. `details` are the
    application's own, `call_id` names the call that an event was read off. Its id, when it is and
    whose (`event_id` to `rerun`, as in `TelemetryEvent`) is filled in when it is taken.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    event_id: Id | None = None
    ts: AwareDatetime | None = None
    run_id: str | None = None
    phase_id: str | None = None
    worker: str = "main"
    rerun: Count = 0
    component: Word
    status: Word | None = None
    source: Source = "told"
    call_id: Id | None = None
    details: Details = Field(default_factory=dict)

    @property
    def metadata(self) -> dict[str, Scalar]:
        """What is said of the value, under the names that are documented, then the details."""
        return {**self._described(), **self.details}

    def _described(self) -> dict[str, Scalar]:
        raise NotImplementedError


class LoadLatency(ModelEvent):
    """A model was loaded into memory: `value` seconds, or until it failed."""

    event_type: Literal["LOAD_LATENCY"] = "LOAD_LATENCY"
    value: Amount
    success: bool = True

    def _described(self) -> dict[str, Scalar]:
        return {"model": self.component, "load_time_ms": self.value * 1000}


class ThoughtLatency(ModelEvent):
    """A model answered: `value` milliseconds for each generated token.

    Where the engine tells prompt and generation, their sum counts; `decode_ms`, `prompt_ms`,
    `load_ms` and `queue_ms` are its parts, None where nobody told. Without `tokens_generated` an
    event is kept and enters no mean.
    """

    event_type: Literal["THOUGHT_LATENCY"] = "THOUGHT_LATENCY"
    value: Amount
    tokens_generated: Tokens | None = None
    prompt_tokens: PromptTokens | None = None
    decode_ms: Milliseconds | None = None
    prompt_ms: Milliseconds | None = None
    load_ms: Milliseconds | None = None
    queue_ms: Milliseconds | None = None

    @property
    def inference_time_ms(self) -> float | None:
        """How long all tokens took."""
        return None if self.tokens_generated is None else self.value * self.tokens_generated

    @property
    def total_tokens(self) -> int | None:
        """Tokens of prompt and answer, where both are known."""
        if self.tokens_generated is None or self.prompt_tokens is None:
            return None
        return self.tokens_generated + self.prompt_tokens

    def _described(self) -> dict[str, Scalar]:
        parts = ("decode_ms", "prompt_ms", "load_ms", "queue_ms")
        told = {name: getattr(self, name) for name in parts}
        return {
            "model": self.component,
            "inference_time_ms": self.inference_time_ms,
            "tokens_generated": self.tokens_generated,
            "prompt_tokens": self.prompt_tokens,
            "total_tokens": self.total_tokens,
            "latency_per_token_ms": self.value,
            **{name: value for name, value in told.items() if value is not None},
        }


class VramCheck(ModelEvent):
    """The memory of a GPU was read: `value` MB (2**20 bytes) are free."""

    event_type: Literal["VRAM_CHECK"] = "VRAM_CHECK"
    value: Amount
    used: Amount | None = None
    total: Amount | None = None

    @property
    def percentage(self) -> float | None:
        """How much of the memory is used, in percent."""
        return None if self.used is None or not self.total else 100 * self.used / self.total

    def _described(self) -> dict[str, Scalar]:
        return {"used": self.used, "total": self.total, "percentage": self.percentage}


class VramLockout(ModelEvent):
    """Loading was locked for want of memory, or released again; in MB, and `value` is 0."""

    event_type: Literal["VRAM_LOCKOUT"] = "VRAM_LOCKOUT"
    status: Literal["locked", "released"] = "locked"
    value: Annotated[float, Field(ge=0, le=0)] = 0.0
    trigger_threshold: Amount | None = None
    free_vram: Amount | None = None

    def _described(self) -> dict[str, Scalar]:
        return {"trigger_threshold": self.trigger_threshold, "free_vram": self.free_vram}


AnyModelEvent = Annotated[
    LoadLatency | ThoughtLatency | VramCheck | VramLockout, Field(discriminator="event_type")
]
#: Every name of an event of this kind.
MODEL_EVENT_TYPES: Final = ("LOAD_LATENCY", "THOUGHT_LATENCY", "VRAM_CHECK", "VRAM_LOCKOUT")


def parse_model_event(fields: Mapping[str, Any]) -> AnyModelEvent:
    """Make the event that `fields` describe.

    Raises:
        pydantic.ValidationError: a field is unknown, missing or out of range.
    """
    return _adapter().validate_python(fields)


@cache
def _adapter() -> TypeAdapter[AnyModelEvent]:
    return TypeAdapter(AnyModelEvent)
