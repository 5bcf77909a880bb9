"""What is in a cassette's file: its interactions with their keys, and the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from ..errors import CassetteError
from ._document import document_of, recorded_of
from ._file import parse
from ._har import har_recorded, is_har
from ._stored_interaction import StoredInteraction
from ._vcr import recordings
from .matching import Keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ._compiled import CompiledFile
    from ._file import Parsed
    from ._recorded import RecordedRequest
    from .matching import KeyMaker

_LIST: Final = "interactions"
_VERSION: Final = "version"
#: Parsing less than this takes less than finding what was kept.
_WORTH_KEEPING: Final = 65_536

#: Keys that no request has: of a stored one that the redactor says is none of the cassette's.
NO_KEYS: Final = Keys("", "")


@dataclass(frozen=True, slots=True)
class Contents:
    """The interactions of a file, and the keys beside their list (`version`, …).

    `digest` is that of the file. `is_writable` tells whether the file is of the form that is
    written here: others can only be played.
    """

    entries: tuple[StoredInteraction, ...] = ()
    head: dict[str, Any] = field(default_factory=lambda: {_VERSION: 1})
    digest: str = ""
    is_writable: bool = True


def read_contents(
    path: Path, keys: KeyMaker, compiled: CompiledFile | None = None
) -> Contents | None:
    """Return what is in a file; None where there is none.

    Raises:
        CassetteError: it cannot be read, or is no cassette; names the file and the line.
    """
    data = _bytes(path)
    if data is None:
        return None
    digest = digest_of(data)
    if compiled is None or len(data) < _WORTH_KEEPING:
        return _contents(parse(data, path), path, digest, keys)
    return _kept(compiled, digest) or _compiled(parse(data, path), path, digest, keys, compiled)


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror or error}"
        raise CassetteError(msg) from error


def _kept(compiled: CompiledFile, digest: str) -> Contents | None:
    kept = compiled.read(digest)
    if kept is None:
        return None
    pairs = zip(kept.keys, kept.lines, strict=True)
    entries = tuple(StoredInteraction(Keys(*both), line=line) for both, line in pairs)
    return Contents(entries, kept.head, digest)


def _compiled(
    parsed: Parsed, path: Path, digest: str, keys: KeyMaker, compiled: CompiledFile
) -> Contents:
    """Return what was parsed, and keep it where JSON has a form for it."""
    contents = _contents(parsed, path, digest, keys)
    if parsed.is_plain and contents.is_writable:
        pairs = [(entry.keys.exact, entry.keys.loose) for entry in contents.entries]
        lines = [entry.line for entry in contents.entries]
        compiled.write(digest, pairs, contents.head, lines)
    return contents


def digest_of(data: bytes) -> str:
    """Return the digest of a file's content."""
    return blake2b(data, digest_size=16).hexdigest()


def _contents(parsed: Parsed, path: Path, digest: str, keys: KeyMaker) -> Contents:
    document = parsed.document
    is_writable = isinstance(document, dict) and _LIST in document and document.get(_VERSION) == 1
    if isinstance(document, dict) and _LIST in document and document.get(_VERSION) is None:
        msg = f"{path}: is cut off: the line `version: 1` at its end is missing"
        raise CassetteError(msg)
    entries = tuple(_entries(document, path, keys))
    head = {name: document[name] for name in document if name != _LIST} if is_writable else {}
    return Contents(entries, head, digest, is_writable)


def _entries(document: Any, path: Path, keys: KeyMaker) -> Iterator[StoredInteraction]:
    for place, one in enumerate(_documents(document, path)):
        try:
            recorded = recorded_of(one)
            entry = StoredInteraction(
                keys_of(recorded.request, keys), document=one, recorded=recorded
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            msg = f"{path}{_line_of(path, place)}, interaction {place}: is damaged ({_said(error)})"
            raise CassetteError(msg) from error
        yield entry


def keys_of(request: RecordedRequest, keys: KeyMaker) -> Keys:
    """Return the keys of a stored request, redacted as a live one is."""
    redacted = keys.redacted(request)
    return NO_KEYS if redacted is None else keys.keys(redacted)


def _documents(document: Any, path: Path) -> list[dict[str, Any]]:
    """Return the documents of the interactions, whatever the form of the file."""
    if is_har(document):
        entries = document["log"]["entries"]
        return [
            document_of(har_recorded(entry, place, path)) for place, entry in enumerate(entries)
        ]
    pairs = recordings(document)
    if pairs is None:
        msg = f"{path}: holds no recorded requests and responses"
        raise CassetteError(msg)
    listed = document.get(_LIST) if isinstance(document, dict) else None
    if listed is not None:
        return list(listed)
    return [{"request": request, "response": response} for request, response in pairs]


def _line_of(path: Path, place: int) -> str:
    """Return where an interaction stands; empty where that is not known."""
    from ._places import line_of  # noqa: PLC0415 - only to name a damaged place

    line = line_of(path, place)
    return "" if line is None else f", line {line}"


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
