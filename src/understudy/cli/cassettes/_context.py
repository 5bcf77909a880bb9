"""What the commands over cassettes share: the project's settings, and its redactor."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from ...settings import read_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...calls import Exchange
    from ...cassettes import CassetteSettings
    from ...cassettes.secrets import SecretsRedactor
    from ...wire import WireApis

_PYPROJECT: Final = Path("pyproject.toml")
#: Where the plugin keeps what belongs to cassettes: journals, locks, the record of the last run.
STATE: Final = Path(".understudy")


@dataclass(frozen=True)
class Context:
    """Read when a command first asks; `price` and `apis` come from whoever composes."""

    price: Callable[[Exchange], float | None]
    apis: Callable[[], WireApis]

    @cached_property
    def settings(self) -> CassetteSettings:
        """`[tool.understudy.cassettes]` of the working directory.

        Raises:
            SettingsError: the table is wrong.
        """
        from ...cassettes import read_cassette_settings  # noqa: PLC0415 - not for `show`

        table: dict[str, Any] = read_table(_PYPROJECT).get("cassettes", {})
        return read_cassette_settings(table, where=str(_PYPROJECT))

    @cached_property
    def redactor(self) -> SecretsRedactor:
        """The redactor of these settings, which knows the secrets of the environment.

        Raises:
            SettingsError: the table is wrong.
        """
        from ...cassettes.secrets import SecretsRedactor, read_redaction  # noqa: PLC0415

        rules = read_redaction(self.settings.redaction, where=str(_PYPROJECT))
        return SecretsRedactor(rules, environment=os.environ)


def write(text: str, stream: TextIO | None = None) -> None:
    """Write a line; what the stream cannot encode is escaped."""
    to = sys.stdout if stream is None else stream
    encoding = to.encoding or "utf-8"
    to.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def complain(error: object) -> None:
    """Write an error to standard error."""
    write(f"understudy: {error}", sys.stderr)
