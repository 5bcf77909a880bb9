"""Options, environment, pytest's settings and `[tool.understudy]`, resolved to one value.

For every option the order is: command line, environment, pytest's own configuration,
default. `Settings.sources` says for each which of them won.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from .errors import SettingsError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

DEFAULT_STORE: Final = ".understudy/telemetry.db"
TABLES: Final = ("prices",)

_KEY: Final = "key"
_SQLITE: Final = "sqlite:///"
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off", ""})


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user asked for; `sources` maps an option to where its value came from.

    `store` is an absolute path or a URL; `budget` is in USD.
    """

    telemetry: bool = False
    store: str = DEFAULT_STORE
    budget: Decimal | None = None
    store_content: bool = False
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Option:
    """One option: `--llm-<name>`, `llm_<name>` in pytest's settings, `UNDERSTUDY_<NAME>`."""

    name: str
    parse: Callable[[str, str], Any]
    default: Any
    aliases: tuple[str, ...] = ()

    @property
    def flag(self) -> str:
        """The option on the command line."""
        return f"--llm-{self.name.replace('_', '-')}"

    @property
    def setting(self) -> str:
        """The key in pytest's own configuration."""
        return f"llm_{self.name}"

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables, the first one wins."""
        return (f"UNDERSTUDY_{self.name.upper()}", *self.aliases)


def parse_switch(text: str, where: str) -> bool:
    """Read a switch.

    Raises:
        SettingsError: `text` is no word for yes or no.
    """
    word = text.strip().lower()
    if word not in _TRUE | _FALSE:
        msg = (
            f"{where}: {text!r} is neither yes nor no. Write 1, true, yes, on or 0, false, no, off."
        )
        raise SettingsError(msg)
    return word in _TRUE


def parse_usd(text: str, where: str) -> Decimal:
    """Read an amount in USD.

    Raises:
        SettingsError: `text` is no number, not finite or negative.
    """
    try:
        amount = Decimal(text.strip().removeprefix("$"))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        msg = f"{where}: {text!r} is no amount in USD. Write a number from 0 on, like 0.50."
        raise SettingsError(msg)
    return amount


def parse_text(text: str, where: str) -> str:
    """Read a text that must not be empty.

    Raises:
        SettingsError: `text` is empty.
    """
    if not text.strip():
        msg = f"{where}: the value is empty. Give one, or leave the option out."
        raise SettingsError(msg)
    return text.strip()


TELEMETRY: Final = Option(
    "telemetry", parse_switch, default=False, aliases=("TELEMETRY_DB_ENABLED",)
)
STORE: Final = Option("store", parse_text, default=DEFAULT_STORE)
BUDGET: Final = Option("budget", parse_usd, default=None)
STORE_CONTENT: Final = Option("store_content", parse_switch, default=False)
OPTIONS: Final = (TELEMETRY, STORE, BUDGET, STORE_CONTENT)


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
            return Found(option.parse(str(value), option.flag), Rank.COMMAND_LINE, "command line")
        for variable in option.variables:
            if (text := self.environment.get(variable)) is not None:
                return Found(option.parse(text, variable), Rank.ENVIRONMENT, variable)
        if (value := self.configuration.get(option.setting)) is not None:
            parsed = option.parse(str(value), option.setting)
            return Found(parsed, Rank.CONFIGURATION, "configuration")
        return Found(option.default, Rank.DEFAULT, "default")


def resolve(given: Given, *, root: Path) -> Settings:
    """Bring all places together; a relative store stands below `root`.

    Raises:
        SettingsError: a value cannot be read, or two of them contradict each other.
    """
    found = {option.name: given.find(option) for option in OPTIONS}
    found["telemetry"] = _implied(found["telemetry"], by=found["budget"])
    values = {name: each.value for name, each in found.items()}
    values["store"] = _below(root, values["store"])
    sources = {name: each.source for name, each in found.items()}
    return Settings(**values, sources=sources)


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


def _implied(telemetry: Found, *, by: Found) -> Found:
    if by.value is None or telemetry.value or telemetry.rank < by.rank:
        return telemetry
    if telemetry.rank == by.rank:
        msg = (
            f"{BUDGET.flag} needs telemetry, and {telemetry.source} forbids it"
            f" ({by.source} asks for the budget). Leave one of them out."
        )
        raise SettingsError(msg)
    return Found(True, by.rank, f"implied by {BUDGET.flag} ({by.source})")


def _below(root: Path, store: str) -> str:
    if store.startswith(_SQLITE):
        return f"{_SQLITE}{root / store.removeprefix(_SQLITE)}"
    return store if "://" in store else str(root / store)
