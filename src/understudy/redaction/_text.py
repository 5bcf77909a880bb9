"""Takes secrets out of texts that are shown or kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ._names import SECRET_HEADERS
from ._placeholder import REDACTED
from ._shapes import keys_in
from ._spans import without_spans

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Looser than the shapes of keys: in a message, a word too much does no harm.
_LOOSE: Final = re.compile(
    r"\b(?:sk|pk|rk)-[\w-]{8,}[\w*]*|\b(?:xai|gsk|hf|r8|csk|pplx|fw|tgp)[_-][\w-]{12,}"
    r"|(?<=[Bb]earer\s)[\w.~+/-]{8,}=*"
)

#: A shorter word may stand in any text by chance.
_SHORTEST: Final = 8


def redacted(text: str, headers: Mapping[str, str] | None = None) -> str:
    """Return a message without keys, and without the secrets that `headers` hold."""
    for name in SECRET_HEADERS if headers is not None else ():
        for secret in _secrets(headers.get(name, "") if headers is not None else ""):
            text = text.replace(secret, REDACTED)
    return _LOOSE.sub(REDACTED, without_spans(text, keys_in(text)))


def _secrets(value: str) -> list[str]:
    whole = value.strip()
    last = whole.rpartition(" ")[2]
    return [secret for secret in (whole, last) if len(secret) >= _SHORTEST]
