"""One interaction in memory: what the file says of it, read when somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._document import document_of, recorded_of
from ._lines import from_line, to_line

if TYPE_CHECKING:
    from ._recorded import Recorded
    from .matching import Keys


class StoredInteraction:
    """A document, and the keys that its request is found under.

    The document of a loaded interaction is kept as it is, so that saving it again changes
    nothing: not even what is nobody's here.
    """

    __slots__ = ("_document", "_line", "_recorded", "keys")

    def __init__(
        self,
        keys: Keys,
        *,
        document: dict[str, Any] | None = None,
        line: bytes | None = None,
        recorded: Recorded | None = None,
    ) -> None:
        self.keys = keys
        self._document = document
        self._line = line
        self._recorded = recorded

    @property
    def document(self) -> dict[str, Any]:
        """What the file holds."""
        if self._document is None:
            if self._line is not None:
                document: dict[str, Any] = from_line(self._line)
            else:
                assert self._recorded is not None
                document = document_of(self._recorded)
            self._document = document
        return self._document

    @property
    def recorded(self) -> Recorded:
        """The interaction."""
        if self._recorded is None:
            self._recorded = recorded_of(self.document)
        return self._recorded

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
