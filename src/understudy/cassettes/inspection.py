"""Judges cassette files without playing them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

from ..errors import CassetteError
from ..redaction import looks_real
from ._cassette_file import load_interactions
from ._file import read_bytes
from ._interaction import expired
from ._settings import OnExpiry
from .secrets import OTHER_HEADER, kind_of_header, plain_body, scan, without_split_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta
    from pathlib import Path

    from ._interaction import Headers, Interaction
    from .secrets import SecretsRedactor


_BETWEEN_WORDS: Final = re.compile(r"[\s;,]+|(?<=[a-zA-Z])=")


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
    return [
        *_secrets(path, content, recorded, inspection.redactor),
        *_expired(path, recorded, inspection),
        *_duplicates(path, recorded),
        *_incomplete(path, recorded),
    ]


def _secrets(
    path: Path, content: bytes, recorded: list[Interaction], redactor: SecretsRedactor
) -> Iterator[Problem]:
    for finding in scan(path, content, redactor.finder):
        yield Problem(path=path, kind=ProblemKind.SECRET, text=str(finding), fatal=True)
    for index, each in enumerate(recorded):
        for kind in _secrets_around(each, redactor):
            text = f"{path}, interaction {index}: holds a secret ({kind})"
            yield Problem(path=path, kind=ProblemKind.SECRET, text=text, fatal=True)


def _expired(path: Path, recorded: list[Interaction], inspection: Inspection) -> Iterator[Problem]:
    if inspection.max_age is None:
        return
    too_old = expired(path, recorded, inspection.max_age, inspection.now)
    if too_old is not None:
        fatal = inspection.on_expiry is OnExpiry.FAIL
        yield Problem(path=path, kind=ProblemKind.EXPIRED, text=too_old.text, fatal=fatal)


def _duplicates(path: Path, recorded: list[Interaction]) -> Iterator[Problem]:
    """Yield interactions that say nothing new: the same request, and the same answer."""
    seen: dict[object, int] = {}
    for index, each in enumerate(recorded):
        asked, answered = each.request, each.response
        identity = (asked.method, asked.url, asked.body, answered.status, answered.body)
        first = seen.setdefault(identity, index)
        if first != index:
            text = f"{path}, interaction {index}: is the same as interaction {first}"
            yield Problem(path=path, kind=ProblemKind.DUPLICATE, text=text, fatal=False)


def _incomplete(path: Path, recorded: list[Interaction]) -> Iterator[Problem]:
    for index, each in enumerate(recorded):
        if not each.response.complete:
            text = f"{path}, interaction {index}: the application stopped reading the answer"
            yield Problem(path=path, kind=ProblemKind.INCOMPLETE, text=text, fatal=False)


def _secrets_around(recorded: Interaction, redactor: SecretsRedactor) -> Iterator[str]:
    """Yield the kind of each secret in the headers and the query; stand-ins are none."""
    yield from _in_headers(recorded.request.headers)
    yield from _in_headers(recorded.response.headers)
    yield from _in_pieces(recorded, redactor)
    for name, value in parse_qsl(urlsplit(recorded.request.url).query):
        if redactor.finder.names.has_parameter(name) and looks_real(value):
            yield f"query parameter {name}"


def _in_pieces(recorded: Interaction, redactor: SecretsRedactor) -> Iterator[str]:
    """Yield the kinds of secrets in the pieces of a stream, which no search of the file finds."""
    found: Counter[str] = Counter()
    body = (plain_body(recorded.response) or b"").decode("utf-8", "replace")
    without_split_secrets(body, redactor.finder.in_json, found)
    yield from (f"{kind}, in pieces of a stream" for kind in found)


def _in_headers(headers: Headers) -> Iterator[str]:
    for name, value in headers:
        kind = kind_of_header(name)
        if kind != OTHER_HEADER and any(map(looks_real, _BETWEEN_WORDS.split(value))):
            yield kind
