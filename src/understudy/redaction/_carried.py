"""The secrets that a request itself carries, and messages without them."""

from __future__ import annotations

import re
from base64 import b64decode
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from ._names import (
    SECRET_HEADERS,
    is_harmless_header,
    is_secret_header,
    is_secret_key,
    is_secret_parameter,
    may_be_secret_parameter,
)
from ._shapes import keys_in, looks_real
from ._spans import REDACTED, without_spans
from ._values import SHORTEST, may_be_real, values_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: Looser than the shapes of keys: in a message, a word too much does no harm.
_LOOSE: Final = re.compile(
    r"\b(?:sk|pk|rk)-[\w-]{8,}[\w*]*|\b(?:xai|gsk|hf|r8|csk|pplx|fw|tgp)[_-][\w-]{12,}"
    r"|(?<=[Bb]earer\s)[\w.~+/-]{8,}=*"
)
#: What schemes of authorization, cookies and JSON list: `token="…"`, `session=…`, `"api_key": "…"`.
_LISTED: Final = re.compile(r"([\w-]+)\"?\s*[=:]\s*\"?([^\",;\s]+)\"?")
_MAY_HOLD_SECRETS: Final = re.compile("[@?#]")
_SCOPE: Final = re.compile(r"/\d{8}/")


def carried_secrets(url: str, headers: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the secrets of a request, to be found wherever else they stand.

    They are the key in its headers, whatever the scheme, cookies, what other headers hold that
    was drawn, and the secret parameters of the address, with its user's password.
    """
    found = list(_in_address(url)) if _MAY_HOLD_SECRETS.search(url) else []
    for name, value in headers:
        if len(value) >= SHORTEST:
            found += _in_header(name.lower(), value)
    return tuple(dict.fromkeys(found))


def redacted(text: str, headers: Mapping[str, str] | None = None, *, url: str = "") -> str:
    """Return a message without keys, and without the secrets that its request held."""
    sent = headers or {}
    carried = carried_secrets(url, sent.items())
    text = without_spans(text, values_in(text, (), echoed=carried))
    for value in (sent.get(name, "").strip() for name in SECRET_HEADERS):
        for secret in (value, value.rpartition(" ")[2]):
            text = text.replace(secret, REDACTED) if len(secret) >= SHORTEST else text
    return _LOOSE.sub(REDACTED, without_spans(text, keys_in(text, judged=False)))


@lru_cache(maxsize=256)
def _in_header(name: str, value: str) -> tuple[str, ...]:
    return tuple(_told(name, value))


def _told(name: str, value: str) -> Iterator[str]:
    if name in SECRET_HEADERS or "authorization" in name:
        yield from filter(may_be_real, (value.strip(), value.rpartition(" ")[2].strip()))
        yield from _basic(value)
        yield from _listed(value)
    elif is_secret_header(name):
        yield from filter(looks_real, (value.strip(), *value.split()))
        yield from _listed(value)
    elif not is_harmless_header(name):
        yield from filter(looks_real, (value.strip(),))
        yield from _listed(value, named=True)


def _listed(value: str, *, named: bool = False) -> Iterator[str]:
    """Yield what a scheme lists: of `Credential=…/20260314/us-east-1/…` the key alone.

    With `named`, only what is called a secret.
    """
    for name, told in _LISTED.findall(value):
        secret = _SCOPE.split(told, maxsplit=1)[0]
        is_named = is_secret_parameter(name)
        if (is_named and may_be_real(secret)) or (not named and looks_real(secret)):
            yield secret


def _basic(value: str) -> Iterator[str]:
    scheme, _, encoded = value.strip().partition(" ")
    if scheme.lower() == "basic":
        try:
            user, colon, password = b64decode(encoded).decode("utf-8", "replace").partition(":")
        except ValueError:
            return
        yield from (word for word in (user, password) if colon and may_be_real(word))


def _in_address(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
        login = (parts.username, parts.password)
    except ValueError:
        return
    yield from (word for each in login if each and may_be_real(word := unquote(each)))
    for field in (*parts.query.split("&"), *parts.fragment.split("&")):
        name, _, value = field.partition("=")
        told = unquote(value)
        judge = may_be_real if is_secret_key(unquote(name)) else looks_real
        if may_be_secret_parameter(unquote(name)) and judge(told):
            yield told
            if told != value:
                yield value
