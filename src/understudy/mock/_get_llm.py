"""The mock or the real thing, as the environment says."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, TypeVar

from ..errors import SettingsError
from ._active import active_mock
from ._mock_llm import MockLLM

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")

_SWITCH: Final = "USE_MOCK_LLM"
_PROFILE: Final = "UNDERSTUDY_PROFILE"
_YES: Final = frozenset({"1", "true", "yes", "on"})


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
