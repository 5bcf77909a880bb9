"""The content of a cassette's file: YAML or JSON by its name, gzipped or not."""

from __future__ import annotations

import binascii
import gzip
import json
from typing import TYPE_CHECKING, Any

from ...errors import CassetteError
from ._yaml_text import yaml_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def file_text(path: Path, head: dict[str, Any], documents: Sequence[dict[str, Any]]) -> str:
    """Return the text for the file at `path`, before it is gzipped.

    `head` (`version`, …) comes last, as vcrpy has it: a file that is cut off lacks it.

    Raises:
        CassetteError: an interaction holds what a cassette has no form for.
    """
    is_json = path.name.removesuffix(".gz").endswith(".json")
    try:
        if is_json:
            listed = [_without_bytes(document) for document in documents]
            return _json_text({"interactions": listed, **head})
        return yaml_text({"interactions": list(documents), **head})
    except (TypeError, ValueError, RecursionError) as error:
        msg = f"{path}: cannot be written: {error}"
        raise CassetteError(msg) from error


def packed(path: Path, text: str) -> bytes:
    """Return the bytes for the file at `path`, the same for the same text."""
    data = text.encode("utf-8", "replace")
    return gzip.compress(data, mtime=0) if path.name.endswith(".gz") else data


def _json_text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=4, ensure_ascii=False) + "\n"


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
