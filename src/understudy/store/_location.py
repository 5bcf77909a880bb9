"""Where a store is: a file, or the URL of a database."""

from __future__ import annotations

import errno
import re
import stat
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ..errors import SettingsError, UnknownNameError

# A scheme of one letter is a drive.
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
_POSTGRES: Final = ("postgres", "postgresql")
_SQLITE_PREFIX: Final = "sqlite:///"
#: What no other folder, and no other right, would help; a name with NUL has no number at all.
_UNUSABLE: Final = (errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL, None)
_SHOWN: Final = 60
_PASSWORDS: Final = (
    (re.compile(r"(://[^:/?#@]*):.*@"), r"\1:***@"),
    (re.compile(r"([?&]\w*password=)[^&]*"), r"\1***"),
)


@dataclass(frozen=True, slots=True)
class FileLocation:
    """A file of SQLite."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True, slots=True, repr=False)
class ServerLocation:
    """A database of PostgreSQL; its text is the URL without a password."""

    url: str

    def __str__(self) -> str:
        return redact(self.url)

    __repr__ = __str__


def parse_location(location: str | Path) -> FileLocation | ServerLocation:
    """Read a path, `sqlite:///path` or `postgresql://…`, without looking whether it is there.

    Raises:
        SettingsError: the location makes no sense, or needs a package that is not installed.
    """
    text = str(location)
    scheme = None if isinstance(location, Path) else _SCHEME.match(text)
    if scheme is None:
        return FileLocation(_file(text))
    if scheme[1] == "sqlite":
        return FileLocation(_file(_path_in_url(text)))
    if scheme[1] in _POSTGRES:
        return ServerLocation(_server(text))
    kind = "kind of store"
    raise UnknownNameError(kind, scheme[1], (*_POSTGRES, "sqlite"), where=redact(text))


def journal_root(location: str | Path, *, state_folder: Path) -> Path:
    """Return the folder for the journals of a store, of which no other store knows.

    It is beside a file, and in `state_folder` for a server.
    """
    found = parse_location(location)
    if isinstance(found, FileLocation):
        return found.path.with_name(f"{found.path.name}.journal")
    parts = urlsplit(found.url)
    words = ("postgresql", parts.hostname or "local", str(parts.port or ""), parts.path.strip("/"))
    name = "-".join(re.sub(r"[^\w.]+", "_", word) for word in words if word)
    return state_folder / f"{name}.journal"


def redact(url: str) -> str:
    """Return `url` without its password."""
    for pattern, replacement in _PASSWORDS:
        url = pattern.sub(replacement, url)
    return url


def _file(text: str) -> Path:
    if not text or text == ":memory:":
        msg = (
            f"a store needs a file or a URL, not {text!r}; the default is .understudy/telemetry.db"
        )
        raise SettingsError(msg)
    path = Path(text)
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) not in _UNUSABLE:
            return path  # it is missing, or whoever opens it says more
        why = getattr(error, "strerror", None) or str(error)
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
        msg = f"the store {shown!r} can be no file: {why}; name another one"
        raise SettingsError(msg) from None
    if is_folder:
        msg = f"the store {text!r} is a folder; name a file in it"
        raise SettingsError(msg)
    return path


def _path_in_url(text: str) -> str:
    if not text.startswith(_SQLITE_PREFIX):
        msg = f"the store {text!r} needs three slashes: sqlite:///telemetry.db"
        raise SettingsError(msg)
    return text.removeprefix(_SQLITE_PREFIX)


def _server(text: str) -> str:
    try:
        valid = text.split(":", 1)[1].startswith("//") and urlsplit(text).port != 0
    except ValueError:
        valid = False
    if not valid:
        msg = f"the store {redact(text)!r} is no URL; write postgresql://user@host:5432/database"
        raise SettingsError(msg)
    if find_spec("psycopg") is None:
        msg = "a store in PostgreSQL needs psycopg: pip install 'pytest-understudy[postgres]'"
        raise SettingsError(msg)
    return text
