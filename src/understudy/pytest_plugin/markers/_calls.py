"""The markers `llm_ignore`, `llm_budget` and `llm_estimate`: what is made of a test's calls."""

from __future__ import annotations

from dataclasses import dataclass
from sys import float_info
from typing import TYPE_CHECKING, Any, Final

import pytest

from ...errors import EstimateError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...events import Estimate
    from .._context import RunContext

_BUDGET: Final = "llm_budget"
_ESTIMATE: Final = "llm_estimate"
_READ: Final[pytest.StashKey[Estimate | None]] = pytest.StashKey()
_LIMITS: Final = ("usd", "calls", "tokens", "ttfc_ms")


@dataclass(frozen=True, slots=True)
class Budget:
    """The limits of one `llm_budget` marker; None is no limit."""

    usd: float | None = None
    calls: float | None = None
    tokens: float | None = None
    ttfc_ms: float | None = None


def budget_of(item: pytest.Item) -> Budget | None:
    """Read the nearest `llm_budget` marker of a test, None where there is none.

    Raises:
        pytest.UsageError: the marker is called wrongly.
    """
    marker = item.get_closest_marker("llm_budget")
    return None if marker is None else _checked(marker.args, marker.kwargs, item.nodeid)


def estimate_of(item: pytest.Item) -> Estimate | None:
    """Read the nearest `llm_estimate` marker of a test, None where there is none.

    Raises:
        pytest.UsageError: the marker is called wrongly.
    """
    if _READ not in item.stash:
        marker = item.get_closest_marker(_ESTIMATE)
        item.stash[_READ] = None if marker is None else _read_estimate(marker, item.nodeid)
    return item.stash[_READ]


def check(item: pytest.Item, _: RunContext) -> None:
    """Refuse markers that are called wrongly or contradict each other.

    Raises:
        pytest.UsageError: says which marker of which test, and what to write.
    """
    ignore = item.get_closest_marker("llm_ignore")
    judged = {_BUDGET: budget_of(item), _ESTIMATE: estimate_of(item)}
    if ignore is None:
        return
    if ignore.args or ignore.kwargs:
        msg = f"{item.nodeid}: llm_ignore takes no arguments."
        raise pytest.UsageError(msg)
    for marker, does in ((_ESTIMATE, "predict"), (_BUDGET, "judge")):
        if judged[marker] is not None:
            msg = f"{item.nodeid}: llm_ignore records nothing that {marker} could {does}. Drop one."
            raise pytest.UsageError(msg)


def _checked(args: tuple[object, ...], limits: Mapping[str, object], node_id: str) -> Budget:
    where = f"llm_budget of {node_id}"
    if args or not limits:
        msg = f"{where}: give limits by name, like llm_budget(usd=0.01, calls=3)."
        raise pytest.UsageError(msg)
    for name, limit in limits.items():
        if name not in _LIMITS:
            error = UnknownNameError("limit", name, _LIMITS, where=where)
            raise pytest.UsageError(str(error))
        if not _is_amount(limit):
            msg = f"{where}: {name}={limit!r} is no number from 0 on."
            raise pytest.UsageError(msg)
    return Budget(**limits)  # type: ignore[arg-type]  # checked above


def _is_amount(limit: object) -> bool:
    is_number = isinstance(limit, (int, float)) and not isinstance(limit, bool)
    return is_number and 0 <= limit <= float_info.max  # type: ignore[operator]


def _read_estimate(marker: pytest.Mark, node_id: str) -> Estimate:
    where = f"{_ESTIMATE} of {node_id}"
    fields: dict[str, Any] = dict(marker.kwargs)
    if marker.args:
        msg = f"{where}: write it by name, like {_ESTIMATE}(output_tokens=800)."
        raise pytest.UsageError(msg)
    from ...events import parse_estimate  # noqa: PLC0415 - only who predicts pays for it

    try:
        return parse_estimate(fields, where=where)
    except EstimateError as error:
        raise pytest.UsageError(str(error)) from None
