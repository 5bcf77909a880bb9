"""A parser that knows what was probably meant."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Final, NoReturn

from ..errors import UnknownNameError, nearest, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: What `add_subparsers` is told: the same words in each group of commands.
GROUP: dict[str, Any] = {"title": "commands", "required": True, "metavar": "COMMAND"}

_PROGRAM: Final = "understudy"
#: What `--help` shows of each command and group, without the program; the first words name it.
EXAMPLES: Final = (
    "cassettes list",
    "cassettes list tests/cassettes --json",
    "cassettes show tests/cassettes/test_login.yaml --view",
    "cassettes scrub tests/cassettes",
    "cassettes scrub --check tests/cassettes",
    "cassettes check",
    "cassettes check --strict tests/cassettes",
    "cassettes orphans",
    "cassettes verify tests/cassettes/test_login.yaml",
    "profile fit tests/cassettes --name ours",
    "profile fit .understudy/telemetry.db --model gpt-4o",
    "scenarios list",
    "scenarios show ticket_triage",
    "scenarios check",
    "scenarios check golden/booking.yaml",
    "stats",
    "stats --store postgresql://db.example/llm --json",
    "strata",
    "strata --since 30d --category testing",
    "costs",
    "costs --since 30d",
    "forecast",
    "trends",
    "export --output estimates.ndjson",
    "export --table calls --format csv --since 7d -o calls.csv",
    "migrate",
    "prune --dry-run",
    "prune --older-than 30d --export archive",
    "replay --estimator estimators:by_length",
    "efficiency",
    "efficiency --days 14 --component qwen2.5-coder",
    "footprint",
    "alerts",
    "alerts --retention 60d",
    "gate --samples baseline.jsonl candidate.jsonl",
    "gate --samples baseline.jsonl candidate.jsonl --margin 10% --strict",
    "baseline show",
    "baseline show 'tests/test_bot.py::*'",
    "baseline diff",
    "baseline accept tests/test_bot.py::test_refund --reason 'a longer prompt, for safety'",
    "baseline selftest",
    "serve --mock --port 8080",
    "serve --router router.toml --store calls.db",
    "serve --mock=page_creation --profile realistic_l2",
)


class Unread(Exception):  # noqa: N818 - no error before somebody says what was meant
    """A command cannot read some of its arguments."""

    def __init__(self, command: Parser, arguments: list[str]) -> None:
        self.command = command
        self.arguments = arguments


class Parser(argparse.ArgumentParser):
    """Names the nearest command or option, and the commands that have an option of that name.

    Help ends with examples. Errors are those of the command that was given: its usage is shown,
    the status is 2.
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

    def format_help(self) -> str:
        """Return the help, and examples of the command or of those of its group."""
        words = self.prog.split()[1:]
        fitting = [each for each in EXAMPLES if words and each.split()[: len(words)] == words]
        lines = "".join(f"  {_PROGRAM} {each}\n" for each in fitting)
        return super().format_help() + (f"\nexamples:\n{lines}" if lines else "")

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
