"""Takes secrets out of what is recorded, before it touches the disk."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from ...redaction import REDACTED, carried_secrets, secret_values
from ...wire import decoded_body
from .._interaction import Headers, Interaction, RecordedRequest, RecordedResponse
from ._bodies import clean_body, text_of
from ._finder import JSON_KEY, SecretFinder, values_of, without_secret_parameters
from ._headers import AllowedHeaders
from ._rules import RedactionRules

if TYPE_CHECKING:
    from collections import Counter


#: Changes where the built-in rules do: what was indexed by older ones is indexed anew.
_VERSION: Final = 3
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
        self._comparing = SecretFinder(self.rules, self.values, by_name=True)
        self._request_headers = AllowedHeaders(self.rules.request_headers)
        self._response_headers = AllowedHeaders(self.rules.response_headers)

    @property
    def fingerprint(self) -> str:
        """A text that changes whenever `compared` would redact otherwise."""
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
        """Return a request as it is kept; counts in `found` what it took out."""
        known = carried_secrets(request.url, request.headers)
        return self._cleaned(request, _Cleaning(self.finder, known, found))

    def compared(self, request: RecordedRequest) -> RecordedRequest:
        """Return a request as it is compared: a stand-in under a key's name equals any key."""
        known = carried_secrets(request.url, request.headers)
        return self._cleaned(request, _Cleaning(self._comparing, known))

    def _cleaned(self, request: RecordedRequest, cleaning: _Cleaning) -> RecordedRequest:
        return replace(
            request,
            url=cleaning.url(request.url),
            headers=cleaning.headers(request, self._request_headers),
            body=cleaning.body(request),
            extra=cleaning.plain(request.extra),
        )

    def recorded(self, recorded: Interaction, found: Counter[str] | None = None) -> Interaction:
        """Return an interaction as it is kept."""
        request = self.request(recorded.request, found)
        known = self._known_of(recorded.request)
        return Interaction(request, self.response(recorded.response, known, found))

    def _known_of(self, request: RecordedRequest) -> tuple[str, ...]:
        """Return the secrets that a request carries, in its body too."""
        kind = request.header("content-type") or ""
        text = text_of(plain_body(request) or b"", kind).text
        named = self.finder.under_names(text, kind)
        carried = carried_secrets(request.url, request.headers)
        return (*carried, *values_of(named, text))

    def response(
        self,
        response: RecordedResponse,
        known: Collection[str] = (),
        found: Counter[str] | None = None,
    ) -> RecordedResponse:
        """Return a response as it is kept; `known` are secrets that its request held."""
        set_cookies = [pair for pair in response.headers if pair[0].lower() == "set-cookie"]
        known = (*known, *carried_secrets("", set_cookies))
        cleaning, error = _Cleaning(self.finder, known, found), response.error
        return replace(
            response,
            headers=cleaning.headers(response, self._response_headers),
            body=cleaning.body(response, streamed=_is_stream(response)),
            error=None if error is None else replace(error, text=cleaning.text(error.text)),
            view=cleaning.plain(response.view),
            extra=cleaning.plain(response.extra),
        )

    def content(self, request: RecordedRequest, text: str) -> str:
        """Return what a request asked, or what its answer said, without secrets."""
        spans = self.finder.in_body(text, "", self._known_of(request))
        return self.finder.without(text, spans)

    def url(self, url: str) -> str:
        """Return an address without the secret parameters of its query."""
        return _Cleaning(self.finder).url(url)

    def text(self, text: str) -> str:
        """Return any text without secrets."""
        return _Cleaning(self.finder).text(text)


@dataclass(frozen=True, slots=True)
class _Cleaning:
    """Takes out what the finder finds and `known` secrets in use; counts it in `found`."""

    finder: SecretFinder
    known: Collection[str] = ()
    found: Counter[str] | None = None

    def text(self, text: str) -> str:
        return self.finder.without(text, self.finder.in_text(text, self.known), self.found)

    def url(self, url: str) -> str:
        return self.text(without_secret_parameters(url, self.finder.names, self.found))

    def headers(
        self, message: RecordedRequest | RecordedResponse, allowed: AllowedHeaders
    ) -> Headers:
        kept = allowed.of(message.headers, self._value, self.found)
        if plain_body(message) is None:
            kept += tuple(pair for pair in message.headers if pair[0].lower() == _ENCODING)
        return kept

    def body(self, message: RecordedRequest | RecordedResponse, *, streamed: bool = False) -> bytes:
        plain, kind = plain_body(message), message.header("content-type") or ""
        if plain is None:
            return message.body
        known, found = self.known, self.found
        return clean_body(self.finder, plain, kind, known=known, found=found, streamed=streamed)

    def plain(self, value: Any) -> Any:
        """Return plain data with clean texts, those under secret keys replaced whole."""
        if isinstance(value, str):
            return self._value(value)
        if isinstance(value, list | tuple):
            return [self.plain(each) for each in value]
        if isinstance(value, Mapping):
            return {key: self._named(key, each) for key, each in value.items()}
        return value

    def _value(self, value: str) -> str:
        """Return a text that may be an address."""
        return self.url(value) if value.startswith(("http", "/")) else self.text(value)

    def _named(self, key: Any, value: Any) -> Any:
        is_text = isinstance(value, str) and isinstance(key, str)
        if not (is_text and self.finder.names.is_secret(key, value)):
            return self.plain(value)
        if self.found is not None:
            self.found[JSON_KEY] += 1
        return REDACTED


def plain_body(message: RecordedRequest | RecordedResponse) -> bytes | None:
    """Return a body without its content-encoding; None where nothing installed can undo it."""
    encoding = message.header(_ENCODING)
    plain = decoded_body({} if encoding is None else {_ENCODING: encoding}, message.body)
    return None if message.body and not plain else plain


def _is_stream(response: RecordedResponse) -> bool:
    kind = response.header("content-type") or ""
    starts = (b"data:", b"event:", b"[{")
    return "stream" in kind or "ndjson" in kind or response.body.startswith(starts)
