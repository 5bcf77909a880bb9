"""Looks at one file from all sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...errors import CassetteError
from .._expiry import expired
from .._file import read_bytes
from .._settings import OnExpiry
from ..secrets import scan
from ..writing import load_interactions
from ._headers import secrets_around
from ._problem import Problem, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta
    from pathlib import Path

    from .._interaction import Interaction
    from ..secrets import SecretsRedactor


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
        for kind in secrets_around(each, redactor):
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
