"""The marker `llm_router`: how the router of a test is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from ...errors import UnderstudyError

if TYPE_CHECKING:
    from pathlib import Path

    from .._context import RunContext

MARKER: Final = "llm_router"


def tables_of(item: pytest.Item, root: Path) -> dict[str, Any]:
    """Return the tables that a test's marker gives; those of a wider one are behind it.

    Raises:
        pytest.UsageError: the marker is called wrongly, or its file is wrong.
    """
    tables: dict[str, Any] = {}
    for mark in reversed(list(item.iter_markers(MARKER))):
        tables |= _of(mark, item, root)
    return tables


def check(item: pytest.Item, context: RunContext) -> None:
    """Refuse what is no set-up of a router.

    Raises:
        pytest.UsageError: says which marker of which test, and what to write.
    """
    from ...routing.router_file import read_router_table  # noqa: PLC0415 - who has one pays

    tables = tables_of(item, context.root)
    given = {name: table for name, table in tables.items() if table is not None}
    try:
        read_router_table(given, where=f"{item.nodeid}: {MARKER}")
    except UnderstudyError as error:
        raise pytest.UsageError(str(error)) from error


def _of(mark: pytest.Mark, item: pytest.Item, root: Path) -> dict[str, Any]:
    if not mark.args:
        return dict(mark.kwargs)
    if len(mark.args) > 1 or not isinstance(mark.args[0], str):
        msg = (
            f"{item.nodeid}: {MARKER} takes the name of one file, and tables by their names,"
            f" like {MARKER}(cache={{'ttl_seconds': 60}})."
        )
        raise pytest.UsageError(msg)
    import tomllib  # noqa: PLC0415 - only who names a file pays for it

    from ...routing.router_file import read_router_file  # noqa: PLC0415 - as above

    path = root / mark.args[0]
    try:
        read_router_file(path)
    except UnderstudyError as error:
        msg = f"{item.nodeid}: {MARKER}: {error}"
        raise pytest.UsageError(msg) from error
    return {**tomllib.loads(path.read_text(encoding="utf-8")), **mark.kwargs}
