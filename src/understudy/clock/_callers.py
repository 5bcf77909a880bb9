"""Who keeps the machine's time while everybody else is told the simulated one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

# Parts of the standard library that wait for something real, or note when something happened.
# Not the whole of it: what calls an application's function on its behalf is not asking itself.
_WAITING_AND_NOTING: Final = (
    "asyncio.base_events", "asyncio.windows_events", "concurrent.futures._base", "email", "http",
    "logging", "multiprocessing", "subprocess", "unittest.case", "unittest.runner", "uuid",
)  # fmt: skip
_HARNESS: Final = (
    "_hypothesis_pytestplugin", "_pytest", "coverage", "execnet", "freezegun", "hypothesis",
    "pluggy", "pytest", "time_machine", "understudy", "xdist",
)  # fmt: skip
# These call functions on behalf of others, and need no time function themselves.
_PASSING_ON: Final = ("understudy.clock", "understudy.intercept")
# Drivers give up on the machine's time, on which their servers answer.
_INFRASTRUCTURE: Final = (
    "MySQLdb", "aio_pika", "aiokafka", "aiomysql", "asyncpg", "cassandra", "docker", "kafka",
    "mysql", "pexpect", "pika", "playwright", "psycopg", "psycopg2", "psycopg_pool", "pymongo",
    "pymysql", "redis", "selenium", "sqlalchemy", "testcontainers", "trio", "valkey",
)  # fmt: skip


class RealTimeCallers(dict[str, bool]):
    """Whether a module keeps the machine's time, by its name; remembers its answers."""

    def __init__(self, more: Iterable[str] = ()) -> None:
        super().__init__()
        self._kept = {*_WAITING_AND_NOTING, *_HARNESS, *_INFRASTRUCTURE, *more}

    def __missing__(self, module: str) -> bool:
        answer = self[module] = self._is_kept(module)
        return answer

    def keeps_names(self, module: str) -> bool:
        """Return whether names that the module imported earlier (`from time import …`) stay.

        The standard library imported them for its own waiting.
        """
        package = module.partition(".")[0]
        return self[package] or self[module] or package in sys.stdlib_module_names

    def _is_kept(self, module: str) -> bool:
        if module.startswith(_PASSING_ON):
            return False
        parts = module.split(".")
        return parts[0].startswith("pytest_") or any(
            ".".join(parts[: length + 1]) in self._kept for length in range(len(parts))
        )
