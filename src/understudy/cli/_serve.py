"""`understudy serve`: the mock over HTTP, for programs in any language."""

from __future__ import annotations

import json
import os
import sys
from contextlib import ExitStack, closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import SettingsError, printable_lines
from ..options import PLAIN_MOCK
from ._command import Commands, finish

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from ..cassettes.player import CassettePlayer
    from ..gateway import Addresses, Answers, Control, Pages, PerTest, Routed
    from ..mock import MockLLM
    from ..program.gateway_run import GatewayRun
    from ..wire import WireApis
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
    _add_answers(parser)
    _add_place(parser)

    def run(arguments: argparse.Namespace) -> int:
        if arguments.mock is None and arguments.cassette is None and arguments.router is None:
            parser.error("say what answers: --mock[=NAME], --cassette FILE or --router FILE.")
        return _serve(arguments, extensions)

    finish(parser, run, json_help="print the line as JSON")


def _add_answers(parser: argparse.ArgumentParser) -> None:
    """Add who answers, and how."""
    parser.add_argument(
        "--mock",
        nargs="?",
        const=PLAIN_MOCK,
        metavar="NAME",
        help="a mock answers: with that scenario, or a plain answer",
    )
    parser.add_argument(
        "--cassette",
        type=Path,
        metavar="FILE",
        help="a cassette answers; what it does not hold, the mock does where there is one",
    )
    parser.add_argument(
        "--router",
        type=Path,
        metavar="FILE",
        help="the router of that file answers chat requests of OpenAI's API, before the others",
    )
    parser.add_argument("--profile", default="instant", metavar="NAME", help="its delay profile")
    parser.add_argument(
        "--faults",
        type=lambda names: [each.strip() for each in names.split(",") if each.strip()],
        default=[],
        metavar="NAME",
        help="with commas between; each befalls one call: of all, and of each named test",
    )


def _add_place(parser: argparse.ArgumentParser) -> None:
    """Add where it serves, for whom, and where calls are stored."""
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


def _serve(arguments: argparse.Namespace, extensions: LazyExtensions) -> int:
    from ..prometheus import new_registry  # noqa: PLC0415 - slow to import

    try:
        from ..gateway import Door, Gateway, read_token, server  # noqa: PLC0415 - as above
    except ImportError as error:
        raise SettingsError(_EXTRA) from error
    token = None if arguments.token_file is None else read_token(arguments.token_file)
    with ExitStack() as stack:
        who = _answers(arguments, extensions, stack)
        registry = new_registry("serve")
        router = _router(arguments, extensions, registry)
        listener = server.listen(arguments.host, arguments.port, is_open=token is None)
        stack.enter_context(listener)
        run = stack.enter_context(_run(arguments, extensions))
        gateway = Gateway(
            who.addresses,
            who.answers,
            door=Door(token, arguments.host),
            observer=None if run is None else run.observer,
            own=(*who.own, _pages(extensions, run, router, registry)),
            router=router,
            note=_complain,
        )
        url = server.url_of(listener)
        line = json.dumps({"url": url}) if arguments.json else f"understudy serve: {url}"
        server.serve(
            gateway,
            listener,
            ready=lambda: print(line, flush=True),
            end=None if router is None else router.aclose,
        )
    return 0


class _Who(NamedTuple):
    """Who answers, where calls would have gone, and what tests may tell."""

    answers: Answers | None
    addresses: Addresses
    own: tuple[Control, ...]


def _answers(arguments: argparse.Namespace, extensions: LazyExtensions, stack: ExitStack) -> _Who:
    """Return who answers: the cassette, then the mock; names that are wrong are told now."""
    from ..gateway import Addresses, Control, MockedTests, PlayedTests  # noqa: PLC0415 - as above

    apis = extensions.apis()
    addresses = Addresses(apis)
    mocked = None
    if arguments.mock is not None:
        mocked = MockedTests(apis, _mocks(arguments, extensions))
        mocked.mock("")
    if arguments.cassette is None:
        return _Who(mocked, addresses, () if mocked is None else (Control(mocked),))
    players = _players(arguments.cassette, apis, stack)
    played = players.of("").cassette.interactions
    addresses = addresses.learnt(each.request.url for each in played)
    own = () if mocked is None else (Control(mocked, players),)
    return _Who(PlayedTests(players, mocked), addresses, own)


def _router(
    arguments: argparse.Namespace, extensions: LazyExtensions, registry: Any
) -> Routed | None:
    """Return the router, with the keys that the environment holds for it; it is counted.

    Raises:
        RouterConfigError: a key or value in its file is wrong; or a provider has no key.
    """
    if arguments.router is None:
        return None
    from ..app import open_router  # noqa: PLC0415 - slow to import
    from ..gateway import Routed  # noqa: PLC0415 - as above
    from ..routing import PrometheusMetrics  # noqa: PLC0415 - as above
    from ..routing.router_file import read_router_file  # noqa: PLC0415 - as above

    file = read_router_file(arguments.router)
    metrics, prices = PrometheusMetrics(registry), extensions.found.prices
    router = open_router(file, prices=prices, environment=os.environ, callbacks=metrics.callbacks)
    metrics.watch(router)
    return Routed(router)


def _pages(
    extensions: LazyExtensions, run: GatewayRun | None, router: Routed | None, registry: Any
) -> Pages:
    """Return what is shown of costs, store and router."""
    from ..clock import RealClock  # noqa: PLC0415 - slow to import
    from ..gateway import Pages, StorePages, router_page  # noqa: PLC0415 - as above
    from ..prometheus import Exposition, StoreGauges  # noqa: PLC0415 - as above

    stored = StorePages(None if run is None else run.location, extensions.costs())
    if run is not None:
        registry.register(StoreGauges(stored.footprint))
    shown = router_page(None if router is None else router.router)
    pages = {**stored.pages(), "/v1/router/metrics": shown}
    return Pages(pages, Exposition(registry, now=RealClock().now))


def _players(path: Path, apis: WireApis, stack: ExitStack) -> PerTest[CassettePlayer]:
    """Return what plays a cassette to each test; nothing is recorded.

    Raises:
        CassetteError: it cannot be read.
    """
    from ..cassettes import Matching, RecordMode  # noqa: PLC0415 - slow to import
    from ..cassettes.defaults import CassetteDefaults  # noqa: PLC0415 - as above
    from ..gateway import PerTest  # noqa: PLC0415 - as above

    if not path.is_file():
        msg = f"--cassette {path}: there is no such file."
        raise SettingsError(msg)
    defaults = CassetteDefaults(
        record_mode=RecordMode.NONE,
        apis=apis,
        matching=Matching(allow_playback_repeats=True),
        root=Path.cwd(),
    )

    def opened(_: str) -> CassettePlayer:
        player = defaults.open(path.absolute())
        stack.callback(player.close)
        return player

    return PerTest(opened)


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
    is_tapped = arguments.router is not None
    found = extensions.found
    return closing(GatewayRun(store, root=root, extensions=found, is_tapped=is_tapped))


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
