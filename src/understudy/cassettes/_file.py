"""A cassette file: from its bytes to its document, with a plain word about what is wrong."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import CassetteError

if TYPE_CHECKING:
    import os

_GZIP_MAGIC = b"\x1f\x8b"
_LFS = "version https://git-lfs.github.com/spec/"
_CONFLICT = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document; `is_plain` tells whether JSON has a form for all of it, bytes apart."""

    document: Any
    is_plain: bool


def read_document(path: str | os.PathLike[str]) -> Any:
    """Read a YAML or JSON file, gzipped or not.

    Raises CassetteError, which names the file and, where it is known, the line.
    """
    return parse(read_bytes(path), path).document


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """Return what is in a file; raises CassetteError where it cannot be read."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror or error}"
        raise CassetteError(msg) from error


def parse(data: bytes, path: str | os.PathLike[str]) -> Parsed:
    """Return the document of a file with this content; raises as `read_document` does."""
    text = _text(data, path)
    problem = _problem_before_parsing(text)
    if problem is not None:
        msg = f"{path}{problem}"
        raise CassetteError(msg)
    try:
        return _document(text, path)
    except RecursionError as error:
        msg = f"{path}: is nested too deeply"
        raise CassetteError(msg) from error


def _text(data: bytes, path: str | os.PathLike[str]) -> str:
    try:
        return unzipped(data).decode("utf-8-sig")
    except (zlib.error, EOFError) as error:
        msg = f"{path}: the gzip data are damaged or cut off: {error}"
        raise CassetteError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path}: is no text (byte {error.start} is no UTF-8)"
        raise CassetteError(msg) from error


def unzipped(data: bytes) -> bytes:
    """Return the content of a file, decompressed where it was gzipped."""
    return _gunzip(data) if data.startswith(_GZIP_MAGIC) else data


def _problem_before_parsing(text: str) -> str | None:
    if text.startswith(_LFS):
        return ": a Git LFS pointer, not the cassette itself; run `git lfs pull`"
    if _looks_like_html(text):
        return ", line 1: is HTML, a page that a server sent in the place of the file"
    conflict = _CONFLICT.search(text) if _may_conflict(text) else None
    if conflict is not None:
        line = text.count("\n", 0, conflict.start()) + 1
        return f", line {line}: a merge conflict is not resolved"
    return None if text.strip() else ": the file is empty"


def _may_conflict(text: str) -> bool:
    """Look for the marks without their place in the line, which is much faster."""
    return "<<<<<<< " in text or ">>>>>>> " in text


def _looks_like_html(text: str) -> bool:
    return text[:200].lstrip().lower().startswith(("<!doctype html", "<html"))


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
        return Parsed(json.loads(text), is_plain=True)
    except ValueError as json_error:
        try:
            return _yaml_document(text, path)
        except CassetteError:
            line = f", line {json_error.lineno}" if hasattr(json_error, "lineno") else ""
            msg = f"{path}{line}: is no JSON: {getattr(json_error, 'msg', json_error)}"
            raise CassetteError(msg) from json_error


def _line_of(error: Exception, text: str) -> str:
    """Return where a parser stopped; empty where it does not say."""
    mark, position = getattr(error, "problem_mark", None), getattr(error, "position", None)
    if mark is not None:
        return f", line {mark.line + 1}"
    return "" if position is None else f", line {text.count(chr(10), 0, position) + 1}"


def _yaml_document(text: str, path: str | os.PathLike[str]) -> Parsed:
    import yaml  # noqa: PLC0415 - only where a file is YAML

    from ._yaml import load_yaml  # noqa: PLC0415

    try:
        return Parsed(*load_yaml(text))
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        line = _line_of(error, text)
        problem = str(getattr(error, "problem", None) or error).partition("\n")[0]
        msg = f"{path}{line}: is no YAML: {problem}"
        raise CassetteError(msg) from error
