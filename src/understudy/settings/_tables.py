"""The tables `[tool.understudy]` of `pyproject.toml`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ..errors import SettingsError, UnknownNameError

if TYPE_CHECKING:
    from pathlib import Path

TABLES: Final = ("cassettes", "costs", "gates", "prices", "profiles")

_KEY: Final = "key"


def read_table(path: Path) -> dict[str, Any]:
    """Return `[tool.understudy]` of the `pyproject.toml` at `path`, empty where there is none.

    Raises:
        SettingsError: the file is not TOML, or the table has an unknown key.
    """
    import tomllib  # noqa: PLC0415 - only those who have tables pay for it

    if not path.is_file():
        return {}
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        msg = f"{path}: cannot be read as TOML: {error}"
        raise SettingsError(msg) from error
    return _known_tables(document.get("tool", {}).get("understudy", {}), path)


def _known_tables(table: Any, path: Path) -> dict[str, Any]:
    if not isinstance(table, dict):
        msg = f"{path}: [tool.understudy] is no table. Write its settings below that heading."
        raise SettingsError(msg)
    for key, value in table.items():
        if key not in TABLES:
            where = f"{path}, [tool.understudy]"
            raise UnknownNameError(_KEY, key, TABLES, where=where)
        if not isinstance(value, dict):
            msg = f"{path}: [tool.understudy.{key}] is no table but {value!r}."
            raise SettingsError(msg)
    return table
