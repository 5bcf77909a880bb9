"""`understudy serve`: the mock over HTTP, for programs in any language."""

from __future__ import annotations

import json
import os
import sys
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import SettingsError, printable_lines
from ..options import PLAIN_MOCK
from ._command import Commands, finish

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from ..mock import MockLLM
    from ..program.gateway_run import GatewayRun
    from ._extensions import LazyExtensions

_LOOPBACK = "127.0.0.1"
_NONE = "none"
_EXTRA = "serve needs the extra: pip install 'pytest-understudy[gateway]'"


def add_parser(commands: Commands, *, extensions: LazyExtensions) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "serve",
        help="answer calls to models over HTTP, for any language",
        description="Answers calls to models over HTTP, in the wire API of who is called.",
        epilog="Prints one line when it is ready. SIGINT and SIGTERM end it with status 0.",
    )
    parser.add_argument(
        "--mock",
        nargs="?",
        const=PLAIN_MOCK,
        metavar="NAME",
        help="a mock answers: with that scenario, or a plain answer",
    )
    parser.add_argument("--profile", default="instant", metavar="NAME", help="its delay profile")
    parser.add_argument(
        "--faults",
        type=lambda names: [each.strip() for each in names.split(",") if each.strip()],
        default=[],
        metavar="NAME",
        help="with commas between; each befalls one call: of all, and of each named test",
    )
    parser.add_argument(
        "--store",
        metavar="PATH_OR_URL",
        help="where calls are stored; `none` stores none (default: .understudy/telemetry.db)",
    )
    parser.add_argument("--host", default=_LOOPBACK, metavar="NAME", help=f"default: {_LOOPBACK}")
    parser.add_argument(
        "--port", type=int, default=0, metavar="N", help="0 is any that is free (default)"
    )
    parser.add_argument(
        "--token-file", type=Path, metavar="FILE", help="holds the token that callers must send"
    )

    def run(arguments: argparse.Namespace) -> int:
        if arguments.mock is None:
            parser.error("say what answers: --mock or --mock=SCENARIO.")
        return _serve(arguments, extensions)

    finish(parser, run, json_help="print the line as JSON")


def _serve(arguments: argparse.Namespace, extensions: LazyExtensions) -> int:
    try:
        from ..gateway import (  # noqa: PLC0415 - slow
            Control,
            Door,
            Gateway,
            MockedTests,
            read_token,
            server,
        )
    except ImportError as error:
        raise SettingsError(_EXTRA) from error
    token = None if arguments.token_file is None else read_token(arguments.token_file)
    make = _mocks(arguments, extensions)
    make("")  # so that wrong names are told now
    door = Door(token, arguments.host)
    answers = MockedTests(extensions.apis(), make)
    with (
        server.listen(arguments.host, arguments.port, is_open=token is None) as listener,
        _run(arguments, extensions) as run,
    ):
        gateway = Gateway(
            extensions.apis(),
            answers,
            door=door,
            observer=None if run is None else run.observer,
            control=Control(answers),
            note=_complain,
        )
        url = server.url_of(listener)
        line = json.dumps({"url": url}) if arguments.json else f"understudy serve: {url}"
        server.serve(gateway, listener, ready=lambda: print(line, flush=True))
    return 0


def _run(
    arguments: argparse.Namespace, extensions: LazyExtensions
) -> AbstractContextManager[GatewayRun | None]:
    """Return, as what is closed at the end, the run whose calls are stored."""
    if arguments.store == _NONE:
        return nullcontext()
    from ..program import read_settings  # noqa: PLC0415 - slow to import
    from ..program.gateway_run import GatewayRun  # noqa: PLC0415 - as above

    root = Path.cwd()
    store = read_settings(os.environ, root=root, store=arguments.store).store
    return closing(GatewayRun(store, root=root, extensions=extensions.found))


def _mocks(arguments: argparse.Namespace, extensions: LazyExtensions) -> Callable[[str], MockLLM]:
    """Return what makes the mock of a test; its name is a part of the seeds of its calls."""
    from ..mock import MockLLM  # noqa: PLC0415 - slow to import

    def make(test: str) -> MockLLM:
        mock = MockLLM(extensions.materials, profile=arguments.profile, node_id=test)
        for fault in arguments.faults:
            mock.fail(fault, times=1)
        if arguments.mock == PLAIN_MOCK:
            mock.reply()
        else:
            mock.script(arguments.mock, anew=True)
        return mock

    return make


def _complain(line: str) -> None:
    print(printable_lines(f"understudy serve: {line}"), file=sys.stderr, flush=True)
