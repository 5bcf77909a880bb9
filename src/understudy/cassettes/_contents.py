"""What is in a cassette's file: its interactions with their keys, and the rest."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from ..durable import make_state_folder, replacing
from ..errors import CassetteError
from ._document import interaction_of
from ._file import Parsed, parse, read_bytes
from ._har import har_entries, har_interaction
from ._stored_interaction import StoredInteraction, from_line, to_line
from .matching import KeyMaker, Keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ._interaction import Interaction, RecordedRequest

_LIST: Final = "interactions"
_VERSION: Final = "version"
_READ: Final = "a form that is read here: vcrpy's, Ruby VCR's, betamax's, go-vcr's, HAR"
#: What reading an interaction of another form than expected may raise.
_DAMAGED: Final = (
    *(ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError),
)
#: Where recorders keep a body.
_BODIES: Final = frozenset({"body", "content", "parsed_body"})
#: Of the compiled form.
_FORMAT: Final = 1
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

    stored: tuple[StoredInteraction, ...] = ()
    head: dict[str, Any] = field(default_factory=lambda: {_VERSION: 1})
    digest: str = ""
    is_writable: bool = True


@dataclass(frozen=True, slots=True)
class CompiledFile:
    """What parsing one cassette gave, for one way of making keys, so that it need not be again.

    The first line is the digest of the rest, the second tells which file and which keys it is of,
    each further one is an interaction. Whatever does not fit is as if it were not there.
    """

    path: Path
    fingerprint: str

    def read(self, digest: str) -> Contents | None:
        """Return what is kept of the file with this digest; None where nothing fits."""
        try:
            total, _, rest = self.path.read_bytes().partition(b"\n")
            if total != digest_of(rest).encode():
                return None
            first, *lines = rest.split(b"\n")
            header = from_line(first)
            if header["of"] != [_FORMAT, digest, self.fingerprint]:
                return None
            pairs = zip(header["keys"], lines, strict=True)
            stored = tuple(StoredInteraction(Keys(*keys), line=line) for keys, line in pairs)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return Contents(stored, header["head"], digest)

    def write(self, contents: Contents) -> None:
        """Keep it; what cannot be written is left out in silence, as it can be made again."""
        keys = [(each.keys.exact, each.keys.loose) for each in contents.stored]
        of = [_FORMAT, contents.digest, self.fingerprint]
        with suppress(OSError, TypeError, ValueError):
            header = to_line({"of": of, "head": contents.head, "keys": keys})
            rest = b"\n".join([header, *(each.line for each in contents.stored)])
            make_state_folder(self.path.parent)
            with replacing(self.path, sync=False) as file:
                file.write(digest_of(rest).encode() + b"\n" + rest)


def read_contents(
    path: Path, keys: KeyMaker, compiled: CompiledFile | None = None
) -> Contents | None:
    """Return what is in a file; None where there is none.

    Raises:
        CassetteError: it cannot be read, or is no cassette; names the file and the line.
    """
    try:
        data = read_bytes(path)
    except CassetteError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return None
        raise
    digest = digest_of(data)
    if compiled is None or len(data) < _WORTH_KEEPING:
        return _contents(parse(data, path), path, digest, keys)
    kept = compiled.read(digest)
    if kept is None:
        parsed = parse(data, path)
        kept = _contents(parsed, path, digest, keys)
        if parsed.is_plain and kept.is_writable:
            compiled.write(kept)
    return kept


def digest_of(data: bytes) -> str:
    """Return the digest of a file's content."""
    return blake2b(data, digest_size=16).hexdigest()


