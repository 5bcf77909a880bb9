"""One HTTP attempt of one call to a model."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from ..calls import Operation, Origin, Status
from ._base import Count, Milliseconds, TelemetryEvent

_NANO: Final = 1_000_000_000
_MICRO: Final = Decimal("0.000001")
_PAID: Final = frozenset({Origin.LIVE, Origin.RECORDED})
_SIMULATED: Final = frozenset({Origin.MOCKED, Origin.REPLAYED})


def usd(nanousd: int) -> Decimal:
    """Return an amount of 1e-9 USD in USD, exactly."""
    return Decimal(nanousd) / _NANO


def rounded_usd(nanousd: int) -> Decimal:
    """Return an amount of 1e-9 USD in USD, to 6 decimals."""
    return usd(nanousd).quantize(_MICRO)


class CallEvent(TelemetryEvent):
    """One attempt; attempts of the same logical call share `call_id`.

    Token counts are inclusive: `input_tokens` holds cache reads and writes,
    `output_tokens` holds reasoning. None is unknown, never 0. `usage_raw` is the
    provider's own block. `cost_nanousd` is the list price (or what the provider billed)
    in 1e-9 USD. `ttfb_ms`, `ttfc_ms` (first content) and `duration_ms` count from the
    start of the attempt, on `clock`. `origin` is None for a call that was refused.
    """

    event_type: Literal["llm_call"] = "llm_call"
    call_id: str = Field(min_length=1)
    attempt: Annotated[int, Field(ge=1)] = 1

    provider: str | None = None
    wire_api: str | None = None
    host: str | None = None
    operation: Operation | None = None
    request_model: str | None = None
    response_model: str | None = None
    response_id: str | None = None
    finish_reason: str | None = None
    stream: bool = False

    input_tokens: Count | None = None
    output_tokens: Count | None = None
    cache_read_tokens: Count | None = None
    cache_write_tokens: Count | None = None
    cache_write_1h_tokens: Count | None = None
    reasoning_tokens: Count | None = None
    usage_source: Literal["provider", "estimated", "none"] = "none"
    usage_raw: dict[str, Any] | None = None

    cost_nanousd: Count | None = None
    cost_source: Literal["provider", "price_table", "none"] = "none"
    price_table: str | None = None
    service_tier: str | None = None
    reported_cost_usd: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None

    ttfb_ms: Milliseconds | None = None
    ttfc_ms: Milliseconds | None = None
    duration_ms: Milliseconds | None = None
    clock: Literal["real", "virtual"] = "real"
    origin: Origin | None = None
    recorded_ttfc_ms: Milliseconds | None = None
    recorded_duration_ms: Milliseconds | None = None
    profile: str | None = None
    scenario: str | None = None
    cassette: str | None = None
    cassette_verdict: str | None = None
    fault: str | None = None

    edit_latency_ms: Milliseconds | None = None
    lines_emitted: Count | None = None
    lines_accepted: Count | None = None
    lines_rejected: Count | None = None
    escalated: bool = False
    escalation_reason: str | None = None

    status: Status = Status.OK
    http_status: Annotated[int, Field(ge=100, le=999)] | None = None
    error_type: str | None = None

    request_content: str | None = None
    response_content: str | None = None

    @model_validator(mode="after")
    def _cache_is_part_of_input(self) -> Self:
        cached = (self.cache_read_tokens or 0) + (self.cache_write_tokens or 0)
        if self.input_tokens is not None and cached > self.input_tokens:
            msg = f"cached tokens ({cached}) exceed input_tokens ({self.input_tokens})"
            raise ValueError(msg)
        return self

    @property
    def cost_usd(self) -> Decimal | None:
        """The cost in USD to 6 decimals, None where it is unknown."""
        return None if self.cost_nanousd is None else rounded_usd(self.cost_nanousd)

    @property
    def is_paid(self) -> bool:
        """Whether the answer came from a provider, who wants money for it."""
        return self.origin in _PAID

    @property
    def is_simulated(self) -> bool:
        """Whether the answer came from us: its timing measures no provider."""
        return self.origin in _SIMULATED

    @property
    def model(self) -> str | None:
        """The model that answered, or the one that was asked for."""
        return self.response_model or self.request_model
