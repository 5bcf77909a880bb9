"""The marker `llm_estimate`: the prediction for all calls of a test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from ...errors import EstimateError
from ...events import parse_estimate

if TYPE_CHECKING:
    from ...events import Estimate
    from .._context import RunContext

_NAME: Final = "llm_estimate"
_ESTIMATE: Final[pytest.StashKey[Estimate | None]] = pytest.StashKey()


def estimate_of(item: pytest.Item) -> Estimate | None:
    """Read the nearest `llm_estimate` marker of a test, None where there is none.

    Raises:
        pytest.UsageError: the marker is called wrongly.
    """
    if _ESTIMATE not in item.stash:
        marker = item.get_closest_marker(_NAME)
        item.stash[_ESTIMATE] = None if marker is None else _read(marker, item.nodeid)
    return item.stash[_ESTIMATE]


def check(item: pytest.Item, _: RunContext) -> None:
    """Refuse a marker that is called wrongly, or predicts what nobody records.

    Raises:
        pytest.UsageError: says which marker of which test, and what to write.
    """
    estimate_of(item)
    if item.get_closest_marker("llm_ignore") is not None:
        msg = f"{item.nodeid}: llm_ignore records nothing that {_NAME} could predict. Drop one."
        raise pytest.UsageError(msg)


def _read(marker: pytest.Mark, node_id: str) -> Estimate:
    where = f"{_NAME} of {node_id}"
    fields: dict[str, Any] = dict(marker.kwargs)
    if marker.args:
        msg = f"{where}: write it by name, like {_NAME}(output_tokens=800)."
        raise pytest.UsageError(msg)
    try:
        return parse_estimate(fields, where=where)
    except EstimateError as error:
        raise pytest.UsageError(str(error)) from None
