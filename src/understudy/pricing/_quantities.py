"""How much an attempt bought, read from its counts and its raw usage block."""

from __future__ import annotations

import re
from dataclasses import fields
from math import isfinite
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from ..calls import SILENT, Usage
from ..wire.fields import mapping
from ._billed_call import Quantities

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..events import CallEvent


def is_number(value: object) -> TypeGuard[int | float]:
    """Tell whether a value is a finite number, which `true` and `NaN` are not."""
    if isinstance(value, float):
        return isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


#: OpenAI's details: block, field, unit.
_DETAILS: Final = (
    ("prompt_tokens_details", "audio_tokens", "input_audio_tokens"),
    ("input_tokens_details", "audio_tokens", "input_audio_tokens"),
    ("input_token_details", "audio_tokens", "input_audio_tokens"),
    ("completion_tokens_details", "audio_tokens", "output_audio_tokens"),
    ("output_tokens_details", "audio_tokens", "output_audio_tokens"),
    ("input_tokens_details", "image_tokens", "input_image_tokens"),
    ("output_tokens_details", "image_tokens", "output_image_tokens"),
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
#: The counts of an event, which are named as in `Usage`.
_COUNTS: Final = attrgetter(*(field.name for field in fields(Usage)))


def quantities_of(event: CallEvent) -> Quantities:
    """Read what a call is billed for from its counts and its raw usage block."""
    raw: Mapping[str, Any] = event.usage_raw or {}
    return Quantities(
        tokens=_billed_units(raw) or Usage(*_COUNTS(event)),
        modalities=_modalities(event, raw),
        web_searches=_web_searches(event, raw),
        file_searches=_server_tools(raw).get("file_search", 0),
        other_fees=tuple(_other_fees(raw)),
        expects_output=event.operation not in SILENT,
    )


#: Fees that are in no list: what they are for, by the name of the provider's own tool.
_OTHER_FEES: Final = MappingProxyType(
    {
        "code_interpreter": "code interpreter sessions",
        "google_maps": "uses of Google Maps",
        "image_generation": "images made by its tool",
        "retrieval": "grounding in stores of one's own",
    }
)
#: Gemini from 3 on is billed for each search, before that for each grounded prompt:
#: https://ai.google.dev/gemini-api/docs/google-search#pricing
_BILLED_BY_PROMPT: Final = re.compile(r"gemini-[12]\b")


def _web_searches(event: CallEvent, raw: Mapping[str, Any]) -> int:
    """Count the searches that are charged for: Anthropic's, OpenAI's, Google's."""
    searches = _server_tools(raw).get("web_search", 0)
    if searches and _BILLED_BY_PROMPT.search(event.model or ""):
        searches = 1
    return searches + _count(mapping(raw.get("server_tool_use")).get("web_search_requests"))


def _server_tools(raw: Mapping[str, Any]) -> dict[str, int]:
    """Count the uses of each of the provider's own tools; Gemini's interactions have a list."""
    uses = {tool: _count(number) for tool, number in mapping(raw.get("server_tools")).items()}
    listed = raw.get("grounding_tool_count")
    for entry in map(mapping, listed if isinstance(listed, list) else ()):
        tool = str(entry.get("type")).replace("google_search", "web_search")
        uses[tool] = uses.get(tool, 0) + _count(entry.get("count"))
    return uses


def _other_fees(raw: Mapping[str, Any]) -> Iterator[str]:
    used = _server_tools(raw)
    yield from (fee for tool, fee in _OTHER_FEES.items() if used.get(tool))
    if _count(raw.get("num_sources_used")):
        yield "sources of live searches"  # xAI
    connectors = mapping(raw.get("connectors"))  # Mistral
    yield from (
        f"uses of the connector {name}" for name, uses in connectors.items() if _count(uses)
    )
    if raw.get("type") == "duration":
        yield "seconds of audio"  # OpenAI's Whisper
    units = _cohere_units(raw)
    if _count(units.get("search_units")):
        yield "search units"  # Cohere


def _billed_units(raw: Mapping[str, Any]) -> Usage | None:
    """Return Cohere's `billed_units`: they set the cost, its `tokens` do not."""
    billed = _cohere_units(raw)
    if not is_number(billed.get("input_tokens")):
        return None
    return Usage(
        input_tokens=_count(billed.get("input_tokens")),
        output_tokens=_count(billed.get("output_tokens")),
    )


def _cohere_units(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    return mapping(raw.get("billed_units") or mapping(raw.get("meta")).get("billed_units"))


def _modalities(event: CallEvent, raw: Mapping[str, Any]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for unit, count in (*_openai_modalities(raw), *_gemini_modalities(raw)):
        counts[unit] = counts.get(unit, 0) + count
    for unit, count in _whole_modalities(event, raw):
        counts.setdefault(unit, count)
    return {unit: count for unit, count in counts.items() if count}


def _openai_modalities(raw: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for block, field, unit in _DETAILS:
        if block in raw:
            yield unit, _count(mapping(raw[block]).get(field))


def _whole_modalities(event: CallEvent, raw: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield what all tokens are where the block does not take them apart."""
    if event.wire_api == "openai.images":
        yield "output_image_tokens", event.output_tokens or 0
    if _count(raw.get("prompt_audio_seconds")):
        yield "input_audio_tokens", event.input_tokens or 0  # Mistral's Voxtral


def _gemini_modalities(raw: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for name, unit in _LISTS:
        entries = raw.get(name)
        for entry in map(mapping, entries if isinstance(entries, list) else ()):
            modality = _MODALITIES.get(str(entry.get("modality")))
            if modality:
                yield unit.format(modality), _count(entry.get("tokenCount"))


def _count(value: object) -> int:
    return max(0, int(value)) if is_number(value) else 0
