"""The mock or the real thing, for application code that was handed none: `get_llm`."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

from ..errors import SettingsError
from ._mock_llm import MockLLM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_T = TypeVar("_T")

_SWITCH: Final = "USE_MOCK_LLM"
_PROFILE: Final = "UNDERSTUDY_PROFILE"
_YES: Final = frozenset({"1", "true", "yes", "on"})
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


def get_llm(real: Callable[[], _T] | None = None) -> MockLLM | _T:
    """Return the mock of the running test, a new one where `USE_MOCK_LLM=true`, or `real()`.

    Outside a test the mock plays the scenarios of the folder `golden` and those that understudy
    brings, with the delay profile that `UNDERSTUDY_PROFILE` names.

    Raises:
        SettingsError: nothing asks for a mock, and there is no factory of the real one.
    """
    if (mock := active_mock()) is not None:
        return mock
    if os.environ.get(_SWITCH, "").strip().lower() in _YES:
        return MockLLM(profile=os.environ.get(_PROFILE) or "instant")
    if real is None:
        msg = (
            f"get_llm() has nothing to return: set {_SWITCH}=true, run under pytest with"
            " --llm-mock, or pass a factory: get_llm(real=make_llm)."
        )
        raise SettingsError(msg)
    return real()
