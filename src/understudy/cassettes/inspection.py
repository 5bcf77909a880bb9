"""Judges cassette files without playing them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

from ..errors import CassetteError
from ..redaction import may_be_real
from ._cassette_file import load_interactions
from ._file import read_bytes
from ._interaction import Interaction, expired
from ._settings import OnExpiry
from .secrets import OTHER_HEADER, kind_of_header, plain_body, scan, without_split_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta
    from pathlib import Path

    from .secrets import SecretsRedactor


_BETWEEN_WORDS: Final = re.compile(r"[\s;,]+|(?<=[a-zA-Z])=")
_INCOMPLETE: Final = "the application stopped reading the answer"


class ProblemKind(StrEnum):
    """What is wrong."""

    UNREADABLE = "unreadable"
    SECRET = "secret"  # noqa: S105 - a word
    EXPIRED = "expired"
    DUPLICATE = "duplicate"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A problem and where it is; `text` names file, line or interaction, never a secret.

    One that is `fatal` fails the check, another is only told.
    """

    path: Path
    kind: ProblemKind
    text: str
    fatal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """How files are judged; `max_age` None: none is too old. `state` is for what is kept beside."""

    redactor: SecretsRedactor
    now: datetime
    max_age: timedelta | None = None
    on_expiry: OnExpiry = OnExpiry.WARN
    state: Path | None = None


def inspect(path: Path, inspection: Inspection) -> list[Problem]:
    """Return what is wrong with a file; nothing where all is well."""
    try:
        recorded = load_interactions(path, state=inspection.state)
        content = read_bytes(path)
    except CassetteError as error:
        return [Problem(path=path, kind=ProblemKind.UNREADABLE, text=str(error), fatal=True)]
    fails_where_old = inspection.on_expiry is OnExpiry.FAIL
    found = [
        *((ProblemKind.SECRET, text) for text in _secrets(path, content, recorded, inspection)),
        *((ProblemKind.EXPIRED, text) for text in _expired(path, recorded, inspection)),
        *((ProblemKind.DUPLICATE, text) for text in _duplicates(path, recorded)),
        *(
            (ProblemKind.INCOMPLETE, f"{path}, interaction {index}: {_INCOMPLETE}")
            for index, each in enumerate(recorded)
            if not each.response.complete
        ),
    ]
    fatal = {ProblemKind.SECRET: True, ProblemKind.EXPIRED: fails_where_old}
    return [
        Problem(path=path, kind=kind, text=text, fatal=fatal.get(kind, False))
        for kind, text in found
    ]


def _secrets(
    path: Path, content: bytes, recorded: list[Interaction], inspection: Inspection
) -> Iterator[str]:
    yield from map(str, scan(path, content, inspection.redactor.finder))
    for index, each in enumerate(recorded):
        for kind in _secrets_around(each, inspection.redactor):
            yield f"{path}, interaction {index}: holds a secret ({kind})"


def _expired(path: Path, recorded: list[Interaction], inspection: Inspection) -> list[str]:
    max_age = inspection.max_age
    too_old = None if max_age is None else expired(path, recorded, max_age, inspection.now)
    return [] if too_old is None else [too_old.text]


def _duplicates(path: Path, recorded: list[Interaction]) -> Iterator[str]:
    """Yield interactions that say nothing new: the same request, and the same answer."""
    seen: dict[object, int] = {}
    for index, each in enumerate(recorded):
        asked, answered = each.request, each.response
        identity = (asked.method, asked.url, asked.body, answered.status, answered.body)
        first = seen.setdefault(identity, index)
        if first != index:
            yield f"{path}, interaction {index}: is the same as interaction {first}"


def _secrets_around(recorded: Interaction, redactor: SecretsRedactor) -> Iterator[str]:
    """Yield the kind of each secret in the headers and the query; stand-ins are none."""
    for name, value in (*recorded.request.headers, *recorded.response.headers):
        kind = kind_of_header(name)
        if kind != OTHER_HEADER and any(map(may_be_real, _BETWEEN_WORDS.split(value))):
            yield kind
    # Those in the pieces of a stream no search of the file finds.
    found: Counter[str] = Counter()
    body = (plain_body(recorded.response) or b"").decode("utf-8", "replace")
    without_split_secrets(body, redactor.finder.in_json, found)
    yield from (f"{kind}, in pieces of a stream" for kind in found)
    for name, value in parse_qsl(urlsplit(recorded.request.url).query):
        if redactor.finder.names.has_parameter(name) and may_be_real(value):
            yield f"query parameter {name}"
