"""What LLM operations are for: six events, each with the fields that it has and no others."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from ._base import LARGEST, Count, Milliseconds
from ._call import usd

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

#: 1: first version.
LIFECYCLE_VERSION: Final = 1

_LENGTH: Final = 200
Word = Annotated[str, Field(min_length=1, max_length=_LENGTH)]
Ordinal = Annotated[int, Field(ge=1, le=LARGEST)]


def _cut(value: object) -> object:
    """Keep the beginning of what may be the text of an error; an empty one says nothing."""
    return value[:_LENGTH] or None if isinstance(value, str) else value


Reason = Annotated[Word | None, BeforeValidator(_cut)]
#: `transport`: the same request was sent again. `content`: the model was asked to do better.
Cause = Literal["transport", "content"]


@cache
def _os() -> str:
    return platform.system().lower() or "unknown"


@cache
def _arch() -> str:
    return platform.machine().lower() or "unknown"


@cache
def _product_version() -> str:
    return version("pytest-understudy")


class LifecycleEvent(BaseModel):
    """Common fields of all six.

    `operation_id` joins the events of one operation, `call_id` names the call that an event is
    about. `inferred` events were read off the calls, the others the application told. Its id, when
    it is and whose (`event_id` to `rerun`, as in `TelemetryEvent`) is filled in when it is sent.
    Money is whole nano-USD.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    event_id: Word | None = None
    ts: AwareDatetime | None = None
    run_id: str | None = None
    phase_id: str | None = None
    worker: str = "main"
    rerun: Count = 0
    operation_id: Word | None = None
    call_id: Word | None = None
    inferred: bool = False
    os: str = Field(default_factory=_os)
    arch: str = Field(default_factory=_arch)
    product_version: str = Field(default_factory=_product_version)
    schema_version: int = LIFECYCLE_VERSION


class GenerationStarted(LifecycleEvent):
    """An operation began; `tool_name` is the application's word for what it does."""

    event_type: Literal["llm_generation_started"] = "llm_generation_started"
    provider: Word | None = None
    tool_name: Word | None = None
    repo: Word | None = None


class GenerationCompleted(LifecycleEvent):
    """An operation ended, well or not; `attempts` are those of its calls."""

    event_type: Literal["llm_generation_completed"] = "llm_generation_completed"
    success: bool
    provider: Word | None = None
    tool_name: Word | None = None
    repo: Word | None = None
    cost_nanousd: Count | None = None
    duration_ms: Milliseconds | None = None
    attempts: Count | None = None
    error_category: Reason = None

    @property
    def cost(self) -> Decimal | None:
        """The cost in USD, exactly; None where it is unknown."""
        return None if self.cost_nanousd is None else usd(self.cost_nanousd)


class RepairAttempt(LifecycleEvent):
    """Something that failed is tried once more; `attempt_number` counts the repairs from 1."""

    event_type: Literal["llm_repair_attempt"] = "llm_repair_attempt"
    attempt_number: Ordinal
    provider: Word | None = None
    tool_name: Word | None = None
    repo: Word | None = None
    error_category: Reason = None
    cause: Cause | None = None


class ValidationResult(LifecycleEvent):
    """An answer was checked by the application."""

    event_type: Literal["llm_validation_result"] = "llm_validation_result"
    passed: bool
    provider: Word | None = None
    tool_name: Word | None = None
    repo: Word | None = None
    attempt_number: Ordinal | None = None
    error_category: Reason = None


class ProviderFailover(LifecycleEvent):
    """One provider gave up and another was asked the same."""

    event_type: Literal["llm_provider_failover"] = "llm_provider_failover"
    from_provider: Word
    to_provider: Word
    reason: Reason = None
    tool_name: Word | None = None


class CircuitBreakerTrip(LifecycleEvent):
    """A circuit breaker opened after so many failures of a provider."""

    event_type: Literal["llm_circuit_breaker_trip"] = "llm_circuit_breaker_trip"
    provider: Word
    failures: Count
    reason: Reason = None


AnyLifecycleEvent = Annotated[
    GenerationStarted
    | GenerationCompleted
    | RepairAttempt
    | ValidationResult
    | ProviderFailover
    | CircuitBreakerTrip,
    Field(discriminator="event_type"),
]
#: Every name of an event of this kind.
LIFECYCLE_TYPES: Final = (
    "llm_generation_started",
    "llm_generation_completed",
    "llm_repair_attempt",
    "llm_validation_result",
    "llm_provider_failover",
    "llm_circuit_breaker_trip",
)


def parse_lifecycle_event(fields: Mapping[str, Any]) -> AnyLifecycleEvent:
    """Make the event that `fields` describe.

    Raises:
        pydantic.ValidationError: a field is unknown, missing or out of range.
    """
    return _adapter().validate_python(fields)


@cache
def _adapter() -> TypeAdapter[AnyLifecycleEvent]:
    return TypeAdapter(AnyLifecycleEvent)
