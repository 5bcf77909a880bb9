"""A cassette's file: its name, its bytes and its document, and what is wrong with it."""

from __future__ import annotations

import binascii
import gzip
import json
import os
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from ..errors import CassetteError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: What a folder is called in which every such file is taken for a cassette.
CASSETTES: Final = "cassettes"

_SUFFIXES: Final = (".yaml", ".yml", ".json", ".yaml.gz", ".yml.gz", ".json.gz", ".har")
_PASSED_OVER: Final = frozenset({"node_modules", "venv", "site-packages", "__pycache__"})
#: What YAML may hold and a cassette may not, by the parser's words for it.
_YAML_OF_ANOTHER_KIND: Final = MappingProxyType(
    {
        "unhashable": "holds a key that is a list or a mapping",
        "another document": "holds more than one YAML document",
    }
)
_YAML_NAME: Final = re.compile(r"\.ya?ml(?:\.gz)?$")
_GZIP_MAGIC = b"\x1f\x8b"
_LFS = "version https://git-lfs.github.com/spec/"
_CONFLICT = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)


def files_below(folder: Path) -> Iterator[Path]:
    """Yield YAML, JSON and HAR files in one order on every machine.

    Hidden folders and those of installed packages are passed over.
    """
    for name, folders, files in os.walk(folder):
        folders[:] = sorted(
            each for each in folders if not each.startswith(".") and each not in _PASSED_OVER
        )
        yield from (Path(name, file) for file in sorted(files) if file.endswith(_SUFFIXES))


@dataclass(frozen=True, slots=True)
class Parsed:
    """The text of a file and its document.

    `is_plain` tells whether JSON has a form for all of it, bytes apart.
    """

    text: str
    document: Any
    is_plain: bool


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """Return what is in a file; raises CassetteError where it cannot be read."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror or error}"
        raise CassetteError(msg) from error


def parse(data: bytes, path: str | os.PathLike[str]) -> Parsed:
    """Return the document of a YAML or JSON file with this content, gzipped or not.

    Raises:
        CassetteError: it is no such file; names it and, where it is known, the line.
    """
    try:
        plain = _gunzip(data) if data.startswith(_GZIP_MAGIC) else data
        text = plain.decode("utf-8-sig")
        problem = _problem_before_parsing(text)
        if problem is None:
            return _document(text, path)
        msg = f"{path}{problem}"
        raise CassetteError(msg)
    except (zlib.error, EOFError) as error:
        msg = f"{path}: the gzip data are damaged or cut off: {error}"
        raise CassetteError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path}: is no text (byte {error.start} is no UTF-8)"
        raise CassetteError(msg) from error
    except RecursionError as error:
        msg = f"{path}: is nested too deeply"
        raise CassetteError(msg) from error


def _problem_before_parsing(text: str) -> str | None:
    if text.startswith(_LFS):
        return ": a Git LFS pointer, not the cassette itself; run `git lfs pull`"
    if text[:200].lstrip().lower().startswith(("<!doctype html", "<html")):
        return ", line 1: is HTML, a page that a server sent in the place of the file"
    # First without the place in the line, which is much faster.
    may_conflict = "<<<<<<< " in text or ">>>>>>> " in text
    conflict = _CONFLICT.search(text) if may_conflict else None
    if conflict is not None:
        line = text.count("\n", 0, conflict.start()) + 1
        return f", line {line}: a merge conflict is not resolved"
    return None if text.strip() else ": the file is empty"


def _gunzip(data: bytes) -> bytes:
    text = bytearray()
    while data:
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        text += member.decompress(data)
        if not member.eof:
            msg = "unexpected end"
            raise EOFError(msg)
        data = member.unused_data.lstrip(b"\0")
    return bytes(text)


def _document(text: str, path: str | os.PathLike[str]) -> Parsed:
    """Parse JSON, or YAML, whose flow style may begin like JSON."""
    if text.lstrip()[0] not in "{[":
        return _yaml_document(text, path)
    try:
        return Parsed(text, json.loads(text), is_plain=True)
    except ValueError as json_error:
        try:
            return _yaml_document(text, path)
        except CassetteError:
            if _YAML_NAME.search(os.fspath(path)):
                raise
            line = f", line {json_error.lineno}" if hasattr(json_error, "lineno") else ""
            msg = f"{path}{line}: is no JSON: {getattr(json_error, 'msg', json_error)}"
            raise CassetteError(msg) from json_error


def _yaml_document(text: str, path: str | os.PathLike[str]) -> Parsed:
    import yaml  # noqa: PLC0415 - only where a file is YAML

    from ._yaml_reader import load_yaml  # noqa: PLC0415

    try:
        return Parsed(text, *load_yaml(text))
    except (yaml.YAMLError, ValueError, ArithmeticError, LookupError, TypeError) as error:
        mark, position = getattr(error, "problem_mark", None), getattr(error, "position", None)
        before = mark.line if mark is not None else text.count("\n", 0, position or 0)
        last = text.count("\n")
        line = "" if mark is None and position is None else f", line {min(before, last) + 1}"
        problem = str(getattr(error, "problem", None) or error).partition("\n")[0]
        if "nesting depth" in problem:  # libyaml has a limit of its own since 0.2.6
            raise RecursionError from error
        if isinstance(error, LookupError | TypeError) and "unhashable" not in problem:
            problem = "a tag stands before what it does not name"
        said = (words for sign, words in _YAML_OF_ANOTHER_KIND.items() if sign in problem)
        msg = f"{path}{line}: {next(said, f'is no YAML: {problem}')}"
        raise CassetteError(msg) from error


def file_text(path: Path, head: dict[str, Any], documents: Sequence[dict[str, Any]]) -> str:
    """Return the text for the file at `path`, before it is gzipped.

    `head` (`version`, …) comes last, as vcrpy has it: a file that is cut off lacks it.

    Raises:
        CassetteError: an interaction holds what a cassette has no form for.
    """
    from ._yaml_writer import yaml_text  # noqa: PLC0415 - reading does without

    try:
        if path.name.removesuffix(".gz").endswith(".json"):
            whole = {"interactions": [_without_bytes(each) for each in documents], **head}
            return json.dumps(whole, indent=4, ensure_ascii=False) + "\n"
        return yaml_text({"interactions": list(documents), **head})
    except (TypeError, ValueError, RecursionError) as error:
        msg = f"{path}: cannot be written: {error}"
        raise CassetteError(msg) from error


def packed(path: Path, text: str) -> bytes:
    """Return the bytes for the file at `path`, the same for the same text."""
    data = text.encode("utf-8", "replace")
    return gzip.compress(data, mtime=0) if path.name.endswith(".gz") else data


def _without_bytes(document: dict[str, Any]) -> dict[str, Any]:
    """Write bytes as base64, under a key that makes vcrpy fail rather than play base64."""
    request, response = document["request"], document["response"]
    if isinstance(request.get("body"), bytes):
        request = {**request, "body": _base64(request["body"])}
    body = response.get("body")
    if isinstance(body, dict) and isinstance(body.get("string"), bytes):
        response = {**response, "body": _base64(body["string"])}
    return {**document, "request": request, "response": response}


def _base64(data: bytes) -> dict[str, str]:
    return {"base64_string": binascii.b2a_base64(data, newline=False).decode()}
