"""Finds the secrets in one text, by all rules at once; takes those of an address out of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_plus

from ...errors import CassetteError
from ...redaction import (
    REDACTED,
    Span,
    is_chosen_by_people,
    is_key,
    is_no_word,
    is_passphrase,
    is_secret_key,
    is_secret_parameter,
    keys_in,
    looks_real,
    may_be_real,
    may_be_secret_key,
    may_be_secret_parameter,
    values_in,
    without_spans,
    words_of_name,
)
from ._escapes import unescaped

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ._rules import RedactionRules

USER_PATTERN: Final = "pattern of yours"
USER_REDACTOR: Final = "redactor of yours"
JSON_KEY: Final = "JSON key"
FORM_FIELD: Final = "form field"
XML_ELEMENT: Final = "XML element"
QUERY_PARAMETER: Final = "query parameter"
URL_PASSWORD: Final = "password in a URL"  # noqa: S105 - a kind
_USER: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,20}://)[^/?#@\s]*@")
#: How a name ends that may be a secret's.
_ENDS: Final = (
    *("key", "token", "secret", "passwd", "password", "pwd", "passphrase", "authorization"),
    *("cookie", "cookies", "credential", "credentials", "jwt", "assertion", "string"),
)
_NAME: Final = re.compile(r"[\w.-]+\Z")
_LONGEST_NAME: Final = 80
_PART: Final = re.compile(
    r'name="(?P<name>[^"\r\n]{1,80})"[^\r\n]*(?:\r?\n[^\r\n]+)*\r?\n\r?\n(?P<value>.*?)(?=\r?\n--)',
    re.DOTALL,
)
_ELEMENT: Final = re.compile(r"<(?P<name>\w{1,80})>(?P<value>[^<>]+)</")
_FIELD: Final = re.compile(r"(?:^|(?<=&))(?P<name>[^=&\s]{1,80})=(?P<value>[^&\s]+)")
_XML_MARKS: Final = ("Secret", "Token>", "Password")


class SecretFinder:
    """All rules. `values` are secrets in use, each with the name of where it comes from.

    With `by_name`, what stands under the name of a secret is one whatever it looks like: so
    requests are compared, which then are the same with a key and with a stand-in for it.
    """

    def __init__(
        self, rules: RedactionRules, values: Mapping[str, str], *, by_name: bool = False
    ) -> None:
        self.names = SecretNames(more=rules.keys, keep=rules.keep, by_name=by_name)
        self.values = tuple(values)
        self._json = JsonSecrets(self.names)
        self._patterns = rules.patterns
        self._redactors = rules.redactors

    def in_text(self, text: str, known: Iterable[str] = ()) -> Iterator[Span]:
        """Yield what is a secret wherever it stands; `known` are further secrets in use.

        Escapes do not hide it; `known` are not hidden by base64 either.
        """
        yield from self._in_plain_text(text, known)
        plain = unescaped(text)
        if plain is not None:
            yield from plain.original(self._in_plain_text(plain.text, known))

    def _in_plain_text(self, text: str, known: Iterable[str]) -> Iterator[Span]:
        yield from keys_in(text)
        yield from values_in(text, self.values, echoed=known)
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
        """Yield the secrets of a body; what stands under a secret's name is one elsewhere too."""
        yield from self.in_text(text, known)
        named = list(self.under_names(text, content_type))
        yield from named
        yield from values_in(text, (), echoed=values_of(named, text))

    def under_names(self, text: str, content_type: str) -> Iterator[Span]:
        """Yield what stands under the name of a secret: in JSON, XML, parts and forms."""
        yield from self._json.spans(text)
        # XML is what AWS's token service answers.
        if any(mark in text for mark in _XML_MARKS):
            yield from self._named(_ELEMENT, text, XML_ELEMENT)
        if "multipart/" in content_type or text.startswith("--"):
            yield from self._named(_PART, text, FORM_FIELD)
        if "x-www-form-urlencoded" in content_type or _looks_like_a_form(text):
            for match in _FIELD.finditer(text):
                if self.names.is_secret_field(match["name"], match["value"]):
                    yield Span(*match.span("value"), FORM_FIELD)

    def _named(self, pattern: re.Pattern[str], text: str, kind: str) -> Iterator[Span]:
        for match in pattern.finditer(text):
            if self.names.is_secret(match["name"], match["value"]):
                yield Span(*match.span("value"), kind)

    def without(self, text: str, spans: Iterable[Span], found: Counter[str] | None = None) -> str:
        """Return a text without `spans`, and without what the user's own redactors know.

        Raises:
            CassetteError: one of them failed.
        """
        text = without_spans(text, spans, found)
        for redact in self._redactors:
            clean = _redacted(redact, text)
            if clean != text and found is not None:
                found[USER_REDACTOR] += 1
            text = clean
        return text


def values_of(named: Iterable[Span], text: str) -> set[str]:
    """Return what stands in `text` under names of secrets, and is no word of every text."""
    written = [text[start:end] for start, end, _ in named]
    meant = [unquote_plus(each).replace("\\/", "/") for each in written]
    behind_schemes = [each.rpartition(" ")[2] for each in written]
    return set(filter(may_be_real, (*written, *meant, *behind_schemes)))


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


