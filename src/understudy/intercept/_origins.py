"""Where an error came from that ended an attempt before an answer: a network, or a mock."""

from __future__ import annotations

from typing import Final

#: What a request runs through on its way to a network, in the libraries that are tapped.
_NETWORK: Final = frozenset({"httpcore", "httpcore2", "urllib3.connection", "http.client"})
_NETWORK_OF_AIOHTTP: Final = frozenset({"connector", "client_reqrep", "client_proto", "streams"})


def saw_network(error: BaseException | None) -> bool:
    """Tell whether `error`, or what it was raised from, came out of code that uses a network."""
    while error is not None:
        trace = error.__traceback__
        while trace is not None:
            name = trace.tb_frame.f_globals.get("__name__", "")
            package, _, module = name.partition(".")
            if package in _NETWORK or name in _NETWORK:
                return True
            if package == "aiohttp" and module in _NETWORK_OF_AIOHTTP:
                return True
            trace = trace.tb_next
        error = error.__cause__
    return False
