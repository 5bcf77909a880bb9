"""A cassette file: from its bytes to its document, with a plain word about what is wrong."""

from __future__ import annotations

import json
import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import CassetteError

if TYPE_CHECKING:
    import os

_GZIP_MAGIC = b"\x1f\x8b"
_LFS = "version https://git-lfs.github.com/spec/"
_CONFLICT = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)
# libyaml has no bound of its own: it would run out of stack and take the process with it.
_TOO_DEEP = re.compile(r"(?:[-?\[{]\s*){1000}")


def read_document(path: str | os.PathLike[str]) -> Any:
    """Read a YAML or JSON file, gzipped or not.

    Raises CassetteError, which names the file and, where it is known, the line.
    """
    text = _text(Path(path))
    problem = _problem_before_parsing(text)
    if problem is not None:
        msg = f"{path}{problem}"
        raise CassetteError(msg)
    try:
        return _document(text, path)
    except RecursionError as error:
        msg = f"{path}: is nested too deeply"
        raise CassetteError(msg) from error


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        return (_gunzip(data) if data.startswith(_GZIP_MAGIC) else data).decode("utf-8-sig")
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror or error}"
        raise CassetteError(msg) from error
    except (zlib.error, EOFError) as error:
        msg = f"{path}: the gzip data are damaged or cut off: {error}"
        raise CassetteError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path}: is no text (byte {error.start} is no UTF-8)"
        raise CassetteError(msg) from error


def _problem_before_parsing(text: str) -> str | None:
    if text.startswith(_LFS):
        return ": a Git LFS pointer, not the cassette itself; run `git lfs pull`"
    conflict = _CONFLICT.search(text)
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


def _document(text: str, path: str | os.PathLike[str]) -> Any:
    """Parse JSON, or YAML, whose flow style may begin like JSON."""
    if text.lstrip()[0] not in "{[":
        return _yaml_document(text, path)
    try:
        return json.loads(text)
    except ValueError as json_error:
        try:
            return _yaml_document(text, path)
        except CassetteError:
            line = f", line {json_error.lineno}" if hasattr(json_error, "lineno") else ""
            msg = f"{path}{line}: is no JSON: {getattr(json_error, 'msg', json_error)}"
            raise CassetteError(msg) from json_error


def _yaml_document(text: str, path: str | os.PathLike[str]) -> Any:
    import yaml  # noqa: PLC0415 - only where a file is YAML

    from ._yaml import load_yaml  # noqa: PLC0415

    if _TOO_DEEP.search(text):
        raise RecursionError
    try:
        return load_yaml(text)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        mark = getattr(error, "problem_mark", None)
        line = "" if mark is None else f", line {mark.line + 1}"
        problem = str(getattr(error, "problem", None) or error).partition("\n")[0]
        msg = f"{path}{line}: is no YAML: {problem}"
        raise CassetteError(msg) from error
