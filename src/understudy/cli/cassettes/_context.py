"""What the commands over cassettes share: which files, the project's settings, how to write."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from ...cassettes import CASSETTES, CassetteSettings, files_below
from ...errors import CassetteError, printable_lines
from ...options import STATE_FOLDER
from ...settings import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ...calls import Exchange
    from ...cassettes.secrets import SecretsRedactor
    from ...wire import WireApis

_PYPROJECT: Final = Path("pyproject.toml")
#: Where the plugin keeps what belongs to cassettes: journals, locks, the record of the last run.
STATE: Final = Path(STATE_FOLDER)
#: What every cassette holds near its beginning or its end.
_MARKS: Final = (b"interactions", b'"entries"')
_LOOKED_AT: Final = 4096


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
    """Write a line; what the stream cannot encode is escaped, what would steer it is left out."""
    text = printable_lines(text)
    to = sys.stdout if stream is None else stream
    encoding = to.encoding or "utf-8"
    to.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def complain(error: object) -> None:
    """Write an error to standard error."""
    write(f"understudy: {error}", sys.stderr)


def cassette_files(paths: Iterable[str]) -> list[Path]:
    """Return the files named, and those in the folders named; the working directory by default.

    In a folder called `cassettes`, every YAML and JSON file is taken for one; elsewhere those
    that look like one. Sorted within each folder.

    Raises:
        CassetteError: a path does not exist.
    """
    found: dict[Path, None] = {}
    for path in map(Path, paths or ["."]):
        if not _exists(path):
            msg = f"{path}: cannot be read: there is no such file or folder."
            raise CassetteError(msg)
        found.update(dict.fromkeys(_below(path) if path.is_dir() else [path]))
    return list(found)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror}"
        raise CassetteError(msg) from error


def _below(folder: Path) -> Iterator[Path]:
    for path in files_below(folder):
        if CASSETTES in path.parent.resolve().parts or _looks_like_one(path):
            yield path


def _looks_like_one(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            start = file.read(_LOOKED_AT)
    except OSError:
        return False
    return start.startswith(b"\x1f\x8b") or any(mark in start for mark in _MARKS)
