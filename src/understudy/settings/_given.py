"""What stands where, and which of it wins."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from ._read import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..options import Option


class Rank(IntEnum):
    """The places where a value may stand, the strongest first."""

    COMMAND_LINE = 0
    ENVIRONMENT = 1
    CONFIGURATION = 2
    DEFAULT = 3


@dataclass(frozen=True, slots=True)
class Found:
    """A value, the rank of its place, and the words that name the place."""

    value: Any
    rank: Rank
    source: str


@dataclass(frozen=True, slots=True)
class Given:
    """What stands on the command line, in the environment and in pytest's configuration."""

    command_line: Mapping[str, Any]
    environment: Mapping[str, str]
    configuration: Mapping[str, Any]

    def find(self, option: Option) -> Found:
        """Return the value that wins.

        Raises:
            SettingsError: the value that wins cannot be read.
        """
        if (value := self.command_line.get(option.setting)) is not None:
            return Found(read(option, value, option.flag), Rank.COMMAND_LINE, "command line")
        for variable in option.variables:
            if (text := self.environment.get(variable)) is not None:
                return Found(read(option, text, variable), Rank.ENVIRONMENT, variable)
        if (value := self.configuration.get(option.setting)) is not None:
            found = read(option, value, option.setting)
            return Found(found, Rank.CONFIGURATION, "configuration")
        return Found(option.default, Rank.DEFAULT, "default")