@dataclass(frozen=True, slots=True)
class SecretNames:
    """What is secret by its name; `more` and `keep` hold names in snake case."""

    more: frozenset[str] = frozenset()
    keep: frozenset[str] = frozenset()
    by_name: bool = False

    def has_key(self, name: str) -> bool:
        """Tell whether a JSON key is named like one with a secret under it, if it was drawn."""
        return self._has(name, may_be_secret_key)

    def is_secret(self, name: str, value: str, *, inner: bool = False) -> bool:
        """Tell whether the text under a JSON key is a secret: it was drawn, or has a key's shape.

        With `inner`, it stands in JSON within JSON: what a model made up, on which the next
        request depends, and which no stand-in of a key is.
        """
        if value in {"", REDACTED} or not self.has_key(name):
            return False
        is_named = self.by_name and not inner and is_secret_key(name)
        if words_of_name(name) in self.more or is_named:
            return True
        is_made_up = is_chosen_by_people(name) and is_passphrase(value)
        is_short = is_key(name) and not inner and is_no_word(value)
        return is_made_up or is_short or any(map(looks_real, value.split()))

    def is_secret_field(self, name: str, value: str) -> bool:
        """Tell whether the value of a query's parameter or a form's field is a secret."""
        name = unquote_plus(name)
        if value == REDACTED or words_of_name(name) in self.keep:
            return False
        if self.has_parameter(name) and (self.by_name or words_of_name(name) in self.more):
            return True
        plain = unquote_plus(value)
        if self._has(name, may_be_secret_parameter) and looks_real(plain):
            return True
        return self.has_parameter(name) and is_chosen_by_people(name) and may_be_real(plain)

    def has_parameter(self, name: str) -> bool:
        """Tell whether a query's parameter or a form's field is named like a secret."""
        return self._has(name, is_secret_parameter)

    def _has(self, name: str, is_secret: Callable[[str], bool]) -> bool:
        words = words_of_name(name)
        return words in self.more or (words not in self.keep and is_secret(name))


class JsonSecrets:
    """Finds the texts under secret keys of JSON, of JSON within JSON too."""

    def __init__(self, names: SecretNames) -> None:
        self._names = names
        ends = (*_ENDS, *(name.rpartition("_")[2] for name in sorted(names.more)))
        # The name is looked up in a set later; a text without any of these holds none.
        self._markers = tuple(f"{end}{quote}" for end in ends for quote in ('"', "\\"))
        self._pair = re.compile(rf'(?i:{"|".join(map(re.escape, ends))})(\\*")\s*:\s*\1')

    def spans(self, text: str) -> Iterator[Span]:
        """Yield where they stand."""
        lowered = text.lower()
        if not [marker for marker in self._markers if marker in lowered]:
            return
        for match in self._pair.finditer(text):
            # The whole name, of which the pattern saw the end.
            whole = _NAME.search(text[max(0, match.start(1) - _LONGEST_NAME) : match.start(1)])
            name, depth = whole[0] if whole else "", len(match[1]) - 1
            end = _closing_quote(text, match.end(), depth) if self._names.has_key(name) else None
            if end is None:
                continue
            if self._names.is_secret(name, text[match.end() : end], inner=depth > 0):
                yield Span(match.end(), end, JSON_KEY)


def _closing_quote(text: str, start: int, depth: int) -> int | None:
    r"""Return where a value ends: at a quote that as many backslashes escape as the opening one.

    A backslash within the value is written as 2 (`depth` + 1) of them.
    """
    at = text.find('"', start)
    while at >= 0:
        before = text[start:at]
        backslashes = len(before) - len(before.rstrip("\\"))
        if backslashes >= depth and (backslashes - depth) % (2 * (depth + 1)) == 0:
            return at - depth
        at = text.find('"', at + 1)
    return None


def without_secret_parameters(
    url: str, names: SecretNames, found: Counter[str] | None = None
) -> str:
    """Return `url` without its user and the secret parameters of its query; the rest stays.

    They are removed and not replaced, as vcrpy's `filter_query_parameters` does it: a client may
    take the address apart again, and a placeholder in brackets is no host.
    """
    user = _USER.match(url) if "@" in url else None
    if user is not None:
        url = user[1] + url[user.end() :]
        if found is not None:
            found[URL_PASSWORD] += 1
    whole, hash_mark, fragment = url.partition("#")
    address, _, query = whole.partition("?")
    kept, kept_fragment = _kept(query, names, found), _kept(fragment, names, found)
    if (kept, kept_fragment) == (query, fragment):
        return url
    hash_mark = hash_mark if kept_fragment else ""
    return address + ("?" if kept else "") + kept + hash_mark + kept_fragment


def _kept(query: str, names: SecretNames, found: Counter[str] | None) -> str:
    """Return the fields of a query, or of a fragment that is like one, that are no secrets."""
    fields = query.split("&")
    kept = [each for each in fields if not _is_dropped(each, names)]
    if found is not None and len(kept) < len(fields):
        found[QUERY_PARAMETER] += len(fields) - len(kept)
    return "&".join(kept)


def _is_dropped(field: str, names: SecretNames) -> bool:
    name, equals, value = field.partition("=")
    return names.has_parameter(unquote_plus(name)) or (
        bool(equals) and names.is_secret_field(name, value)
    )
