"""What counts as a secret here: the built-in rules, and what the user's table adds."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast

from ...errors import SettingsError, UnknownNameError
from ...redaction import words_of_name
from ._headers import REQUEST_HEADERS, RESPONSE_HEADERS

_TABLE: Final = "tool.understudy.cassettes.redaction"


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactionRules:
    """`[tool.understudy.cassettes.redaction]`.

    Headers on neither list are left out; a name that ends in `*` stands for all that begin so.
    `keys` are further secret names of JSON keys, form fields and query parameters, `keep` are
    names that are none after all, both in snake case. `patterns` find secrets in any text; where
    one has a group, the first is the secret. `redactors` take a text and return it without secrets.
    """

    request_headers: tuple[str, ...] = REQUEST_HEADERS
    response_headers: tuple[str, ...] = RESPONSE_HEADERS
    keys: frozenset[str] = frozenset()
    keep: frozenset[str] = frozenset()
    patterns: tuple[re.Pattern[str], ...] = ()
    redactors: tuple[Callable[[str], str], ...] = ()


def read_redaction(table: object, *, where: str) -> RedactionRules:
    """Read the user's table, which adds to the built-in rules; `where` names the file.

    Raises:
        SettingsError: a key is unknown, or its value unusable; names file and key.
    """
    place = f"{where}: [{_TABLE}]"
    if not isinstance(table, Mapping):
        msg = f'{place} is {table!r}; write a table, as in keys = ["badge_number"].'
        raise SettingsError(msg)
    known = [each.name for each in fields(RedactionRules)]
    UnknownNameError.check("key", table, known, where=place)
    texts = {key: _texts(table.get(key, ()), f"{place} {key}") for key in known}
    return RedactionRules(
        request_headers=(*REQUEST_HEADERS, *map(str.lower, texts["request_headers"])),
        response_headers=(*RESPONSE_HEADERS, *map(str.lower, texts["response_headers"])),
        keys=frozenset(map(words_of_name, texts["keys"])),
        keep=frozenset(map(words_of_name, texts["keep"])),
        patterns=tuple(_pattern(each, f"{place} patterns") for each in texts["patterns"]),
        redactors=tuple(import_function(each, f"{place} redactors") for each in texts["redactors"]),
    )


def _texts(value: Any, place: str) -> list[str]:
    if not isinstance(value, list | tuple) or not all(
        each and isinstance(each, str) for each in value
    ):
        msg = f"{place} is {value!r}; write a list of texts."
        raise SettingsError(msg)
    return list(value)


def _pattern(text: str, place: str) -> re.Pattern[str]:
    try:
        pattern = re.compile(text)
    except re.error as error:
        msg = f"{place}: {text!r} is no regular expression: {error}."
        raise SettingsError(msg) from None
    if pattern.search(""):
        msg = f"{place}: {text!r} matches the empty text; let it match what the secret looks like."
        raise SettingsError(msg)
    return pattern


def import_function(name: str, place: str) -> Callable[[str], str]:
    """Return the function `package.module:function`; the working directory counts too."""
    module, _, function = name.partition(":")
    if not module or not function:
        msg = f"{place}: {name!r} names no function; write package.module:function."
        raise SettingsError(msg)
    try:
        found = getattr(_imported(module), function)
    except (ImportError, AttributeError) as error:
        msg = f"{place}: {name!r} cannot be imported: {error}."
        raise SettingsError(msg) from error
    if not callable(found):
        msg = f"{place}: {name!r} is no function but {found!r}."
        raise SettingsError(msg)
    return cast("Callable[[str], str]", found)


def _imported(module: str) -> object:
    """Import it, from the working directory where it is nowhere else, as `python -m` does."""
    try:
        return import_module(module)
    except ImportError:
        here = str(Path.cwd())
        if here in sys.path:
            raise
        sys.path.append(here)
        try:
            return import_module(module)
        finally:
            sys.path.remove(here)
