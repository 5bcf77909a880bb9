"""The commands under `understudy cassettes`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._parser import GROUP
from ._check import add_check
from ._context import Context
from ._list import add_list
from ._orphans import add_orphans
from ._scrub import add_scrub
from ._show import add_show
from ._verify import add_verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...calls import Exchange
    from ...wire import WireApis
    from .._command import Commands


def _built_in_apis() -> WireApis:
    from ...providers import default_apis  # noqa: PLC0415 - slow to import

    return default_apis()


def add_parser(
    commands: Commands,
    *,
    price: Callable[[Exchange], float | None] = lambda _: None,
    apis: Callable[[], WireApis] = _built_in_apis,
) -> None:
    """Add the commands; `price` is asked for a call whose provider does not tell its cost."""
    parser = commands.add_parser(
        "cassettes",
        help="look after recorded traffic",
        description="Files of recorded requests and answers: what is in them, and what is wrong.",
    )
    subcommands = parser.add_subparsers(**GROUP)
    context = Context(price=price, apis=apis)
    add_list(subcommands, context)
    add_show(subcommands, context)
    add_scrub(subcommands, context)
    add_check(subcommands, context)
    add_orphans(subcommands)
    add_verify(subcommands, context)
