"""A parser that knows what was probably meant."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, NoReturn

from ..errors import UnknownNameError, nearest, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: What `add_subparsers` is told: the same words in each group of commands.
GROUP: dict[str, Any] = {"title": "commands", "required": True, "metavar": "COMMAND"}


class Unread(Exception):  # noqa: N818 - no error before somebody says what was meant
    """A command cannot read some of its arguments."""

    def __init__(self, command: Parser, arguments: list[str]) -> None:
        self.command = command
        self.arguments = arguments


class Parser(argparse.ArgumentParser):
    """Names the nearest command or option, and the commands that have an option of that name.

    Errors are those of the command that was given: its usage is shown, the status is 2.
    """

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Read what is known; the rest belongs to no command above either.

        Raises:
            Unread: there is a rest.
        """
        read, rest = super().parse_known_args(args, namespace)
        if rest:
            raise Unread(self, rest)
        return read, rest

    def error(self, message: str) -> NoReturn:
        """Exit with 2 after a message, in which words may be those of others."""
        super().error(printable(message))

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            is_command = isinstance(action, argparse._SubParsersAction)  # noqa: SLF001
            kind = "command" if is_command else "word"
            where = "" if is_command else "/".join(action.option_strings)
            self.error(str(UnknownNameError(kind, str(value), action.choices, where=where)))

    def advice(self, unread: Unread) -> str:
        """Return what is wrong, and what was probably meant."""
        name = unread.arguments[0].partition("=")[0]
        text = f"unrecognized arguments: {' '.join(unread.arguments)}"
        if not name.startswith("-"):
            return text
        if having := [each.prog for each in self._below() if name in each._option_string_actions]:  # noqa: SLF001
            return f"{text}. {name} is an option of: {', '.join(having)}."
        near = nearest(name, unread.command._option_string_actions)  # noqa: SLF001
        return f"{text}. Did you mean {near}?" if near else text

    def _below(self) -> Iterator[Parser]:
        """Yield the commands."""
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
                for each in action.choices.values():
                    yield from each._below()  # noqa: SLF001
                return
        yield self


class ShowVersion(argparse.Action):
    """Prints the version, which is looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        """Print it and exit with 0."""
        from importlib.metadata import version  # noqa: PLC0415 - slow, and rarely wanted

        print(f"pytest-understudy {version('pytest-understudy')}")
        parser.exit()
