"""What a user can write is named in the reference."""

from __future__ import annotations

import argparse
import shlex
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING

from understudy import pytest_plugin
from understudy.cli._main import _parser
from understudy.cli._parser import EXAMPLES
from understudy.events import CallEvent, TokenEstimate
from understudy.hookspecs import OwnHooks, PytestHooks
from understudy.options import OPTIONS
from understudy.pytest_plugin.markers import MARKERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

REFERENCE = Path(__file__).parents[2] / "docs/reference"
HOOKS: list[tuple[str, Callable[..., object]]] = [
    (name, hook)
    for hooks in (PytestHooks, OwnHooks)
    for name, hook in vars(hooks).items()
    if not name.startswith("_")
]


def page(name: str) -> str:
    return (REFERENCE / f"{name}.md").read_text()


def parsers_of(
    parser: argparse.ArgumentParser, words: str = "understudy"
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    nested = [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)]
    if not nested:
        yield words, parser
    for each in nested:
        for name, child in each.choices.items():
            yield from parsers_of(child, f"{words} {name}")


def commands(parser: argparse.ArgumentParser) -> Iterator[str]:
    yield from dict(parsers_of(parser))


def test_every_option_is_named_in_all_its_spellings() -> None:
    """Setting and variables always, the flag where pytest has it."""
    text = page("options")
    spellings = [name for option in OPTIONS for name in (option.setting, *option.variables)]

    assert [name for name in spellings if f"`{name}`" not in text] == []


def test_every_flag_of_pytest_help_is_named(pytester: pytest.Pytester) -> None:
    """What `pytest --help` offers under our group stands in the reference."""
    shown = pytester.runpytest_inprocess("--help").stdout.str()
    flags = {word.strip(",=.") for word in shown.split() if "--llm-" in word or "--no-llm-" in word}

    assert flags
    assert [flag for flag in flags if flag.partition("=")[0] not in page("options")] == []


def test_every_marker_has_a_heading() -> None:
    """With the name it is registered under."""
    assert MARKERS
    assert [name for name in MARKERS if f"## `{name}" not in page("markers")] == []


def test_every_fixture_has_a_heading() -> None:
    """Of its own."""
    text = page("fixtures")

    assert [name for name in pytest_plugin.__all__ if f"## `{name}`" not in text] == []


def test_every_hook_has_its_signature_for_a_heading() -> None:
    """With its arguments."""
    headings = [
        f"### `{name}({', '.join(each for each in signature(hook).parameters if each != 'self')})`"
        for name, hook in HOOKS
    ]

    assert headings
    assert [heading for heading in headings if heading not in page("hooks")] == []


def test_every_hook_has_an_example() -> None:
    """The docstring shows what to paste."""
    example = "Example, in a `conftest.py`::"

    assert [name for name, hook in HOOKS if example not in (hook.__doc__ or "")] == []


def test_every_command_has_a_heading() -> None:
    """Of its own."""
    names = list(commands(_parser()))

    assert names
    assert [name for name in names if f"## `{name}" not in page("command-line")] == []


def test_the_help_of_every_command_ends_with_examples_that_are_understood() -> None:
    """The parser takes each of them, whatever a command is called by then."""
    parser = _parser()
    for example in EXAMPLES:
        parser.parse_args(shlex.split(example))

    shown = " ".join(f"understudy {each} " for each in EXAMPLES)
    assert [name for name in commands(parser) if f"{name} " not in shown] == []


def test_placeholders_are_of_one_vocabulary() -> None:
    """What `--help` writes for a value stands in the page, or says all itself: FORMAT.jsonl."""
    metavars = {
        metavar
        for _, parser in parsers_of(_parser())
        for action in parser._actions
        for metavar in ([action.metavar] if isinstance(action.metavar, str) else [])
        if "." not in metavar and ":" not in metavar
    }

    assert metavars
    assert sorted(each for each in metavars if f"`{each}`" not in page("command-line")) == []


def test_every_field_of_a_call_is_named() -> None:
    """Every column has a meaning that can be looked up."""
    fields = set(CallEvent.model_fields) - {"event_type"}

    assert [field for field in fields if f"`{field}`" not in page("events")] == []


def test_every_field_of_an_estimate_is_named() -> None:
    """In the part of the page that is about estimates."""
    text = page("events").partition("## Estimates")[2]

    assert [field for field in TokenEstimate.model_fields if f"`{field}`" not in text] == []
