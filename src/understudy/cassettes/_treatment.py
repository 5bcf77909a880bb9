"""What is done to an interaction before it is kept: the seams for secrets and views."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ._interaction import Interaction, RecordedRequest


class Redactor(Protocol):
    """Takes secrets out. What is redacted already must come out unchanged."""

    @property
    def fingerprint(self) -> str:
        """A text that changes whenever `request` would redact otherwise."""
        ...

    def request(self, request: RecordedRequest) -> RecordedRequest | None:
        """Return the request as it is kept and compared; None where the cassette ignores it.

        Called for each live request before it is looked up, and for each stored one before
        it is indexed, so that old and new files match.
        """
        ...

    def recorded(self, recorded: Interaction) -> Interaction | None:
        """Return the interaction as it is kept; None where it is not to be kept."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """`redactor` runs before anything touches the disk, the journal included.

    `view` then gives what stands under `llm_view`, or None. `after_save` gets the file's path
    and its content once it is on the disk; it raises where it finds what must not be there.
    """

    redactor: Redactor | None = None
    view: Callable[[Interaction], Any] | None = None
    after_save: Callable[[Path, bytes], None] | None = None

    def treated(self, recorded: Interaction) -> Interaction | None:
        """Return what is kept of an interaction: redacted, with its view; None for nothing."""
        kept = recorded if self.redactor is None else self.redactor.recorded(recorded)
        if kept is None or self.view is None:
            return kept
        view = None
        with suppress(Exception):  # a view that fails must not lose what it shows
            view = self.view(kept)
        return replace(kept, response=replace(kept.response, view=view))
