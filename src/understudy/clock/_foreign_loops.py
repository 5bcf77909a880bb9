"""Event loops whose time nobody can move."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final, NoReturn

from ..errors import ClockError

if TYPE_CHECKING:
    from ._patches import Patches

_KNOWN: Final = ("uvloop", "winloop")


def refused(kind: type) -> ClockError:
    """Return the error for a loop of that kind."""
    return ClockError(
        f"the virtual clock cannot move the time of {kind.__module__}.{kind.__qualname__}."
        " Run this test on asyncio's own event loop, or on the real clock (--llm-clock=real)."
    )


def refuse_foreign_loops(patches: Patches) -> None:
    """Make such loops say so when they start: half a test on each time would mislead."""
    for name in _KNOWN:
        kind = getattr(sys.modules.get(name), "Loop", None)
        if kind is not None:
            patches.replace(kind, "run_forever", _refuse)


def _refuse(loop: Any) -> NoReturn:
    raise refused(type(loop))
