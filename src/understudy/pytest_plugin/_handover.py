"""What an xdist worker hands back to the controller. PYTEST_DONT_REWRITE."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pytest

from ._keys import SESSION, session_of

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What the controller hands to its workers, and a worker back, goes under this key.
KEY: Final = "understudy"


@contextmanager
def refusals_handed_back(config: Any, items: list[pytest.Item]) -> Iterator[None]:
    """Let the controller raise the usage errors of a worker, which then runs no test."""
    try:
        yield
    except pytest.UsageError as error:
        if not hasattr(config, "workerinput"):
            raise
        config.workeroutput[KEY] = {"refusal": str(error)}
        items.clear()


def take_back(node: Any) -> None:
    """Take what a worker hands back at its end; one that crashed hands back nothing.

    Raises:
        pytest.UsageError: the worker refused to run.
    """
    handed = getattr(node, "workeroutput", {}).get(KEY, {})
    if "refusal" in handed:
        raise pytest.UsageError(handed["refusal"])
    if SESSION in node.config.stash or _is_telling(handed):
        session_of(node.config).worker_down(handed)


def _is_telling(handed: dict[str, Any]) -> bool:
    """Tell whether a worker has something that a controller without a session must say."""
    mocking = handed.get("mocking", {})
    played = handed.get("replaying", {}).get("plays", {}).get("cassettes")
    return bool(handed.get("faults") or mocking.get("hidden") or mocking.get("strays") or played)
