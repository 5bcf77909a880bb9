"""Faults by name."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import Parameter, signature
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from ...errors import RegistrationError, SettingsError, UnknownNameError
from ._bodies import Malformed, Truncated
from ._fault import Fault
from ._refusals import (
    ContentFilter,
    ContextOverflow,
    Overloaded,
    RateLimit,
    ServerError,
    Unavailable,
)
from ._replies import Empty, ErrorEvent, WrongUsage
from ._transport import ConnectionRefused, PeerDrop, ReadTimeout, Rechunked, Reset, SlowChunks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Maker: TypeAlias = "Callable[..., Fault]"


@dataclass(frozen=True, slots=True)
class Faults:
    """A frozen set of faults; adding some makes a new one.

    Each is a class, or a function, that takes its options by keyword and returns a `Fault`.
    """

    makers: Mapping[str, Maker]

    @classmethod
    def default(cls) -> Faults:
        """Return the faults that everybody has."""
        return cls(_BUILT_IN)

    @property
    def names(self) -> tuple[str, ...]:
        """All names, sorted."""
        return tuple(sorted(self.makers))

    def with_faults(self, makers: Mapping[str, Maker]) -> Faults:
        """Return these faults and the given ones.

        Raises:
            RegistrationError: a name is empty or built in, or what it names makes no faults.
        """
        for name, maker in makers.items():
            if not name or name in _BUILT_IN:
                msg = f"the name {name!r} of a fault is empty or built in; choose another one."
                raise RegistrationError(msg)
            if not callable(maker):
                msg = f"the fault {name!r} is {maker!r}; register its class, or a function."
                raise RegistrationError(msg)
        return Faults(MappingProxyType({**self.makers, **makers}))

    def make(self, name: str, options: Mapping[str, Any] | None = None) -> Fault:
        """Return a fault.

        Raises:
            UnknownNameError: there is none of that name, or it has no such option.
            SettingsError: an option is wrong, or one is missing.
        """
        maker = self.makers.get(name)
        if maker is None:
            raise UnknownNameError(kind="fault", name=name, known=self.makers)
        given = options or {}
        if given:
            known = signature(maker).parameters
            if all(each.kind is not Parameter.VAR_KEYWORD for each in known.values()):
                UnknownNameError.check("option", given, known, where=f"the fault {name!r}")
        try:
            fault = maker(**given)
        except (TypeError, ValueError) as error:
            msg = f"fault {name!r}: {error}."
            raise SettingsError(msg) from error
        if not isinstance(fault, Fault):
            msg = f"the fault {name!r} gave {fault!r}, which is no understudy.Fault."
            raise SettingsError(msg)
        return fault


_BUILT_IN: Mapping[str, Maker] = MappingProxyType(
    {
        "connection_refused": ConnectionRefused,
        "content_filter": ContentFilter,
        "context_overflow": ContextOverflow,
        "empty": Empty,
        "error_event": ErrorEvent,
        "malformed": Malformed,
        "overloaded": Overloaded,
        "peer_drop": PeerDrop,
        "rate_limit": RateLimit,
        "read_timeout": ReadTimeout,
        "rechunked": Rechunked,
        "reset": Reset,
        "server_error": ServerError,
        "slow_chunks": SlowChunks,
        "truncated": Truncated,
        "unavailable": Unavailable,
        "wrong_usage": WrongUsage,
    }
)
