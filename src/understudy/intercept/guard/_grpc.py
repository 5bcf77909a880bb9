"""The patches at gRPC, whose core opens connections that Python never sees."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from .._patches import Patches
    from ._gatekeeper import NetworkPolicy

_WAYS: Final = ("__call__", "with_call", "future")
_LOCAL_SCHEMES: Final = frozenset({"unix", "unix-abstract", "vsock"})


@dataclass(frozen=True, slots=True)
class GrpcPatch:
    """Asks before each remote call: a channel of `grpc` is no connection yet."""

    module: str = "grpc._channel"

    def install(self, module: ModuleType, patches: Patches, policy: NetworkPolicy) -> None:
        """Wrap all ways of calling."""
        for name, owner in list(vars(module).items()):
            if name.endswith("MultiCallable") and hasattr(owner, "_target"):
                for way in _WAYS:
                    if way in vars(owner):
                        patches.wrap(owner, way, partial(_asking_call, policy))


@dataclass(frozen=True, slots=True)
class GrpcAioPatch:
    """Asks before a channel of `grpc.aio` is made: its calls do not say where they go."""

    module: str = "grpc.aio._channel"

    def install(self, module: ModuleType, patches: Patches, policy: NetworkPolicy) -> None:
        """Wrap the making of channels."""
        patches.wrap(module.Channel, "__init__", partial(_asking_channel, policy))


def _asking_call(policy: NetworkPolicy, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def call(self: Any, *args: Any, **options: Any) -> Any:
        _ask(policy, self._target.decode("ascii", "replace"))
        return original(self, *args, **options)

    return call


def _asking_channel(policy: NetworkPolicy, original: Callable[..., None]) -> Callable[..., None]:
    @wraps(original)
    def __init__(self: Any, target: str, *args: Any, **options: Any) -> None:  # noqa: N807
        _ask(policy, target)
        original(self, target, *args, **options)

    return __init__


def _ask(policy: NetworkPolicy, target: str) -> None:
    scheme, has_scheme, rest = target.partition(":")
    if scheme in _LOCAL_SCHEMES:
        return
    if has_scheme and scheme in {"dns", "ipv4", "ipv6"}:
        target = rest.rpartition("/")[2]
    host, _, port = target.rpartition(":")
    policy.connect(host or target, port, "grpc")
