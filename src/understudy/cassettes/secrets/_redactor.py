"""Takes secrets out of what is recorded, before it touches the disk."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ...redaction import REDACTED, SECRET_HEADERS, looks_real, secret_values
from ...wire import decoded_body
from .._interaction import Interaction
from ._bodies import clean_body
from ._finder import JSON_KEY, SecretFinder, without_secret_parameters
from ._headers import AllowedHeaders
from ._rules import RedactionRules

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Collection

    from .._interaction import Headers, RecordedError, RecordedRequest, RecordedResponse

#: Changes where the built-in rules do: what was indexed by older ones is indexed anew.
_VERSION: Final = 1
_ENCODING: Final = "content-encoding"


class SecretsRedactor:
    """Keeps the allowed headers, and takes secrets out of everything else.

    Args:
        rules: what counts as a secret, besides what everybody knows.
        environment: whose secrets in use are found by their very value.

    The same secret always becomes the same placeholder, and what is redacted already comes out
    unchanged: a live request and a stored one that differ in secrets only are the same. Never
    raises, unless a redactor of the user's does. Threads may share one.
    """

    def __init__(
        self,
        rules: RedactionRules | None = None,
        *,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.rules = rules or RedactionRules()
        self.values = secret_values(environment or {})
        self.finder = SecretFinder(self.rules, self.values)
        self._request_headers = AllowedHeaders(self.rules.request_headers)
        self._response_headers = AllowedHeaders(self.rules.response_headers)

    @property
    def fingerprint(self) -> str:
        """A text that changes whenever `request` would redact otherwise."""
        rules = self.rules
        parts = (
            _VERSION,
            rules.request_headers,
            sorted(rules.keys),
            sorted(rules.keep),
            [pattern.pattern for pattern in rules.patterns],
            [f"{each.__module__}.{each.__qualname__}" for each in rules.redactors],
            sorted(self.values),
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    def request(
        self, request: RecordedRequest, found: Counter[str] | None = None
    ) -> RecordedRequest:
        """Return a request as it is kept and compared; counts in `found` what it took out."""
        known = _sent_secrets(request)
        return replace(
            request,
            url=self.url(request.url, known, found),
            headers=self._headers(request, self._request_headers, known, found),
            body=self._body(request, known, found),
            extra=self._plain(request.extra, known, found),
        )

    def recorded(self, recorded: Interaction, found: Counter[str] | None = None) -> Interaction:
        """Return an interaction as it is kept."""
        known = _sent_secrets(recorded.request)
        return Interaction(
            self.request(recorded.request, found), self.response(recorded.response, known, found)
        )

    def response(
        self,
        response: RecordedResponse,
        known: Collection[str] = (),
        found: Counter[str] | None = None,
    ) -> RecordedResponse:
        """Return a response as it is kept; `known` are secrets that its request held."""
        return replace(
            response,
            headers=self._headers(response, self._response_headers, known, found),
            body=self._body(response, known, found, streamed=_is_stream(response)),
            error=self._error(response.error, known, found),
            view=self._plain(response.view, known, found),
            extra=self._plain(response.extra, known, found),
        )

    def url(self, url: str, known: Collection[str] = (), found: Counter[str] | None = None) -> str:
        """Return an address without the secret parameters of its query."""
        return self.text(without_secret_parameters(url, self.finder.names, found), known, found)

    def text(
        self, text: str, known: Collection[str] = (), found: Counter[str] | None = None
    ) -> str:
        """Return any text without secrets."""
        return self.finder.without(text, self.finder.in_text(text, known), found)

    def _headers(
        self,
        message: RecordedRequest | RecordedResponse,
        allowed: AllowedHeaders,
        known: Collection[str],
        found: Counter[str] | None,
    ) -> Headers:
        def clean(value: str) -> str:
            return self._value(value, known, found)

        kept = allowed.of(message.headers, clean, found)
        if plain_body(message) is None:
            kept += tuple(pair for pair in message.headers if pair[0].lower() == _ENCODING)
        return kept

    def _body(
        self,
        message: RecordedRequest | RecordedResponse,
        known: Collection[str],
        found: Counter[str] | None,
        *,
        streamed: bool = False,
    ) -> bytes:
        plain = plain_body(message)
        if plain is None:
            return message.body
        kind = message.header("content-type") or ""
        return clean_body(self.finder, plain, kind, known=known, found=found, streamed=streamed)

    def _error(
        self, error: RecordedError | None, known: Collection[str], found: Counter[str] | None
    ) -> RecordedError | None:
        return None if error is None else replace(error, text=self.text(error.text, known, found))

    def _value(self, value: str, known: Collection[str], found: Counter[str] | None) -> str:
        """Return a text that may be an address."""
        is_address = value.startswith(("http", "/"))
        return self.url(value, known, found) if is_address else self.text(value, known, found)

    def _plain(self, value: Any, known: Collection[str], found: Counter[str] | None) -> Any:
        """Return plain data with clean texts, those under secret keys replaced whole."""
        if isinstance(value, str):
            return self._value(value, known, found)
        if isinstance(value, list | tuple):
            return [self._plain(each, known, found) for each in value]
        if isinstance(value, Mapping):
            return {key: self._named(key, each, known, found) for key, each in value.items()}
        return value

    def _named(
        self, key: Any, value: Any, known: Collection[str], found: Counter[str] | None
    ) -> Any:
        secret = isinstance(value, str) and value not in {"", REDACTED}
        if not (secret and isinstance(key, str) and self.finder.names.has_key(key)):
            return self._plain(value, known, found)
        if found is not None:
            found[JSON_KEY] += 1
        return REDACTED


def plain_body(message: RecordedRequest | RecordedResponse) -> bytes | None:
    """Return a body without its content-encoding; None where nothing installed can undo it."""
    encoding = message.header(_ENCODING)
    plain = decoded_body({} if encoding is None else {_ENCODING: encoding}, message.body)
    return None if message.body and not plain else plain


def _sent_secrets(request: RecordedRequest) -> tuple[str, ...]:
    """Return the secrets that a request carries in its headers, to be found elsewhere too."""
    values = [value for name, value in request.headers if name.lower() in SECRET_HEADERS]
    words = [word for value in values for word in (value, value.rpartition(" ")[2])]
    return tuple(dict.fromkeys(word for word in words if looks_real(word)))


def _is_stream(response: RecordedResponse) -> bool:
    kind = response.header("content-type") or ""
    return (
        "stream" in kind
        or "ndjson" in kind
        or response.body.startswith((b"data:", b"event:", b"[{"))
    )
