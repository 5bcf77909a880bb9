"""What makes a coroutine of the contract a test."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from ._running import run

if TYPE_CHECKING:
    from ._rig import Rig


class Check(NamedTuple):
    """What a test is about, since which level it is there, and whether real providers can pass."""

    capability: str
    level: int
    live: bool = False


class Verdicts(Protocol):
    """The contract, as far as a test needs it."""

    def begin_check(self, check: Check, rig: Rig) -> None:
        """Skip a test that is not wanted."""

    def end_check(self, check: Check, rig: Rig, error: Exception | None) -> None:
        """Say what a test comes to that ended with `error`."""


_Body: TypeAlias = Callable[..., Coroutine[None, None, None]]
_Test: TypeAlias = Callable[..., None]


def check(capability: str, *, level: int, live: bool = False) -> Callable[[_Body], _Test]:
    """Make a test of a coroutine, which gets a rig and runs in a loop of its own."""

    def decorate(body: _Body) -> _Test:
        about = Check(capability, level, live)

        @wraps(body)
        def test(self: Verdicts, rig: Rig, **given: Any) -> None:
            self.begin_check(about, rig)
            error: Exception | None = None
            try:
                run(rig, body(self, rig, **given))
            except Exception as found:  # noqa: BLE001 - the contract says what it comes to
                error = found
            self.end_check(about, rig, error)

        vars(test)["check"] = about
        return test

    return decorate
