"""What our markers name: scenarios and delay profiles."""

from __future__ import annotations

import pytest


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


def _name(mark: pytest.Mark, item: pytest.Item) -> str:
    arguments = [*mark.args, *(mark.kwargs[key] for key in mark.kwargs if key == "name")]
    is_called_right = len(arguments) == 1 == len(mark.args) + len(mark.kwargs)
    if not is_called_right or not isinstance(arguments[0], str) or not arguments[0]:
        msg = f"{item.nodeid}: {mark.name} takes one name, like {mark.name}('…')."
        raise pytest.UsageError(msg)
    name: str = arguments[0]
    return name
