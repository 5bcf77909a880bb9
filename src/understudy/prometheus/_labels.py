"""Values of labels: names that others choose, cut and bounded."""

from __future__ import annotations

from typing import Final

#: The value of the names beyond the bound.
OTHER: Final = "other"
_LONGEST: Final = 128


def clean(name: str) -> str:
    """Return a name that can be written as UTF-8 on one line and is no page of text."""
    if len(name) <= _LONGEST and name.isprintable():
        return name
    shown = "".join(each if each.isprintable() else "?" for each in name[:_LONGEST])
    return shown if len(name) <= _LONGEST else f"{shown[:-1]}…"


class Names:
    """Lets so many names be labels; the others are one."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._known

    def label(self, name: str) -> str:
        """Return the label of a name."""
        if name not in self._known:
            if len(self._known) >= self._most:
                return OTHER
            self._known.add(name)
        return name
