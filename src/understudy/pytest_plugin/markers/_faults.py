"""The marker `llm_faults`: which faults a test has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from ...errors import UnderstudyError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...settings import Settings
    from .._context import RunContext

MARKER: Final = "llm_faults"


def planned_for(item: pytest.Item | None, settings: Settings) -> tuple[str, ...]:
    """Return the names that count: option, environment, marker, setting, none.

    Raises:
        pytest.UsageError: the marker is called wrongly.
    """
    marker = None if item is None else item.get_closest_marker(MARKER)
    if item is None or marker is None or settings.outranks_marker("faults"):
        return settings.faults
    if marker.kwargs or not all(isinstance(name, str) for name in marker.args):
        msg = f"{item.nodeid}: {MARKER} takes names, like {MARKER}('rate_limit', 'peer_drop')."
        raise pytest.UsageError(msg)
    return marker.args


def check(item: pytest.Item, context: RunContext) -> None:
    """Refuse names that no fault has.

    Raises:
        pytest.UsageError: says which name, the nearest one, and whose it is.
    """
    check_names(planned_for(item, context.settings), context, item.nodeid)


def check_names(names: Iterable[str], context: RunContext, where: str) -> None:
    """Refuse names that no fault has.

    Raises:
        pytest.UsageError: says which name, and where it stands.
    """
    for name in names:
        try:
            context.library.faults.make(name)
        except UnderstudyError as error:
            msg = f"{where}: {error}"
            raise pytest.UsageError(msg) from error
