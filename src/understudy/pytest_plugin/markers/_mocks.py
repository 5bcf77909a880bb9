"""The markers `llm_scenario`, `llm_profile` and `llm_faults`: the names that they give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from ...errors import UnderstudyError
from .._context import RunContext, check_profile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...settings import Settings

FAULTS: Final = "llm_faults"

_INSTANT: Final = "instant"


def named_by(marker: str, item: pytest.Item) -> str | None:
    """Return the name that the nearest marker of a test gives, None where there is none.

    A marker of the test goes before one of its class, and that one before its module's.

    Raises:
        pytest.UsageError: the marker is called wrongly, or stands twice at the test.
    """
    found = list(item.iter_markers_with_node(marker))
    if not found:
        return None
    nearest = found[0][0]
    names = [_name(mark, item) for node, mark in found if node is nearest]
    if nearest is item and len(names) > 1:
        msg = f"{item.nodeid}: {marker} stands there twice ({', '.join(names)}). Drop one."
        raise pytest.UsageError(msg)
    return names[-1]  # of a class, whose bases may have given it others


def profile_of(item: pytest.Item | None, settings: Settings) -> str:
    """Return the name that counts: option, environment, marker, setting, default.

    Raises:
        pytest.UsageError: the marker is called wrongly.
    """
    marked = None if item is None else named_by("llm_profile", item)
    if marked is None or settings.outranks_marker("profile"):
        return settings.profile or _INSTANT
    return marked


def planned_for(item: pytest.Item | None, settings: Settings) -> tuple[str, ...]:
    """Return the names that count: option, environment, marker, setting, none.

    Raises:
        pytest.UsageError: the marker is called wrongly.
    """
    marker = None if item is None else item.get_closest_marker(FAULTS)
    if item is None or marker is None or settings.outranks_marker("faults"):
        return settings.faults
    if marker.kwargs or not all(isinstance(name, str) for name in marker.args):
        msg = f"{item.nodeid}: {FAULTS} takes names, like {FAULTS}('rate_limit', 'peer_drop')."
        raise pytest.UsageError(msg)
    return marker.args


def check(item: pytest.Item, context: RunContext) -> None:
    """Refuse names that no scenario, no profile and no fault has.

    Raises:
        pytest.UsageError: says which marker of which test.
    """
    scenario = named_by("llm_scenario", item)
    if scenario or named_by("llm_profile", item):
        check_names(profile_of(item, context.settings), scenario, context, f"{item.nodeid}: ")
    if item.get_closest_marker(FAULTS) is not None:
        check_faults(planned_for(item, context.settings), context, item.nodeid)


def check_names(profile: str, scenario: str | None, context: RunContext, where: str = "") -> None:
    """Refuse names that nothing has.

    Raises:
        pytest.UsageError: says which name, and where it stands.
    """
    library = context.materials
    try:
        check_profile(profile, library.profiles)
        if scenario is not None:
            library.scenario(scenario)
    except UnderstudyError as error:
        msg = f"{where}{error}"
        raise pytest.UsageError(msg) from error


def check_faults(names: Iterable[str], context: RunContext, where: str) -> None:
    """Refuse names that no fault has.

    Raises:
        pytest.UsageError: says which name, and where it stands.
    """
    for name in names:
        try:
            context.materials.faults.make(name)
        except UnderstudyError as error:
            msg = f"{where}: {error}"
            raise pytest.UsageError(msg) from error


def _name(mark: pytest.Mark, item: pytest.Item) -> str:
    arguments = [*mark.args, *(mark.kwargs[key] for key in mark.kwargs if key == "name")]
    is_called_right = len(arguments) == 1 == len(mark.args) + len(mark.kwargs)
    if not is_called_right or not isinstance(arguments[0], str) or not arguments[0]:
        keyword = next((key for key in mark.kwargs if key != "name"), None)
        how = f", without the keyword {keyword!r}" if keyword and not mark.args else ""
        msg = f"{item.nodeid}: {mark.name} takes one name, like {mark.name}('…'){how}."
        raise pytest.UsageError(msg)
    name: str = arguments[0]
    return name
