"""The marker `llm_gate`: what figures of one test may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from ...errors import SettingsError
from ...gates.policy import read_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...gates import Metric

_NAME: Final = "llm_gate"


def thresholds_of(item: pytest.Item, metrics: Mapping[str, Metric]) -> dict[str, Any]:
    """Return what the markers of a test say, the nearest over the farther.

    Raises:
        pytest.UsageError: a marker is called wrongly; says which and what to write.
    """
    found: dict[str, Any] = {}
    for marker in reversed(list(item.iter_markers(_NAME))):
        where = f"{_NAME} of {item.nodeid}"
        if marker.args or not marker.kwargs:
            msg = f'{where}: write it by metric, like {_NAME}(cost="+5%", attempts=1).'
            raise pytest.UsageError(msg)
        try:
            read_rules(marker.kwargs, metrics, where=where)
        except SettingsError as error:
            raise pytest.UsageError(str(error)) from None
        found |= marker.kwargs
    return found
