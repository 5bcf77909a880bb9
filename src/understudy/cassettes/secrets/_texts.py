"""Finds the secrets in one text, by all rules at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...errors import CassetteError
from ...redaction import REDACTED, Span, keys_in, values_in, without_spans
from ._pairs import JsonSecrets, SecretNames, element_secrets, form_secrets, part_secrets

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ._rules import RedactionRules

USER_PATTERN: Final = "pattern of yours"
USER_REDACTOR: Final = "redactor of yours"
_FORM_TYPE: Final = "x-www-form-urlencoded"


class SecretFinder:
    """All rules. `values` are secrets in use, each with the name of where it comes from."""

    def __init__(self, rules: RedactionRules, values: Mapping[str, str]) -> None:
        self.names = SecretNames(more=rules.keys, keep=rules.keep)
        self.values = tuple(values)
        self._json = JsonSecrets(self.names)
        self._patterns = rules.patterns
        self._redactors = rules.redactors

    def in_text(self, text: str, known: Iterable[str] = ()) -> Iterator[Span]:
        """Yield what is a secret wherever it stands; `known` are further secrets in use."""
        yield from keys_in(text)
        yield from values_in(text, (*self.values, *known))
        for pattern in self._patterns:
            for match in pattern.finditer(text):
                span = match.span(1) if pattern.groups and match.start(1) >= 0 else match.span()
                if match[0] and text[slice(*span)] != REDACTED:
                    yield Span(*span, USER_PATTERN)

    def in_json(self, text: str, known: Iterable[str] = ()) -> Iterator[Span]:
        """Yield the secrets of a text that may hold JSON: a body, an event, many of them."""
        yield from self._json.spans(text)
        yield from self.in_text(text, known)

    def in_body(self, text: str, content_type: str, known: Iterable[str] = ()) -> Iterator[Span]:
        """Yield the secrets of a body."""
        yield from self.in_json(text, known)
        if "<" in text:
            yield from element_secrets(text, self.names)
        if "multipart/" in content_type or text.startswith("--"):
            yield from part_secrets(text, self.names)
        if _FORM_TYPE in content_type or _looks_like_a_form(text):
            yield from form_secrets(text, self.names)

    def by_redactors(self, text: str, found: Counter[str] | None = None) -> str:
        """Return a text as the user's own redactors leave it.

        Raises:
            CassetteError: one of them failed.
        """
        for redact in self._redactors:
            clean = _redacted(redact, text)
            if clean != text and found is not None:
                found[USER_REDACTOR] += 1
            text = clean
        return text

    def without(self, text: str, spans: Iterable[Span], found: Counter[str] | None = None) -> str:
        """Return a text without `spans`, and without what the user's own redactors know."""
        text = without_spans(text, spans, found)
        return self.by_redactors(text, found) if self._redactors else text


def _redacted(redact: Callable[[str], str], text: str) -> str:
    """Call a redactor of the user's; says which one failed, not on what."""
    try:
        clean = redact(text)
    except Exception as error:  # noqa: BLE001 - the user's code may raise anything
        why = type(error).__name__
    else:
        if isinstance(clean, str):
            return clean
        why = f"it returned {type(clean).__name__}, no text"
    name = f"{redact.__module__}:{redact.__qualname__}"
    msg = f"the redactor {name!r} failed ({why}). Mend it: nothing is recorded or played meanwhile."
    raise CassetteError(msg)


def _looks_like_a_form(text: str) -> bool:
    """Tell a form whose content type was not kept."""
    start = text[:200]
    return "=" in start and not any(mark in start for mark in '{<" \n')
