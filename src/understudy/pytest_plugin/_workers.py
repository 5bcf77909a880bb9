"""What xdist's workers and their controller hand to each other. PYTEST_DONT_REWRITE."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Everything of ours goes under this key.
KEY: Final = "understudy"
_REFUSAL: Final = "refusal"
_IS_NEWS: Final = "is_news"


@contextmanager
def refusals_handed_back(config: Any, items: list[pytest.Item]) -> Iterator[None]:
    """Let the controller raise the usage errors of a worker, which then runs no test."""
    try:
        yield
    except pytest.UsageError as error:
        if not is_worker(config):
            raise
        config.workeroutput[KEY] = {_REFUSAL: str(error)}
        items.clear()


def is_worker(config: pytest.Config) -> bool:
    """Tell whether this process is one of xdist's workers."""
    return hasattr(config, "workerinput")


def tell_worker(node: Any, run_id: str) -> None:
    """Tell a worker, in the controller, which run it belongs to."""
    node.workerinput[KEY] = {"run_id": run_id}


def told_run_id(config: Any) -> str | None:
    """Return what the controller told this worker; None where it has no session, or is one."""
    given: dict[str, Any] = getattr(config, "workerinput", {}).get(KEY, {})
    return given.get("run_id")


def hand_over(config: Any, what: dict[str, Any], *, is_news: bool) -> None:
    """Hand plain values to the controller, which begins a session for them if they are news."""
    config.workeroutput.setdefault(KEY, {}).update({**what, _IS_NEWS: is_news})


def handed_by(node: Any) -> dict[str, Any]:
    """Return what a worker handed over at its end; one that crashed handed over nothing.

    Raises:
        pytest.UsageError: the worker refused to run.
    """
    handed: dict[str, Any] = getattr(node, "workeroutput", {}).get(KEY, {})
    if _REFUSAL in handed:
        raise pytest.UsageError(handed[_REFUSAL])
    return handed


def is_news(handed: dict[str, Any]) -> bool:
    """Tell whether a controller without a session must have one, to say it."""
    return bool(handed.get(_IS_NEWS))
