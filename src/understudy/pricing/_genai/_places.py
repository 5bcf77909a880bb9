"""What inference in one place costs beside the list price, which is for the whole world."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .._billed_call import BilledCall
    from ._listing import Listing

_LIST_PRICE: Final = Decimal(1)
_A_TENTH_MORE: Final = Decimal("1.1")

#: At OpenAI the hosts of regions cost more for models that came out from this day on, of which
#: GPT-5.4 was the first: https://developers.openai.com/api/docs/guides/data-residency
_OPENAI_SINCE: Final = "2026-03-05"
_OPENAI_FIRST: Final = (5, 4)
_OPENAI_REGIONS: Final = frozenset({"ae", "au", "ca", "eu", "gb", "in", "jp", "kr", "sg", "us"})
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_GPT: Final = re.compile(r"gpt-(\d+)(?:\.(\d+))?(?![\do])")
_OPENAI_BEFORE: Final = re.compile(
    r"(ada|babbage|chatgpt-4o|codex-mini|computer-use|curie|davinci|ft:|gpt-4o|gpt-image-1|o\d"
    r"|text-|tts-1|whisper-1)"
)
#: On Vertex they do for Claude from 4.5 and Gemini from 3 on, whose previews run everywhere or
#: nowhere: https://platform.claude.com/docs/en/build-with-claude/claude-on-vertex-ai,
#: https://cloud.google.com/vertex-ai/generative-ai/pricing
_OLD_CLAUDE: Final = re.compile(r"claude-(?:[123]\b|4-|instant|v\d|[a-z]+-4(?:-[01])?$)")
_GEMINI: Final = re.compile(r"gemini-(?:[a-z]+-)*(\d+)")
_FIRST_GEMINI: Final = 3
#: Models of Google's that cost more on Vertex than in the Gemini API, whose prices are listed.
_DEARER_ON_VERTEX: Final = frozenset({"gemini-2.0-flash"})


def factor_of(listing: Listing, billed: BilledCall) -> Decimal | None:
    """Return by what the listed price of tokens is multiplied; None where nobody says."""
    place = billed.terms.geography
    if place is None:
        return _LIST_PRICE
    if billed.provider == "vertex":
        return _vertex(listing.model.id, billed.models)
    if billed.provider == "openai":
        return _openai(listing.model.id, billed.models) if place in _OPENAI_REGIONS else None
    # Anthropic: https://platform.claude.com/docs/en/manage-claude/data-residency
    return _A_TENTH_MORE if place == "us" else None


def is_listed_for_another_place(listing: Listing, billed: BilledCall) -> bool:
    """Tell whether the list holds what the model costs elsewhere, and it costs more here."""
    return billed.provider == "vertex" and listing.model.id in _DEARER_ON_VERTEX


def _openai(listed: str, names: tuple[str, ...]) -> Decimal | None:
    date = _DATE.search(names[0])
    if date:
        return _A_TENTH_MORE if date[0] >= _OPENAI_SINCE else _LIST_PRICE
    gpt = _GPT.match(listed)
    if gpt:
        version = int(gpt[1]), int(gpt[2] or 0)
        return _A_TENTH_MORE if version >= _OPENAI_FIRST else _LIST_PRICE
    return _LIST_PRICE if _OPENAI_BEFORE.match(listed) else None


def _vertex(listed: str, names: tuple[str, ...]) -> Decimal | None:
    if listed.startswith("claude"):
        return _LIST_PRICE if _OLD_CLAUDE.match(listed) else _A_TENTH_MORE
    gemini = _GEMINI.match(listed)
    if gemini is None or int(gemini[1]) < _FIRST_GEMINI:
        return _LIST_PRICE
    return None if "preview" in names[0] else _A_TENTH_MORE
