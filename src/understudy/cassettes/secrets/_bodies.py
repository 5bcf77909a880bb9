"""Bodies without secrets; those that hold none come back as the very bytes they were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ._frames import is_frames, with_clean_payloads
from ._split import without_split_secrets

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Collection

    from ._texts import SecretFinder

#: Bytes that are no UTF-8 come back as they were.
_AS_IT_IS: Final = "surrogateescape"


def clean_body(
    finder: SecretFinder,
    body: bytes,
    content_type: str = "",
    *,
    known: Collection[str] = (),
    found: Counter[str] | None = None,
    streamed: bool = False,
) -> bytes:
    """Return a decoded body without secrets.

    The number and the order of a stream's events stay: no replacement holds a line end. With
    `streamed`, a secret that came in the pieces of several events is found too.
    """
    if not body:
        return body
    if is_frames(body):
        return with_clean_payloads(
            body, lambda payload: clean_body(finder, payload, known=known, found=found)
        )
    text = body.decode("utf-8", _AS_IT_IS)
    clean = text
    if streamed:
        # First: of a key in pieces the others would take what looks whole, and leave the rest.
        clean = without_split_secrets(clean, lambda joined: finder.in_json(joined, known), found)
    clean = finder.without(clean, finder.in_body(clean, content_type, known), found)
    return body if clean == text else clean.encode("utf-8", _AS_IT_IS)
