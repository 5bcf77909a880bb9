"""The mocks that are in force in this process, for application code that was handed none."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._mock_llm import MockLLM

#: Innermost last. State of the process: `get_llm()` stands in application code.
_IN_FORCE: Final[list[MockLLM]] = []


def active_mock() -> MockLLM | None:
    """Return the mock that is in force, None where none is."""
    return _IN_FORCE[-1] if _IN_FORCE else None


@contextmanager
def in_force(mock: MockLLM) -> Iterator[None]:
    """Put `mock` in force in this process."""
    _IN_FORCE.append(mock)
    try:
        yield
    finally:
        _IN_FORCE.remove(mock)
