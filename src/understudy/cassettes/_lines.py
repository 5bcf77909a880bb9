"""Documents as JSON lines: for the journal and for what is kept of a parsed file."""

from __future__ import annotations

import binascii
import json
from typing import Any, Final

#: No YAML or JSON that somebody wrote has such a key.
_BYTES: Final = "\0bytes"
_MARK: Final = b'"\\u0000bytes"'


def to_line(document: Any) -> bytes:
    """Return plain data (bytes among it) as JSON on one line.

    Raises:
        TypeError: it holds what JSON has no form for.
        ValueError: it refers to itself.
    """
    return json.dumps(document, separators=(",", ":"), default=_encoded).encode()


def from_line(line: bytes) -> Any:
    """Return the data of a line.

    Raises:
        ValueError: it is no JSON.
    """
    return json.loads(line, object_hook=_decoded if _MARK in line else None)


def _encoded(value: Any) -> dict[str, str]:
    if not isinstance(value, bytes):
        msg = f"{type(value).__name__} has no form in JSON"
        raise TypeError(msg)
    return {_BYTES: binascii.b2a_base64(value, newline=False).decode()}


def _decoded(value: dict[str, Any]) -> Any:
    return binascii.a2b_base64(value[_BYTES]) if value.keys() == {_BYTES} else value
