"""`understudy cassettes`: what recorded traffic holds."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final, TextIO

from ..calls import Usage
from ..cassettes import load_interactions
from ..errors import CassetteError
from ..wire import Codecs

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from ..calls import Exchange

    Price = Callable[[Exchange], float | None]

_COUNTS: Final = (
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "reasoning_tokens",
)
_TEXT_WIDTH: Final = 200


def add_parser(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    *,
    price: Price | None = None,
    codecs: Callable[[], Codecs] = Codecs.default,
) -> None:
    """Add the command; `price` is asked for a call whose provider does not tell its cost."""
    parser = commands.add_parser("cassettes", help="look into recorded traffic")
    subcommands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    show = subcommands.add_parser(
        "show",
        help="show what each recorded call asked, answered and cost",
        description="Show what each interaction of cassettes (vcrpy YAML or JSON, HAR) holds.",
    )
    show.add_argument("files", nargs="+", metavar="FILE", help="a cassette")
    show.add_argument("--json", action="store_true", help="print one JSON object a line")
    show.set_defaults(run=lambda arguments: _show(arguments, price or _no_price, codecs()))


def _no_price(_: Exchange) -> float | None:
    return None


def _show(arguments: argparse.Namespace, price: Price, codecs: Codecs) -> int:
    """Print the interactions of all files; 1 where a file cannot be read, after the rest."""
    status = 0
    for file in arguments.files:
        try:
            interactions = load_interactions(file)
        except CassetteError as error:
            _write(f"understudy: {error}", sys.stderr)
            status = 1
            continue
        for interaction in interactions:
            exchange = codecs.read(interaction.request, interaction.response)
            row = _row(file, interaction.index, exchange, price)
            if arguments.json:
                _write(json.dumps(row), sys.stdout)
            else:
                title = f"{interaction.request.method} {_without_query(interaction.request.url)}"
                _write("\n".join(_lines(row, title)), sys.stdout)
    return status


def _row(file: str, index: int, exchange: Exchange, price: Price) -> dict[str, Any]:
    """Return what `--json` prints; a cost that the provider tells wins over the price."""
    counts = asdict(exchange.usage or Usage())
    told = exchange.reported_cost_usd
    cost = price(exchange) if told is None else told
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
    told = " -> ".join(model for model in models if model)
    parts = (row["provider"], row["wire_api"], told, "stream" if row["stream"] else "")
    yield "  " + "  ".join(part for part in parts if part)
    counts = [f"{_spoken(name)} {row['usage'][name]}" for name in _COUNTS if _is_told(row, name)]
    if counts:
        yield f"  tokens: {', '.join(counts)}"
    if row["cost_usd"] is not None:
        yield f"  cost: ${row['cost_usd']:.6f}"
    if row["finish_reason"] is not None:
        yield f"  finish reason: {row['finish_reason']}"
    if row["text"]:
        yield f"  text: {_on_one_line(row['text'])}"


def _spoken(name: str) -> str:
    return name.removesuffix("_tokens").replace("_", " ")


def _is_told(row: dict[str, Any], name: str) -> bool:
    return row["usage"][name] is not None


def _without_query(url: str) -> str:
    """Leave the query out: keys may stand there."""
    return url.partition("?")[0]


def _on_one_line(text: str) -> str:
    """Put a text on one line, without what would steer a terminal, and cut it."""
    line = " ".join(text[: 2 * _TEXT_WIDTH].split())
    shown = "".join(character if character.isprintable() else "?" for character in line)
    is_whole = len(shown) <= _TEXT_WIDTH and len(text) <= 2 * _TEXT_WIDTH
    return shown if is_whole else f"{shown[:_TEXT_WIDTH].rstrip()}..."


def _write(text: str, stream: TextIO) -> None:
    """Write a line; what the stream cannot encode is escaped."""
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
