"""Locks the loading of models where memory is scarce, and not at every flicker."""

from __future__ import annotations

from typing import Final, Literal

#: Memory must rise to this many tenths of the threshold for loading to be released.
_TENTHS: Final = 11


class Lockout:
    """Remembers what is locked: below a threshold, until a tenth more than that is free.

    Each GPU and threshold for itself. Of many threads that see one transition one is told of it.
    """

    def __init__(self) -> None:
        # Only steps that are one: a lock would stay locked in a child that is forked meanwhile.
        self._locked: dict[tuple[str, float], object] = {}

    def judge(
        self, component: str, *, free: float, threshold: float
    ) -> Literal["locked", "released"] | None:
        """Take a reading in MB; return the transition that it is, None where all stays as it is."""
        key, mine = (component, threshold), object()
        if free < threshold:
            return "locked" if self._locked.setdefault(key, mine) is mine else None
        if free * 10 >= threshold * _TENTHS and self._locked.pop(key, None) is not None:
            return "released"
        return None

    def is_locked(self, component: str, threshold: float) -> bool:
        """Tell whether loading is locked."""
        return (component, threshold) in self._locked
