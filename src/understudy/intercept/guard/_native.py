"""The patches of libraries written in C, whose connections Python never sees.

They ask where a library is told what to reach, by name or by URL.
"""

from __future__ import annotations

import os
import sys
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Final

from ._refusal import ConnectionBlocked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import ModuleType

    from .._patches import Patches
    from ._policy import NetworkPolicy

_POSTGRES_PORT: Final = 5432
#: What libcurl calls a server that takes no connection.
_COULD_NOT_CONNECT: Final = 7
#: What opens connections where no patch can stand; what of it is loaded is said.
UNSEEN: Final = (
    "MySQLdb",
    "confluent_kafka",
    "ibm_db",
    "primp",
    "pulsar",
    "pymssql",
    "pyodbc",
    "pyreqwest",
    "rnet",
    "zmq",
)


def unseen_modules() -> list[str]:
    """Return the modules that are loaded and make connections which no guard sees."""
    return [name for name in UNSEEN if name in sys.modules]


def patch_pycurl(module: ModuleType, patches: Patches, policy: NetworkPolicy) -> None:
    """Ask before a handle made from now on performs, or joins those that perform together."""

    def refused(text: str) -> Exception:
        error: Exception = module.error(_COULD_NOT_CONNECT, text)
        return error

    def ask(curl: Any) -> None:
        _ask_url(policy, "pycurl", refused, getattr(curl, "understudy_url", ""))

    def note(curl: Any, option: Any, value: Any = None) -> None:
        if option == module.URL:
            curl.understudy_url = value

    performing = dict.fromkeys(("perform", "perform_rb", "perform_rs"), ask)
    handle = partial(_asking_class, {"setopt": note, **performing})
    patches.wrap(module, "Curl", handle)
    joining = {"add_handle": lambda _, curl: ask(curl)}
    patches.wrap(module, "CurlMulti", partial(_asking_class, joining))


def _asking_class(ways: Mapping[str, Callable[..., None]], original: type[Any]) -> type[Any]:
    """Return a subclass: what a class of C's holds cannot be replaced."""
    asking = {name: _asking_way(ask, getattr(original, name)) for name, ask in ways.items()}
    names = {"__module__": original.__module__, "__doc__": original.__doc__}
    return type(original.__name__, (original,), {**asking, **names})


def _asking_way(ask: Callable[..., None], original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def way(self: Any, *args: Any, **options: Any) -> Any:
        ask(self, *args)
        return original(self, *args, **options)

    return way


def _ask_url(
    policy: NetworkPolicy, client: str, error: Callable[[str], Exception], url: str | bytes
) -> None:
    """Ask about a URL; a refusal that is no call's is the library's own `error`."""
    if policy.is_blocking:
        text = url.decode("utf-8", "replace") if isinstance(url, bytes) else url
        try:  # libcurl, too, takes one without a scheme for one of HTTP
            policy.request(client, "a request to", text if "://" in text else f"http://{text}")
        except ConnectionBlocked as blocked:
            raise error(str(blocked)) from blocked


def patch_curl_cffi(module: ModuleType, patches: Patches, policy: NetworkPolicy) -> None:
    """Ask before a handle performs; sessions, of `curl_cffi.requests` too, lead through it."""
    ask = _asking_curl(module, policy)
    patches.wrap(module.Curl, "perform", partial(_asking_way, lambda self, *_: ask(self)))


def patch_async_curl(module: ModuleType, patches: Patches, policy: NetworkPolicy) -> None:
    """Ask before a handle joins those that an event loop drives."""
    ask = _asking_curl(sys.modules["curl_cffi.curl"], policy)
    patches.wrap(module.AsyncCurl, "add_handle", partial(_asking_way, lambda _, curl: ask(curl)))


def _asking_curl(module: ModuleType, policy: NetworkPolicy) -> Callable[[Any], None]:
    def ask(curl: Any) -> None:
        _ask_url(policy, "curl_cffi", error, curl.getinfo(module.CurlInfo.EFFECTIVE_URL) or "")

    def error(text: str) -> Exception:
        refused: Exception = module.CurlError(text, _COULD_NOT_CONNECT)
        return refused

    return ask


def patch_psycopg(module: ModuleType, patches: Patches, policy: NetworkPolicy) -> None:
    """Ask for each server that psycopg 3 is about to try, before libpq connects to it."""
    refused = sys.modules["psycopg.errors"].OperationalError
    ask = partial(_ask_servers, policy, refused)
    if "conninfo_attempts" in vars(module):
        patches.wrap(module, "conninfo_attempts", partial(_asking_attempts, policy, ask))
    else:
        patches.wrap(module, "conninfo_attempts_async", partial(_asking_later, policy, ask))


def _asking_attempts(
    policy: NetworkPolicy, ask: Callable[[Iterable[Any]], None], original: Callable[[Any], Any]
) -> Callable[[Any], Any]:
    @wraps(original)
    def conninfo_attempts(params: Any) -> Any:
        attempts = original(params)
        if policy.is_blocking:
            ask(attempts)
        return attempts

    return conninfo_attempts


def _asking_later(
    policy: NetworkPolicy, ask: Callable[[Iterable[Any]], None], original: Callable[[Any], Any]
) -> Callable[[Any], Any]:
    @wraps(original)
    async def conninfo_attempts_async(params: Any) -> Any:
        attempts = await original(params)
        if policy.is_blocking:
            ask(attempts)
        return attempts

    return conninfo_attempts_async


def patch_psycopg2(module: ModuleType, patches: Patches, policy: NetworkPolicy) -> None:
    """Ask before psycopg 2 hands its address to libpq."""
    ask = partial(_ask_servers, policy, module.OperationalError)
    patches.wrap(module, "_connect", partial(_asking_dsn, policy, ask))


def _asking_dsn(
    policy: NetworkPolicy, ask: Callable[[Iterable[Any]], None], original: Callable[..., Any]
) -> Callable[..., Any]:
    @wraps(original)
    def _connect(dsn: str, *args: Any, **options: Any) -> Any:
        if policy.is_blocking:
            ask([sys.modules["psycopg2.extensions"].parse_dsn(dsn)])
        return original(dsn, *args, **options)

    return _connect


def _ask_servers(
    policy: NetworkPolicy, refused: type[Exception], servers: Iterable[Mapping[str, Any]]
) -> None:
    """Ask about each of the `servers`; a refusal is the library's own error."""
    for server in servers:
        hosts = str(_parameter(server, "hostaddr") or _parameter(server, "host") or "").split(",")
        port = _parameter(server, "port") or _POSTGRES_PORT
        try:
            for host in hosts:
                if not host.startswith(("/", "@")):  # a Unix socket
                    policy.connect(host, port, "libpq")
        except ConnectionBlocked as blocked:
            raise refused(str(blocked)) from blocked


def _parameter(server: Mapping[str, Any], name: str) -> Any:
    return server.get(name) or os.environ.get(f"PG{name.upper()}")
