"""Takes secrets out of texts that are shown or kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

REDACTED: Final = "[redacted]"

#: A shorter word may stand in any text by chance.
_SHORTEST: Final = 8

#: Headers whose value is a secret, names in lower case.
SECRET_HEADERS: Final = (
    "authorization",
    "x-api-key",
    "api-key",
    "x-goog-api-key",
    "ocp-apim-subscription-key",
    "proxy-authorization",
    "cookie",
)

#: Keys as the providers make them: OpenAI, Anthropic, OpenRouter, xAI, Groq, Google, AWS,
#: Hugging Face, Replicate; then JSON web tokens and anything after "Bearer".
_KEYS: Final = re.compile(
    r"""
      \b(?:sk|pk|rk)-[\w-]{8,}[\w*]*
    | \b(?:xai|gsk|hf|r8|csk|pplx|fw|tgp)[_-][\w-]{12,}
    | \bAIza[\w-]{20,}
    | \b(?:AKIA|ASIA)[A-Z0-9]{16}\b
    | \beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*
    | (?<=[Bb]earer\s)[\w.~+/-]{8,}=*
    | (?<=[?&]key=)[^&\s]+
    | (?<=[?&]api_key=)[^&\s]+
    | (?<=[?&]api-key=)[^&\s]+
    """,
    re.VERBOSE,
)


def redacted(text: str, headers: Mapping[str, str] | None = None) -> str:
    """Return `text` without keys, and without the secrets that `headers` hold."""
    for name in SECRET_HEADERS if headers is not None else ():
        for secret in _secrets(headers.get(name, "") if headers is not None else ""):
            text = text.replace(secret, REDACTED)
    return _KEYS.sub(REDACTED, text)


def _secrets(value: str) -> list[str]:
    whole = value.strip()
    last = whole.rpartition(" ")[2]
    return [secret for secret in (whole, last) if len(secret) >= _SHORTEST]
