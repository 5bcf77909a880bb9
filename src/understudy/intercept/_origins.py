"""What tells that vcrpy's cassette gave the answer, or is recording it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial, wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from ._attempts import HttpAttempts
    from ._patches import Patches


@dataclass(frozen=True, slots=True)
class CassetteOrigin:
    """Marks the attempts that a vcrpy `Cassette` answers or keeps."""

    module: str = "vcr.cassette"

    def apply(self, module: ModuleType, patches: Patches, attempts: HttpAttempts) -> None:
        """Wrap the playing and the appending of an interaction."""
        cassette = module.Cassette
        patches.wrap(cassette, "play_response", partial(_marking, attempts, "was_replayed"))
        patches.wrap(cassette, "append", partial(_marking, attempts, "was_recorded"))


def _marking(attempts: HttpAttempts, mark: str, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def marking(self: Any, *args: Any, **options: Any) -> Any:
        attempt = attempts.current
        if attempt is not None:
            setattr(attempt, mark, True)
        return original(self, *args, **options)

    return marking
