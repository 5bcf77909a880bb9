"""What a real secret looks like, and where its value stands in a text, however it is written."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus

from ._spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

#: The kind of a secret that is known by its value.
KNOWN_VALUE: Final = "value of a secret in use"
#: A shorter word may stand in any text by chance.
SHORTEST: Final = 8
_LONG: Final = 20
#: What is left of a real key without the words of stand-ins (`your-api-key`, `test-token-1`).
_LEAST_OWN: Final = 6
_WORDS_OF_STAND_INS: Final = re.compile(
    r"tests?|testing|dummy|fake|example|placeholder|change|redacted|filtered|your|mock|sample|secret"
    r"|api|key|token|password|credentials?|understudy|unused|invalid|none|null|undefined|value|here"
    r"|openai|anthropic|azure|google|gemini|not|real|my|the|sk|me|x{3,}|\*+|[^a-z0-9]+",
    re.IGNORECASE,
)
_PASSWORDS_OF_MANUALS: Final = frozenset(
    {"pass", "passwd", "pw", "pwd", "admin", "root", "guest", "postgres", "changeme", "user"}
)
#: Paths, addresses, names of hosts and files, and what Amazon calls its things.
_PLACE: Final = re.compile(
    r"^(?:[~.]|/(?![A-Za-z0-9+/]{39}={0,2}\Z)|[A-Za-z]:\\|arn:|\w[\w.-]*\.[a-z]{2,8}(?::\d+)?\Z)|://"
)
_UUID: Final = re.compile(r"(?i)\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b")
_AWS_SECRET: Final = re.compile(r"(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9+/]{40}\Z")
_LICENSE: Final = re.compile(r"(?:\w{4,}-){3,}\w{4,}\Z")  # AB12-CD34-EF56-GH78
_HEX: Final = re.compile(r"(?i)(?<![0-9a-z])(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{32,}(?![0-9a-z])")
_SEGMENT: Final = re.compile(r"[A-Za-z0-9]+")
_CAMEL: Final = re.compile(r"[A-Z]?[a-z]{4,}|[A-Z]{4,}")
_DATE: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?:[01]\d(?:[0-3]\d)?)?(?!\d)")
_NO_WORD: Final = re.compile(r"(?i)[bcdfghjklmnpqrstvwxz]{6}|^[^aeiouy]+$")
_KINDS: Final = (str.isdigit, str.isupper, str.islower)
_SYMBOL: Final = re.compile(r"[!@#$%^&*+=?~()<>{}\[\]|;,]")
_NO_WORDS: Final = re.compile(
    r"(?=\D*\d)(?=[^a-z]*[a-z])(?!.*[a-z]{3})[a-z0-9]{2,7}\Z", re.IGNORECASE
)
_TOO_LONG: Final = 16
_LEAST_OF_EACH: Final = 2
_LEAST_CHANGES: Final = 3
_BLOB: Final = "A-Za-z0-9+/_-"
_URL_SAFE: Final = re.compile(r"[A-Za-z0-9_-]+\Z")
#: The words of camel case, and numbers: letters that were drawn change sort more often.
_TOKEN: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_LONGEST_TOKEN: Final = 2.75
_NUMBERS_IN_WORDS: Final = 5
_LEAST_CORE: Final = 10


def may_be_real(value: str) -> bool:
    """Tell whether a value that stands where keys stand may be one: no stand-in, no path."""
    if len(value) < SHORTEST or any(letter.isspace() for letter in value):
        return False
    if _PLACE.search(value) or len(_WORDS_OF_STAND_INS.sub("", value)) < _LEAST_OWN:
        return False
    has_letter = any(letter.isalpha() for letter in value)
    return has_letter and (len(value) >= _LONG or any(letter.isdigit() for letter in value))


def is_stand_in(word: str) -> bool:
    """Tell a word that stands where a password belongs, in every manual."""
    return not _WORDS_OF_STAND_INS.sub("", word) or word.lower() in _PASSWORDS_OF_MANUALS


@lru_cache(maxsize=1024)
def looks_random(value: str) -> bool:
    """Tell whether a value was drawn and not written: no words, versions, dates or counts."""
    if _UUID.search(value) or _HEX.search(value) or _AWS_SECRET.match(value):
        return True
    segments = _SEGMENT.findall(value)
    own = [_without_words(each) for each in segments]
    if any(map(_is_drawn, own)) or any(map(_is_riddled, segments)):
        return True
    return bool(_LICENSE.match("-".join(filter(_is_mixed, own)))) or _is_base64(value, "".join(own))


def is_passphrase(value: str) -> bool:
    """Tell whether a value is what people make up when letters, digits and signs are asked for."""
    kinds = [any(map(kind, value)) for kind in _KINDS]
    is_word = len(value) >= SHORTEST and not any(letter.isspace() for letter in value)
    return is_word and all(kinds) and _SYMBOL.search(value) is not None


def is_no_word(value: str) -> bool:
    """Tell a short value of letters and digits in which no word stands: `z9`."""
    return _NO_WORDS.match(value) is not None


def values_in(text: str, values: Iterable[str], *, echoed: Iterable[str] = ()) -> list[Span]:
    """Return where `values` stand in `text`, as they are and as a URL quotes them.

    Those of `echoed` are looked for in base64 as well: then all of the base64 is the secret.
    """
    found = [
        Span(match.start(), match.end(), KNOWN_VALUE)
        for value in (*values, *echoed)
        for form in _forms(value)
        if form in text
        for match in re.finditer(re.escape(form), text)
    ]
    for core in (core for value in echoed for core in _in_base64(value) if core in text):
        whole = re.compile(rf"[{_BLOB}]*{re.escape(core)}[{_BLOB}]*=*")
        found += [Span(*match.span(), KNOWN_VALUE) for match in whole.finditer(text)]
    return found


@lru_cache(maxsize=256)
def _forms(value: str) -> tuple[str, ...]:
    quoted = quote(value, safe="")
    lower = re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), quoted)
    return tuple(dict.fromkeys((value, quoted, lower, quote_plus(value, safe=""), quote(value))))


@lru_cache(maxsize=256)
def _in_base64(value: str) -> tuple[str, ...]:
    """Return what base64 makes of a value, wherever it begins in the text that was encoded."""
    cores = []
    for shift in range(3):
        encoded = b64encode(b"\0" * shift + value.encode("utf-8", "surrogateescape")).decode()
        # The first and the last letters depend on what stands around the value.
        core = encoded[-(-shift * 4 // 3) :].rstrip("=")[: -1 if "=" in encoded else None]
        cores += [core, core.replace("+", "-").replace("/", "_")]
    return tuple(core for core in dict.fromkeys(cores) if len(core) >= _LEAST_CORE)


def _is_riddled(segment: str) -> bool:
    """Tell whether numbers stand within a long run of letters too often to be chosen."""
    return (
        len(segment) >= _LONG and len(re.findall(r"\d(?=\D)|\D(?=\d)", segment)) > _NUMBERS_IN_WORDS
    )


def _is_base64(value: str, own: str) -> bool:
    """Tell whether a value is base64 whose hyphens only look like those between words.

    `own` is what is no word in it, all together: most of the value, in a quick change of sorts.
    """
    least, share = (12, 0.66) if any(map(str.isdigit, own)) else (15, 0.8)
    if len(own) < max(least, share * len(value)) or own.isupper() or own.islower():
        return False
    is_quick = len(own) <= _LONGEST_TOKEN * len(_TOKEN.findall(own))
    return is_quick and _URL_SAFE.match(value) is not None


def _without_words(segment: str) -> str:
    def left(match: re.Match[str]) -> str:
        return match[0] if _NO_WORD.search(match[0]) else ""

    return _CAMEL.sub(left, _DATE.sub("", segment))


def _is_mixed(segment: str) -> bool:
    return any(map(str.isdigit, segment)) and any(map(str.isalpha, segment))


def _is_drawn(own: str) -> bool:
    """Tell whether what is no word of a run of letters and digits is too much to be a version."""
    digits = sum(map(str.isdigit, own))
    if len(own) >= _TOO_LONG:
        return digits < len(own) and len(set(own)) > 1  # no `xxxxxxxxxxxxxxxx`
    kinds = [next(at for at, kind in enumerate(_KINDS) if kind(each)) for each in own]
    changes = sum(one != other for one, other in pairwise(kinds))
    is_even = min(digits, len(own) - digits) >= _LEAST_OF_EACH
    return len(own) >= SHORTEST and is_even and changes >= _LEAST_CHANGES