def _contents(parsed: Parsed, path: Path, digest: str, keys: KeyMaker) -> Contents:
    document = parsed.document
    has_list = isinstance(document, dict) and _LIST in document
    if has_list and document.get(_VERSION) is None and _is_cut_off(document[_LIST]):
        msg = f"{path}: is cut off: the line `version: 1` at its end is missing"
        raise CassetteError(msg)
    stored = tuple(_stored(parsed, path, keys))
    if not has_list:
        return Contents(stored, {}, digest, is_writable=False)
    answers = [each.document["response"] for each in stored]
    # go-vcr's have a version, too, but a status of their own.
    is_ours = not any(isinstance(each.get("status"), str) for each in answers)
    is_writable = is_ours and document.get(_VERSION, 1) in (None, 1)
    head = {name: document[name] for name in document if name != _LIST} if is_writable else {}
    return Contents(stored, {**head, _VERSION: 1} if is_writable else {}, digest, is_writable)


def _is_cut_off(listed: Any) -> bool:
    """Tell whether the end of a file without a version is missing.

    Ours always has one. Others' may never have had one: then the last answer must be whole.
    """
    if not isinstance(listed, list) or not listed:
        return False
    answers = [each.get("response") if isinstance(each, dict) else None for each in listed]
    found = [each for each in answers if isinstance(each, dict)]
    is_whole = bool(found) and found[-1] is answers[-1] and _is_answer(found[-1])
    return not is_whole or any("llm_recorded_at" in each for each in found)


def _is_answer(response: dict[str, Any]) -> bool:
    return "headers" in response and not _BODIES.isdisjoint(response)


def _stored(parsed: Parsed, path: Path, keys: KeyMaker) -> Iterator[StoredInteraction]:
    listed, read = _listed(parsed.document, path)
    for place, one in enumerate(listed):
        try:
            interaction = read(one)
            found = keys_of(interaction.request, keys)
        except _DAMAGED as error:
            from ._yaml_reader import line_of  # noqa: PLC0415 - only to name a damaged place

            line = line_of(parsed.text, place)
            where = f"{path}, interaction" if line is None else f"{path}, line {line}, interaction"
            msg = f"{where} {place}: is damaged ({_in_words(error)})"
            raise CassetteError(msg) from error
        document = one if read is interaction_of else None
        yield StoredInteraction(found, document=document, interaction=interaction)


def _in_words(error: Exception) -> str:
    """Say what is wrong without a word of Python's."""
    if isinstance(error, KeyError):
        return f"{error} is missing"
    if isinstance(error, ValueError):
        return str(error)
    return "a value is of another kind than it should be, or beyond all bounds"


def keys_of(request: RecordedRequest, keys: KeyMaker) -> Keys:
    """Return the keys of a stored request, redacted as a live one is."""
    redacted = keys.redacted(request)
    return NO_KEYS if redacted is None else keys.keys(redacted)


def _listed(document: Any, path: Path) -> tuple[Sequence[Any], Callable[[Any], Interaction]]:
    """Return what a document lists, whatever its form, and what reads one of that."""
    if (entries := har_entries(document)) is not None:
        return entries, har_interaction
    if (listed := _pairs(document)) is not None:
        return listed, interaction_of
    msg = f"{path}: holds no recorded requests and responses in {_READ}"
    raise CassetteError(msg)


def _pairs(document: Any) -> list[dict[str, Any]] | None:
    """Return the interactions that vcrpy wrote, or somebody who writes alike; None of others.

    `{"interactions": […]}` (vcrpy 1 and later), a bare list (before), `{"requests": […],
    "responses": […]}` (vcrpy's own dictionary, dumped), `{"http_interactions": […]}`.
    """
    listed = document
    if isinstance(document, dict):
        requests, responses = document.get("requests"), document.get("responses")
        if isinstance(requests, list) and isinstance(responses, list):
            pairs = zip(requests, responses, strict=False)
            return [{"request": request, "response": response} for request, response in pairs]
        listed = document.get(_LIST, document.get("http_interactions"))
    return listed if isinstance(listed, list) and all(map(_is_pair, listed)) else None


def _is_pair(listed: Any) -> bool:
    return isinstance(listed, dict) and {"request", "response"} <= listed.keys()
