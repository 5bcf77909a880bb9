"""What one attempt of a call bought, in the words of price lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal

    from ..calls import Usage

#: The service tier that list prices are for.
STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class Terms:
    """The conditions that move a price away from the list.

    `service_tier` is `standard`, `batch`, `flex`, `priority`, `fast`, or what the
    provider called it; `speed` is Anthropic's. `geography` is where the inference must run:
    Anthropic's `inference_geo`, the region of a host of Vertex or OpenAI. Both are None where
    they change nothing.
    """

    service_tier: str = STANDARD
    speed: str | None = None
    geography: str | None = None


@dataclass(frozen=True, slots=True)
class Quantities:
    """How much was bought.

    `modalities` are the tokens among `tokens` that are not text, by genai-prices'
    names (`input_audio_tokens`). Searches are the provider's own, of the web and of files;
    `other_fees` name what else it charges beside tokens. `expects_output` is False for
    embeddings. `doubt` says why this may not be all.
    """

    tokens: Usage
    modalities: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    web_searches: int = 0
    file_searches: int = 0
    other_fees: tuple[str, ...] = ()
    expects_output: bool = True
    doubt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledCall:
    """One attempt as a price table sees it.

    `models` are the names it may be listed under, best first. `at` decides which of a
    model's prices over time applies. `reported_usd` is what the provider says it billed.
    `parts` are billed beside it, maybe as another model's, and belong to its cost.
    """

    models: tuple[str, ...]
    provider: str | None
    wire_api: str | None
    quantities: Quantities
    terms: Terms
    at: datetime
    reported_usd: Decimal | None = None
    parts: tuple[BilledCall, ...] = ()


def contradiction_in(tokens: Usage) -> str | None:
    """Say which part of the tokens exceeds its whole."""
    cached = (tokens.cache_read_tokens or 0) + (tokens.cache_write_tokens or 0)
    if cached > (tokens.input_tokens or 0):
        return f"{cached} cached tokens exceed {tokens.input_tokens} input tokens"
    if (tokens.cache_write_1h_tokens or 0) > (tokens.cache_write_tokens or 0):
        return "one-hour cache writes exceed all cache writes"
    if (tokens.reasoning_tokens or 0) > (tokens.output_tokens or 0):
        return "reasoning tokens exceed output tokens"
    return None
