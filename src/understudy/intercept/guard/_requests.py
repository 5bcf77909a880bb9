"""The patches where requests are sent on a connection, be it new or out of a pool.

gRPC is among them: its core opens connections that Python never sees.
"""

# ruff: noqa: SLF001 - a patch stands where the library has no door

from __future__ import annotations

import socket
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import ModuleType

    from .._patches import Patches
    from ._policy import NetworkPolicy

_WAYS: Final = ("__call__", "with_call", "future")
#: The services of OpenTelemetry's collectors.
_COLLECTOR: Final = "/opentelemetry.proto.collector."
_LOCAL_SCHEMES: Final = frozenset({"unix", "unix-abstract", "vsock"})


def patch_httpcore(module: ModuleType, patches: Patches, policy: NetworkPolicy) -> None:
    """Ask before a connection of httpx's or httpx2's engine sends a request."""
    engine, kind, version = module.__name__.split(".")
    prefix, method = ("Async", "async_") if kind == "_async" else ("", "")
    connection = getattr(module, f"{prefix}{version.upper()}Connection")
    asking = partial(_asking_connection, policy, engine.replace("core", "x"))
    patches.wrap(connection, f"handle_{method}request", asking)


def _asking_connection(
    policy: NetworkPolicy, client: str, original: Callable[..., Any]
) -> Callable[..., Any]:
    @wraps(original)
    def handle_request(self: Any, request: Any) -> Any:  # what is awaited is the original's
        if policy.is_blocking and _leads_out(self._network_stream.get_extra_info("socket")):
            policy.request(client, request.method.decode("ascii"), _url_of(request))
        return original(self, request)

    return handle_request


def _leads_out(used: Any) -> bool:
    return getattr(used, "family", None) in (socket.AF_INET, socket.AF_INET6)


def _url_of(request: Any) -> str:
    url = request.url
    if request.method == b"CONNECT":
        return f"https://{url.target.decode('ascii')}"
    if url.target[:1] != b"/":
        return str(url.target.decode("ascii", "replace"))  # a proxy is asked for the whole URL
    return bytes(url).decode("ascii", "replace")


def patch_http_client(module: ModuleType, patches: Patches, policy: NetworkPolicy) -> None:
    """Ask before `http.client` sends a request, and with it urllib3, requests and botocore."""
    patches.wrap(module.HTTPConnection, "putrequest", partial(_asking_putrequest, policy))


def _asking_putrequest(policy: NetworkPolicy, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def putrequest(self: Any, method: str, url: str, *args: Any, **options: Any) -> Any:
        if policy.is_blocking and (self.sock is None or _leads_out(self.sock)):
            policy.request("http.client", method, _target_of(self, url))
        return original(self, method, url, *args, **options)

    return putrequest


def _target_of(connection: Any, url: str) -> str:
    if not url.startswith("/"):
        return url  # a proxy is asked for the whole URL
    host = connection._tunnel_host or connection.host
    scheme = "https" if connection.default_port == 443 else "http"  # noqa: PLR2004
    return f"{scheme}://[{host}]{url}" if ":" in host else f"{scheme}://{host}{url}"


def patch_aiohttp(module: ModuleType, patches: Patches, policy: NetworkPolicy) -> None:
    """Ask before aiohttp takes a connection, new or out of its pool; WebSockets too."""
    local = (module.UnixConnector, module.NamedPipeConnector)
    patches.wrap(module.BaseConnector, "connect", partial(_asking_connector, policy, local))


def _asking_connector(
    policy: NetworkPolicy, local: tuple[type, ...], original: Callable[..., Awaitable[Any]]
) -> Callable[..., Awaitable[Any]]:
    @wraps(original)
    async def connect(self: Any, req: Any, *args: Any, **options: Any) -> Any:
        if policy.is_blocking and not isinstance(self, local):
            policy.request("aiohttp", req.method, str(req.url))
        return await original(self, req, *args, **options)

    return connect


def patch_grpc(module: ModuleType, patches: Patches, policy: NetworkPolicy) -> None:
    """Ask before each remote call, and before a channel of `grpc` is told to connect."""
    if "subscribe" in vars(module.Channel):
        patches.wrap(module.Channel, "subscribe", partial(_asking_subscribe, policy))
    named = [owner for name, owner in vars(module).items() if name.endswith("MultiCallable")]
    for owner in named:
        for way in _WAYS if hasattr(owner, "_target") else ():
            if way in vars(owner):
                patches.wrap(owner, way, partial(_asking_call, policy))


def patch_grpc_aio(module: ModuleType, patches: Patches, policy: NetworkPolicy) -> None:
    """Ask before a channel of `grpc.aio` is made: its calls do not say where they go."""
    patches.wrap(module.Channel, "__init__", partial(_asking_channel, policy))


def _asking_call(policy: NetworkPolicy, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def call(self: Any, *args: Any, **options: Any) -> Any:
        if policy.is_blocking:
            is_report = str(getattr(self, "_method", b""), "ascii").startswith(_COLLECTOR)
            _ask_target(policy, self._target.decode("ascii", "replace"), is_report=is_report)
        return original(self, *args, **options)

    return call


def _asking_subscribe(policy: NetworkPolicy, original: Callable[..., None]) -> Callable[..., None]:
    @wraps(original)
    def subscribe(self: Any, callback: Any, try_to_connect: Any = None) -> None:
        if policy.is_blocking and try_to_connect:
            _ask_target(policy, self._channel.target().decode("ascii", "replace"))
        original(self, callback, try_to_connect)

    return subscribe


def _asking_channel(policy: NetworkPolicy, original: Callable[..., None]) -> Callable[..., None]:
    @wraps(original)
    def __init__(self: Any, target: str, *args: Any, **options: Any) -> None:  # noqa: N807
        if policy.is_blocking:
            _ask_target(policy, target)
        original(self, target, *args, **options)

    return __init__


def _ask_target(policy: NetworkPolicy, target: str, *, is_report: bool = False) -> None:
    scheme, has_scheme, rest = target.partition(":")
    if scheme in _LOCAL_SCHEMES:
        return
    if has_scheme and scheme in {"dns", "ipv4", "ipv6"}:
        target = rest.rpartition("/")[2]
    host, _, port = target.rpartition(":")
    policy.connect(host or target, port, "grpc", is_report=is_report)
