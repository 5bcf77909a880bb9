"""Secrets that are known by the name they stand under, found in the text of a body.

Nothing is parsed and written again: a body keeps every byte but those of the secrets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_plus

from ...redaction import (
    REDACTED,
    Span,
    is_chosen_by_people,
    is_secret_key,
    is_secret_parameter,
    looks_real,
    words_of_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

JSON_KEY: Final = "JSON key"
FORM_FIELD: Final = "form field"
XML_ELEMENT: Final = "XML element"

#: How a name ends that may be a secret's.
_ENDS: Final = (
    "key",
    "token",
    "secret",
    "passwd",
    "password",
    "pwd",
    "passphrase",
    "authorization",
    "cookie",
    "cookies",
    "credential",
    "credentials",
    "jwt",
    "assertion",
    "string",
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


@dataclass(frozen=True, slots=True)
class SecretNames:
    """What is secret by its name; `more` and `keep` hold names in snake case."""

    more: frozenset[str] = frozenset()
    keep: frozenset[str] = frozenset()

    def has_key(self, name: str) -> bool:
        """Tell whether the text under a JSON key is a secret."""
        words = words_of_name(name)
        return words in self.more or (words not in self.keep and is_secret_key(name))

    def has_parameter(self, name: str) -> bool:
        """Tell whether the value of a query's parameter or a form's field is a secret."""
        words = words_of_name(name)
        return words in self.more or (words not in self.keep and is_secret_parameter(name))


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
            name, depth = _name_before(text, match.start(1)), len(match[1]) - 1
            end = _closing_quote(text, match.end(), depth) if self._names.has_key(name) else None
            if end is not None and self._is_secret(name, text[match.end() : end], depth):
                yield Span(match.end(), end, JSON_KEY)

    def _is_secret(self, name: str, value: str, depth: int) -> bool:
        """Leave the words alone that a model makes up: the next request depends on them."""
        if value in {"", REDACTED}:
            return False
        if words_of_name(name) in self._names.more:
            return True
        return looks_real(value) if depth or is_chosen_by_people(name) else True


def form_secrets(text: str, names: SecretNames) -> Iterator[Span]:
    """Yield the values of secret fields of a urlencoded form."""
    for match in _FIELD.finditer(text):
        if match["value"] != REDACTED and names.has_parameter(unquote_plus(match["name"])):
            yield Span(*match.span("value"), FORM_FIELD)


def part_secrets(text: str, names: SecretNames) -> Iterator[Span]:
    """Yield the contents of secret parts of a multipart body."""
    return _named(_PART, text, names, FORM_FIELD)


def element_secrets(text: str, names: SecretNames) -> Iterator[Span]:
    """Yield the texts of secret elements of XML, which AWS's token service answers."""
    if not any(mark in text for mark in _XML_MARKS):
        return iter(())
    return _named(_ELEMENT, text, names, XML_ELEMENT)


def _named(pattern: re.Pattern[str], text: str, names: SecretNames, kind: str) -> Iterator[Span]:
    for match in pattern.finditer(text):
        if match["value"] not in {"", REDACTED} and names.has_key(match["name"]):
            yield Span(*match.span("value"), kind)


def _name_before(text: str, end: int) -> str:
    """Return the whole name, of which the pattern saw the end."""
    name = _NAME.search(text[max(0, end - _LONGEST_NAME) : end])
    return name[0] if name else ""


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
