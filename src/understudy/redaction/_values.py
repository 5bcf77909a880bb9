"""Secrets that are known by their very value."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from ._names import is_secret_variable
from ._spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: The kind of a secret that is known by its value.
KNOWN_VALUE: Final = "value of a secret in use"

#: A shorter word may stand in any text by chance.
_SHORTEST: Final = 8
_LONG: Final = 20
#: What is left of a real key without the words of stand-ins (`your-api-key`, `test-token-1`).
_LEAST_OWN: Final = 6
_WORDS_OF_STAND_INS: Final = re.compile(
    r"tests?|testing|dummy|fake|example|placeholder|change|redacted|filtered|your|mock|sample|secret"
    r"|api|key|token|password|credentials?|understudy|unused|invalid|none|null|undefined|value|here"
    r"|openai|anthropic|azure|google|gemini|not|real|my|the|sk|me|x{3,}|\*+|[^a-z0-9]+",
    re.IGNORECASE,
)
_PLACE: Final = re.compile(r"^(?:[~./]|[A-Za-z]:\\)|://")


def looks_real(value: str) -> bool:
    """Tell whether a value may be a secret: no word, no stand-in, no path, no number."""
    if len(value) < _SHORTEST or any(letter.isspace() for letter in value):
        return False
    if _PLACE.search(value) or len(_WORDS_OF_STAND_INS.sub("", value)) < _LEAST_OWN:
        return False
    has_letter = any(letter.isalpha() for letter in value)
    return has_letter and (len(value) >= _LONG or any(letter.isdigit() for letter in value))


def secret_values(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the secrets that an environment holds, each with the name of its variable."""
    return {
        value.strip(): name
        for name, value in environment.items()
        if is_secret_variable(name) and looks_real(value.strip())
    }


def values_in(text: str, values: Iterable[str]) -> list[Span]:
    """Return where `values` stand in `text`, as they are and as a URL quotes them."""
    return [
        Span(match.start(), match.end(), KNOWN_VALUE)
        for value in values
        for form in _forms(value)
        if form in text
        for match in re.finditer(re.escape(form), text)
    ]


@lru_cache(maxsize=256)
def _forms(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((value, quote(value, safe=""))))
