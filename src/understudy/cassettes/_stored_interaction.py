"""One interaction in memory: what the file says of it, as a line too, read when needed."""

from __future__ import annotations

import binascii
import json
from typing import TYPE_CHECKING, Any, Final

from ._document import document_of, interaction_of

if TYPE_CHECKING:
    from ._interaction import Interaction
    from .matching import Keys

#: No YAML or JSON that somebody wrote has such a key.
_BYTES: Final = "\0bytes"
_MARK: Final = b'"\\u0000bytes"'


def to_line(document: Any) -> bytes:
    """Return plain data (bytes among it) as JSON on one line.

    Raises TypeError where JSON has no form for it, ValueError where it refers to itself.
    """
    return json.dumps(document, separators=(",", ":"), default=_encoded).encode()


def from_line(line: bytes) -> Any:
    """Return the data of a line; raises ValueError where it is no JSON."""
    return json.loads(line, object_hook=_decoded if _MARK in line else None)


def _encoded(value: Any) -> dict[str, str]:
    if not isinstance(value, bytes):
        msg = f"{type(value).__name__} has no form in JSON"
        raise TypeError(msg)
    return {_BYTES: binascii.b2a_base64(value, newline=False).decode()}


def _decoded(value: dict[str, Any]) -> Any:
    return binascii.a2b_base64(value[_BYTES]) if value.keys() == {_BYTES} else value


class StoredInteraction:
    """A document, and the keys that its request is found under.

    The document of a loaded interaction is kept as it is, so that saving it again changes
    nothing: not even what is nobody's here.
    """

    __slots__ = ("_document", "_interaction", "_line", "keys")

    def __init__(
        self,
        keys: Keys,
        *,
        document: dict[str, Any] | None = None,
        line: bytes | None = None,
        interaction: Interaction | None = None,
    ) -> None:
        self.keys = keys
        self._document = document
        self._line = line
        self._interaction = interaction

    @property
    def document(self) -> dict[str, Any]:
        """What the file holds."""
        if self._document is None and self._line is not None:
            self._document = from_line(self._line)
        if self._document is None:
            assert self._interaction is not None
            self._document = document_of(self._interaction)
        return self._document

    @property
    def interaction(self) -> Interaction:
        """The interaction."""
        if self._interaction is None:
            self._interaction = interaction_of(self.document)
        return self._interaction

    @property
    def line(self) -> bytes:
        """The document on one line; equal for equal documents.

        Raises:
            TypeError, ValueError: JSON has no form for it.
        """
        if self._line is None:
            self._line = to_line(self.document)
        return self._line

    @property
    def identity(self) -> bytes:
        """A text that is equal for equal documents."""
        try:
            return self.line
        except (TypeError, ValueError):
            return repr(self.document).encode("utf-8", "surrogatepass")
