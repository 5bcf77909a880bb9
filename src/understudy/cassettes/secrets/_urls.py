"""Addresses without the secrets in their queries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_plus

if TYPE_CHECKING:
    from collections import Counter

    from ._pairs import SecretNames

QUERY_PARAMETER: Final = "query parameter"
URL_PASSWORD: Final = "password in a URL"  # noqa: S105 - a kind
_USER: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,20}://)[^/?#@\s]*@")


def without_secret_parameters(
    url: str, names: SecretNames, found: Counter[str] | None = None
) -> str:
    """Return `url` without its user and the secret parameters of its query; the rest stays.

    They are removed and not replaced, as vcrpy's `filter_query_parameters` does it: a client may
    take the address apart again, and a placeholder in brackets is no host.
    """
    url = _without_user(url, found)
    address, mark, rest = url.partition("?")
    if not mark:
        return url
    query, hash_mark, fragment = rest.partition("#")
    fields = query.split("&")
    kept = [
        each for each in fields if not names.has_parameter(unquote_plus(each.partition("=")[0]))
    ]
    if len(kept) == len(fields):
        return url
    if found is not None:
        found[QUERY_PARAMETER] += len(fields) - len(kept)
    return address + ("?" if kept else "") + "&".join(kept) + hash_mark + fragment


def _without_user(url: str, found: Counter[str] | None) -> str:
    user = _USER.match(url) if "@" in url else None
    if user is None:
        return url
    if found is not None:
        found[URL_PASSWORD] += 1
    return user[1] + url[user.end() :]
