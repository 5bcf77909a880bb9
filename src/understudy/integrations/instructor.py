"""Answers that instructor could not parse are failed validations, and what it asks anew repairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from . import _telling

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..telemetry import TrackerHost

_HOLDS: Final = _telling.Holds()
_EVENT: Final = "parse:error"


def install(client: Any) -> Callable[[], None]:
    """Let `client` tell of answers that fail and of how often it asks anew; return what undoes it.

    Nothing tells of an answer that passes: instructor has no hook for it.

    Raises:
        TypeError: it is no client of instructor's.
    """
    if not (callable(getattr(client, "on", None)) and callable(getattr(client, "off", None))):
        msg = f"install() takes a client of instructor's, as from_openai() makes it, not {client!r}"
        raise TypeError(msg)

    def add() -> None:
        client.off(_EVENT, _on_parse_error)
        client.on(_EVENT, _on_parse_error)

    def remove() -> None:
        client.off(_EVENT, _on_parse_error)

    return _HOLDS.hold(getattr(client, "hooks", client), add=add, remove=remove)


def _on_parse_error(
    error: BaseException,
    *,
    attempt_number: int | None = None,
    is_last_attempt: bool | None = None,
    **_: Any,
) -> None:
    _telling.hear("instructor", _tell, error, attempt_number, is_last_attempt)


def _tell(
    telemetry: TrackerHost,
    error: BaseException,
    number: int | None,
    is_last: bool | None,  # noqa: FBT001 - as `hear` hands it on
) -> None:
    category = type(error).__name__
    _telling.tell_validation(telemetry, passed=False, number=number, category=category)
    if is_last is False and number is not None:
        _telling.tell_repair(telemetry, number=number, error=error, cause="content")
