"""One interaction in memory: what the file says of it, read when somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._document import document_of, interaction_of
from ._lines import from_line, to_line

if TYPE_CHECKING:
    from ._interaction import Interaction
    from .matching import Keys


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
        if self._document is None:
            if self._line is not None:
                document: dict[str, Any] = from_line(self._line)
            else:
                assert self._interaction is not None
                document = document_of(self._interaction)
            self._document = document
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
