"""A throw-away PostgreSQL server on loopback, from the binaries that are installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from tests.support.services import needed

if TYPE_CHECKING:
    from types import TracebackType

PASSWORD: Final = "tell-n0body"
_USER: Final = "understudy"


class PostgresServer:
    """A server with one user, running inside the `with` block."""

    def __init__(self) -> None:
        self._binaries = _binaries()
        self._folder = Path(tempfile.mkdtemp(prefix="understudy-postgres-"))
        # The server refuses to run as root.
        self._as_user = "postgres" if os.geteuid() == 0 else None
        self._port = _free_port()

    def url(self, *, password: str = PASSWORD, schema: str = "public") -> str:
        """Return the URL of a schema in the server's only database."""
        return (
            f"postgresql://{_USER}:{password}@127.0.0.1:{self._port}/postgres"
            f"?options=-csearch_path%3D{schema}"
        )

    def __enter__(self) -> Self:
        secret = self._folder / "password"
        secret.write_text(PASSWORD)
        if self._as_user:
            shutil.chown(self._folder, self._as_user)
            shutil.chown(secret, self._as_user)
        self._run(
            "initdb", "--no-sync", "--encoding=UTF8", "--locale=C", f"--username={_USER}",
            "--auth=scram-sha-256", f"--pwfile={secret}",
        )  # fmt: skip
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        self._run("pg_ctl", "start", "--wait", f"--options={options} -c fsync=off")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._run("pg_ctl", "stop", "--mode=immediate")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        log = self._folder / "log"
        with log.open("a") as output:
            subprocess.run(
                [self._binaries / program, *arguments, "--pgdata", self._folder / "data"],
                check=True,
                user=self._as_user,
                cwd="/",
                stdout=output,
                stderr=output,
            )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _binaries() -> Path:
    """Return the folder of `initdb` and `pg_ctl`; the test needs them."""
    on_path = [Path(program) for program in (shutil.which("pg_ctl"),) if program]
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), reverse=True)
    return needed("postgresql", next(iter(on_path + installed), None)).parent
