"""Everything that understudy raises on purpose.

UnderstudyError
├── SettingsError          an option, a setting or a table of ours is wrong
│   ├── UnknownNameError   a name that nobody registered
│   ├── RouterConfigError  a router cannot be made like this (in `routing`)
│   └── ScenarioError      a scenario's file is wrong (in `scenarios`)
├── StoreError             the store cannot be opened, read or written
├── JournalError           a journal cannot be opened or written
├── CassetteError          a cassette file cannot be read, or not be written
├── BaselineError          a file of a gate's baseline cannot be read (in `gates`)
├── EstimateError          a prediction of tokens is none, or an estimator failed
├── ModelEventError        what was told of a model cannot be kept
├── IntegrationError       a library that an integration is for is not there
├── RouterError            a request to a router found no answer (in `routing`)
├── RegistrationError      a hook registered something unusable
└── ClockError             the clock cannot be used in this way, or not on this event loop

Each class has a `slug`: the anchor of its paragraph in `docs/reference/messages.md`.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator


def printable(text: str) -> str:
    """Return a text on one line, `?` for what steers a terminal or shows text as another.

    Whatever is said of a name that somebody else chose passes through here: of models, tests,
    tools and files, which may hold escapes, line ends, marks of direction, letters of no width.
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else " " if each.isspace() else "?" for each in text)


def printable_lines(text: str) -> str:
    """Return a text of several lines, each as `printable` has it."""
    return text if text.isprintable() else "\n".join(map(printable, text.split("\n")))


def counted(number: int, noun: str) -> str:
    """Write a number of things: `1 call`, `1,200 calls`."""
    return f"{number:,} {noun if number == 1 else noun + 's'}"


class UnderstudyError(Exception):
    """Base of all errors raised on purpose."""

    slug = "error"

    def __str__(self) -> str:
        return printable_lines(super().__str__())


class SettingsError(UnderstudyError):
    """An option, an environment variable, a setting or a table of ours is wrong."""

    slug = "settings"


class UnknownNameError(SettingsError):
    """A name that nobody registered: says the known ones and the nearest."""

    slug = "unknown-name"

    def __init__(self, kind: str, name: str, known: Iterable[str], *, where: str = "") -> None:
        self.kind = kind
        self.name = name
        self.known = tuple(sorted(known))
        place = f" in {where}" if where else ""
        super().__init__(f"unknown {kind} {name!r}{place}.{_advice(name, self.known)}")

    @classmethod
    def check(
        cls, kind: str, names: Iterable[str], known: Collection[str], *, where: str = ""
    ) -> None:
        """Raise for the first of `names` that is not known."""
        for name in names:
            if name not in known:
                raise cls(kind, str(name), known, where=where)


class StoreError(UnderstudyError):
    """The telemetry store cannot be opened, read or written."""

    slug = "store"


class JournalError(UnderstudyError):
    """A journal cannot be opened or written."""

    slug = "journal"


class CassetteError(UnderstudyError):
    """A cassette file cannot be read, or not be added to."""

    slug = "cassette"


class CassetteNotSavedError(CassetteError, OSError):
    """A cassette file cannot be written; the message says where what was recorded is kept."""


class EstimateError(UnderstudyError):
    """A prediction of output tokens cannot be used, or an estimator failed."""

    slug = "estimate"


class ModelEventError(UnderstudyError, ValueError):
    """What an application tells of a model cannot be kept: no number, no name, too much."""

    slug = "model-event"


class RegistrationError(UnderstudyError):
    """A plugin registered something that cannot be used."""

    slug = "registration"


class IntegrationError(UnderstudyError, ImportError):
    """A library that an integration is for is not there."""

    slug = "integration"


class ClockError(UnderstudyError):
    """The clock cannot be used in this way, or not on this event loop."""

    slug = "clock"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that was probably meant, None where no name is near."""
    return next(iter(get_close_matches(name, list(known), n=1)), None)


def errors_behind(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, what caused it, and what it groups, each once."""
    waiting, seen = [error], set()
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions


def _advice(name: str, known: tuple[str, ...]) -> str:
    if not known:
        return " None is known."
    near = nearest(name, known)
    guess = f" Did you mean {near!r}?" if near else ""
    return f"{guess} Known: {', '.join(known)}."
