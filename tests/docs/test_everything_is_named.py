"""What a user can write is named in the reference."""

from __future__ import annotations

import argparse
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from understudy import pytest_plugin
from understudy.cli._main import _parser
from understudy.events import CallEvent, TokenEstimate
from understudy.hookspecs import PytestHooks, RegistrationHooks
from understudy.options import OPTIONS
from understudy.pytest_plugin.markers._markers import MARKERS, Marker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.options import Option

REFERENCE = Path(__file__).parents[2] / "docs/reference"
HOOKS = [
    (name, hook)
    for hooks in (PytestHooks, RegistrationHooks)
    for name, hook in vars(hooks).items()
    if not name.startswith("_")
]


def page(name: str) -> str:
    return (REFERENCE / f"{name}.md").read_text()


def commands(parser: argparse.ArgumentParser, words: str = "understudy") -> Iterator[str]:
    nested = [action for action in parser._actions if hasattr(action, "choices") and action.choices]
    parsers = [each for each in nested if isinstance(each, argparse._SubParsersAction)]
    if not parsers:
        yield words
    for each in parsers:
        for name, child in each.choices.items():
            yield from commands(child, f"{words} {name}")


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_an_option_is_named_in_all_its_spellings(option: Option) -> None:
    """Setting and variables always, the flag where pytest has it."""
    text = page("options")

    assert f"`{option.setting}`" in text
    assert all(f"`{variable}`" in text for variable in option.variables)


def test_every_flag_of_pytest_help_is_named(pytester: pytest.Pytester) -> None:
    """What `pytest --help` offers under our group stands in the reference."""
    shown = pytester.runpytest_inprocess("--help").stdout.str()
    flags = {word.strip(",=.") for word in shown.split() if "--llm-" in word or "--no-llm-" in word}

    assert flags
    assert [flag for flag in flags if flag.partition("=")[0] not in page("options")] == []


@pytest.mark.parametrize("marker", MARKERS, ids=lambda marker: marker.name)
def test_a_marker_is_named(marker: Marker) -> None:
    """With the name it is registered under."""
    assert f"## `{marker.name}" in page("markers")


@pytest.mark.parametrize("fixture", pytest_plugin.__all__)
def test_a_fixture_is_named(fixture: str) -> None:
    """With a heading of its own."""
    assert f"## `{fixture}`" in page("fixtures")


@pytest.mark.parametrize(("name", "hook"), HOOKS)
def test_a_hook_is_named_with_its_arguments(name: str, hook: object) -> None:
    """The heading is the signature."""
    arguments = [each for each in signature(hook).parameters if each != "self"]  # type: ignore[arg-type]

    assert f"### `{name}({', '.join(arguments)})`" in page("hooks")


@pytest.mark.parametrize(("name", "hook"), HOOKS)
def test_a_hook_has_an_example(name: str, hook: object) -> None:
    """The docstring shows what to paste."""
    assert "Example, in a `conftest.py`::" in (hook.__doc__ or "")


@pytest.mark.parametrize("command", list(commands(_parser())))
def test_a_command_is_named(command: str) -> None:
    """With a heading of its own."""
    assert f"## `{command}" in page("command-line")


@pytest.mark.parametrize("field", list(CallEvent.model_fields))
def test_a_field_of_a_call_is_named(field: str) -> None:
    """Every column has a meaning that can be looked up."""
    if field != "event_type":
        assert f"`{field}`" in page("events")


@pytest.mark.parametrize("field", list(TokenEstimate.model_fields))
def test_a_field_of_an_estimate_is_named(field: str) -> None:
    """In the part of the page that is about estimates."""
    assert f"`{field}`" in page("events").partition("## Estimates")[2]
