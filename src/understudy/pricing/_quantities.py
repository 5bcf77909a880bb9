"""What an answer's usage counts, beyond the tokens that every provider has."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from ..calls import Operation, Usage
from ._json_numbers import is_number
from ._purchase import Quantities

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..events import CallEvent

#: OpenAI's details: block, field, unit.
_DETAILS: Final = (
    ("prompt_tokens_details", "audio_tokens", "input_audio_tokens"),
    ("input_tokens_details", "audio_tokens", "input_audio_tokens"),
    ("completion_tokens_details", "audio_tokens", "output_audio_tokens"),
    ("output_tokens_details", "audio_tokens", "output_audio_tokens"),
)
#: Gemini's lists of modalities: list, prefix and suffix of the unit.
_LISTS: Final = (
    ("promptTokensDetails", "input_{}_tokens"),
    ("toolUsePromptTokensDetails", "input_{}_tokens"),
    ("candidatesTokensDetails", "output_{}_tokens"),
    ("cacheTokensDetails", "cache_{}_read_tokens"),
)
_MODALITIES: Final = MappingProxyType(
    {"AUDIO": "audio", "IMAGE": "image", "DOCUMENT": "image", "VIDEO": "video"}
)


def quantities_of(event: CallEvent) -> Quantities:
    """Read what a call is billed for from its counts and its raw usage block."""
    raw: Mapping[str, Any] = event.usage_raw or {}
    return Quantities(
        tokens=_billed_units(raw) or _tokens(event),
        modalities=_modalities(raw),
        web_searches=_web_searches(raw),
        expects_output=event.operation is not Operation.EMBEDDINGS,
    )


def _tokens(event: CallEvent) -> Usage:
    return Usage(
        input_tokens=event.input_tokens,
        output_tokens=event.output_tokens,
        cache_read_tokens=event.cache_read_tokens,
        cache_write_tokens=event.cache_write_tokens,
        cache_write_1h_tokens=event.cache_write_1h_tokens,
        reasoning_tokens=event.reasoning_tokens,
    )


def _billed_units(raw: Mapping[str, Any]) -> Usage | None:
    """Return Cohere's `billed_units`: they set the cost, its `tokens` do not."""
    billed = _mapping(raw.get("billed_units") or _mapping(raw.get("meta")).get("billed_units"))
    if not is_number(billed.get("input_tokens")):
        return None
    return Usage(
        input_tokens=_count(billed.get("input_tokens")),
        output_tokens=_count(billed.get("output_tokens")),
    )


def _modalities(raw: Mapping[str, Any]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for unit, count in (*_openai_modalities(raw), *_gemini_modalities(raw)):
        counts[unit] = counts.get(unit, 0) + count
    return {unit: count for unit, count in counts.items() if count}


def _openai_modalities(raw: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for block, field, unit in _DETAILS:
        if block in raw:
            yield unit, _count(_mapping(raw[block]).get(field))


def _gemini_modalities(raw: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for name, unit in _LISTS:
        entries = raw.get(name)
        for entry in map(_mapping, entries if isinstance(entries, list) else ()):
            modality = _MODALITIES.get(str(entry.get("modality")))
            if modality:
                yield unit.format(modality), _count(entry.get("tokenCount"))


def _web_searches(raw: Mapping[str, Any]) -> int:
    return _count(_mapping(raw.get("server_tool_use")).get("web_search_requests"))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _count(value: object) -> int:
    return max(0, int(value)) if is_number(value) else 0
