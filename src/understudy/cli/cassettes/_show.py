"""`understudy cassettes show`: what each recorded call asked, answered and cost."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from ...calls import Exchange, Usage
from ...cassettes import RecordedResponse, load_interactions
from ...cassettes.view import LlmView
from ...errors import CassetteError, printable
from ...wire.fields import bounded
from .._command import Commands, finish
from ._context import STATE, Context, complain, write

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    Price = Callable[[Exchange], float | None]

_COUNTS: Final = (
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "reasoning_tokens",
)
_TEXT_WIDTH: Final = 200


def add_show(commands: Commands, context: Context) -> None:
    """Add the command; the price is asked for a call whose provider does not tell its cost."""
    parser = commands.add_parser(
        "show",
        help="show what each recorded call asked, answered and cost",
        description="Show what each interaction holds of cassettes (vcrpy's and files like them,"
        " Ruby VCR's, betamax's, go-vcr's, HAR). Nothing is written.",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a cassette")
    finish(parser, lambda arguments: _show(arguments, context), "print one JSON object a line")
    parser.add_argument("--view", action="store_true", help="print prompt and answer as well")


def _show(arguments: argparse.Namespace, context: Context) -> int:
    """Print the interactions of all files; 2 where a file cannot be read, after the rest."""
    status = 0
    for file in arguments.files:
        try:
            _show_file(file, arguments, context)
        except CassetteError as error:
            complain(error)
            status = 2
    return status


def _show_file(file: str, arguments: argparse.Namespace, context: Context) -> None:
    apis = context.apis()
    view = LlmView(apis)
    for index, interaction in enumerate(load_interactions(file, state=STATE)):
        request = interaction.request.plain()
        row = _row(file, index, interaction.read(apis), context.price)
        row |= _timing(interaction.response)
        row |= {"view": view(interaction)} if arguments.view else {}
        if arguments.json:
            write(json.dumps(bounded(row)))
        else:
            # Without the query: keys may stand there.
            title = f"{request.method} {request.url.partition('?')[0]}"
            write("\n".join(map(printable, _lines(row, title))))


def _timing(response: RecordedResponse) -> dict[str, Any]:
    """Return the moments that the file tells, in ms, and whether the answer is whole."""
    timing = response.timing
    return {
        "headers_ms": None if timing is None else timing.headers_ms,
        "first_ms": timing.parts[0].at_ms if timing is not None and timing.parts else None,
        "end_ms": None if timing is None else timing.end_ms,
        "complete": response.complete,
        "error": None if response.error is None else response.error.kind,
    }


def _row(file: str, index: int, exchange: Exchange, price: Price) -> dict[str, Any]:
    """Return what `--json` prints."""
    counts = asdict(exchange.usage or Usage())
    cost = price(exchange)
    return {
        "file": file,
        "index": index,
        "provider": exchange.provider,
        "wire_api": exchange.wire_api,
        "request_model": exchange.request_model,
        "response_model": exchange.response_model,
        "stream": exchange.stream,
        "status": exchange.status,
        "finish_reason": exchange.finish_reason,
        "usage": {**{name: counts[name] for name in _COUNTS}, "cost_usd": cost},
        "cost_usd": cost,
        "text": exchange.text,
    }


def _lines(row: dict[str, Any], title: str) -> Iterator[str]:
    """Yield one interaction for a reader."""
    yield f"{row['file']} [{row['index']}]  {title}  {row['status']}"
    models = dict.fromkeys((row["request_model"], row["response_model"]))
    model_names = " -> ".join(model for model in models if model)
    parts = (row["provider"], row["wire_api"], model_names, "stream" if row["stream"] else "")
    yield "  " + "  ".join(part for part in parts if part)
    counts = [
        f"{name.removesuffix('_tokens').replace('_', ' ')} {row['usage'][name]}"
        for name in _COUNTS
        if row["usage"][name] is not None
    ]
    if counts:
        yield f"  tokens: {', '.join(counts)}"
    if row["cost_usd"] is not None:
        yield f"  cost: ${row['cost_usd']:.6f}"
    if row["finish_reason"] is not None:
        yield f"  finish reason: {row['finish_reason']}"
    if row["end_ms"] is not None:
        first = "" if row["first_ms"] is None else f"first bytes {row['first_ms']:g} ms, "
        yield f"  timing: {first}all {row['end_ms']:g} ms"
    if not row["complete"]:
        yield "  incomplete: the application stopped reading"
    if row["error"] is not None:
        yield f"  transport error: {row['error']}"
    if row["text"]:
        yield f"  text: {_on_one_line(row['text'])}"
    if row.get("view"):
        yield from _view_lines(row["view"])


def _view_lines(view: dict[str, Any]) -> Iterator[str]:
    for message in view.get("messages", ()):
        for role, text in message.items():
            yield f"  {role}: {_on_one_line(text)}"
    for call in view.get("tool_calls", ()):
        for name, arguments in call.items():
            yield f"  calls {name}({_on_one_line(arguments)})"


def _on_one_line(text: str) -> str:
    """Put a text on one line, without what would steer a terminal, and cut it."""
    shown = printable(" ".join(text[: 2 * _TEXT_WIDTH].split()))
    is_whole = len(shown) <= _TEXT_WIDTH and len(text) <= 2 * _TEXT_WIDTH
    return shown if is_whole else f"{shown[:_TEXT_WIDTH].rstrip()}..."
