"""When a cassette records: vcrpy's words."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from ..errors import UnknownNameError

_KIND: Final = "record mode"


class RecordMode(StrEnum):
    """`none` never, `once` while the file is new, `new_episodes` what is missing, `all` anew."""

    NONE = "none"
    ONCE = "once"
    NEW_EPISODES = "new_episodes"
    ALL = "all"

    @classmethod
    def named(cls, name: str, *, where: str = "") -> RecordMode:
        """Return the mode of that name.

        Raises:
            UnknownNameError: there is none.
        """
        try:
            return cls(name)
        except ValueError:
            known = [mode.value for mode in cls]
            raise UnknownNameError(_KIND, name, known, where=where) from None
