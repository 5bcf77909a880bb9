"""Which faults a test has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from ...settings import Settings

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
