"""`understudy cassettes verify`: whether providers still answer as they were recorded."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Final, NamedTuple

from ...calls import Response
from ...errors import CassetteError, counted
from ...redaction import REDACTED
from .._command import Commands, finish
from .._progress import Progress
from ._context import STATE, Context, cassette_files, complain, write

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from ...cassettes import Interaction
    from ...cassettes.drift import Drift
    from ...wire import Provider, WireApis

_ANSWERED_YES: Final = frozenset({"y", "yes"})


class Planned(NamedTuple):
    """An interaction that is to be sent, and the header with the key for it."""

    path: Path
    place: int
    recorded: Interaction
    key: tuple[str, str]


def add_verify(commands: Commands, context: Context) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "verify",
        help="send recorded requests live and show what drifted; costs money",
        description="Send each recorded request to its provider, with the key in the environment,"
        " and compare status, model, finish reason, input tokens and shape of the answer."
        " Nothing is written. Exit 1 where something drifted, 2 where one could not be sent.",
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a cassette, or a folder")
    parser.add_argument("--base-url", metavar="URL", help="send there instead of the host recorded")
    parser.add_argument(
        "--key-env", metavar="NAME", help="variable with the key (default: OPENAI_API_KEY, ...)"
    )
    parser.add_argument("-y", "--yes", action="store_true", help="do not ask before sending")
    finish(parser, lambda arguments: _verify(arguments, context), "print one JSON object a request")


def _verify(arguments: argparse.Namespace, context: Context) -> int:
    """Send everything that can be; 1 where something drifted, 2 where one could not be sent."""
    from ...cassettes.drift import drifts, send  # noqa: PLC0415 - only here

    planned, left_out = _plan(arguments, context.apis())
    for reason in left_out:
        complain(reason)
    if not planned or not _may_send(len(planned), arguments):
        return 2
    status = 2 if left_out else 0
    with Progress(len(planned), "verify") as progress:
        for each in planned:
            try:
                live = send(each.recorded.request, each.key, base_url=arguments.base_url)
            except CassetteError as error:
                complain(context.redactor.text(str(error)))
                status = 2
                continue
            finally:
                progress.advance()
            request, response = each.recorded.request, each.recorded.response
            found = drifts(request, response, live, context.apis())
            _write_drifts(each, found, context, as_json=arguments.json)
            status = status or int(bool(found))
    return status


def _plan(arguments: argparse.Namespace, apis: WireApis) -> tuple[list[Planned], list[str]]:
    from ...cassettes import load_interactions  # noqa: PLC0415 - only here

    planned, left_out = [], []
    for path in cassette_files(arguments.paths):
        for index, recorded in enumerate(load_interactions(path, state=STATE)):
            said = apis.read(recorded.request.plain(), Response(0, {}, b""))
            provider = apis.provider(said.provider)
            key = _key_header(provider, arguments.key_env)
            problem = _problem(recorded, provider, arguments.key_env, has_key=key is not None)
            if problem is None and key is not None:
                planned.append(Planned(path, index, recorded, key))
            else:
                left_out.append(f"{path} [{index}]: not sent: {problem}")
    return planned, left_out


def _key_header(provider: Provider, variable: str | None) -> tuple[str, str] | None:
    """Return the header that holds the key; None where the environment has none."""
    names = provider.variables if variable is None else (variable,)
    key = next((os.environ[name] for name in names if os.environ.get(name)), None)
    return None if key is None else provider.header_of(key)


def _problem(
    recorded: Interaction, provider: Provider, variable: str | None, *, has_key: bool
) -> str | None:
    if provider.is_signed:
        return f"{provider.name} wants signed requests"
    if not has_key:
        wanted = variable or " or ".join(provider.variables)
        return (
            f"no key for {provider.name}; set {wanted or 'a variable and name it with --key-env'}"
        )
    if REDACTED.encode() in recorded.request.body:
        return f"the request holds {REDACTED} in the place of a secret"
    return None


def _may_send(count: int, arguments: argparse.Namespace) -> bool:
    """Ask a person at a terminal; never in CI, where nobody answers."""
    if arguments.yes or os.environ.get("CI") or not sys.stdin.isatty():
        return True
    what = counted(count, "request")
    print(f"Send {what} live? They cost money. [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in _ANSWERED_YES


def _write_drifts(each: Planned, found: list[Drift], context: Context, *, as_json: bool) -> None:
    clean = context.redactor.text
    if as_json:
        listed = [
            {"what": one.what, "recorded": clean(one.recorded), "live": clean(one.live)}
            for one in found
        ]
        write(json.dumps({"file": str(each.path), "index": each.place, "drifts": listed}))
        return
    title = f"{each.path} [{each.place}]"
    write(f"{title}: as recorded" if not found else f"{title}: drifted")
    for one in found:
        write(f"  {clean(str(one))}")
