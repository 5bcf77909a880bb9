"""Secrets that only the parts of an interaction tell: by their place, or put together."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

from ...redaction import looks_real
from ..secrets import OTHER_HEADER, kind_of_header, plain_body, without_split_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .._interaction import Headers, Interaction
    from ..secrets import SecretsRedactor

_BETWEEN_WORDS: Final = re.compile(r"[\s;,]+|(?<=[a-zA-Z])=")


def secrets_around(recorded: Interaction, redactor: SecretsRedactor) -> Iterator[str]:
    """Yield the kind of each secret in the headers and the query; stand-ins are none."""
    yield from _in_headers(recorded.request.headers)
    yield from _in_headers(recorded.response.headers)
    yield from _in_pieces(recorded, redactor)
    for name, value in parse_qsl(urlsplit(recorded.request.url).query):
        if redactor.finder.names.has_parameter(name) and looks_real(value):
            yield f"query parameter {name}"


def _in_pieces(recorded: Interaction, redactor: SecretsRedactor) -> Iterator[str]:
    """Yield the kinds of secrets in the pieces of a stream, which no search of the file finds."""
    found: Counter[str] = Counter()
    body = (plain_body(recorded.response) or b"").decode("utf-8", "replace")
    without_split_secrets(body, redactor.finder.in_json, found)
    yield from (f"{kind}, in pieces of a stream" for kind in found)


def _in_headers(headers: Headers) -> Iterator[str]:
    for name, value in headers:
        kind = kind_of_header(name)
        if kind != OTHER_HEADER and any(map(looks_real, _BETWEEN_WORDS.split(value))):
            yield kind
