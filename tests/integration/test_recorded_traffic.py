"""Readings against what a manifest says of recorded traffic. Skips where there is none."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from understudy.calls import Exchange, Usage
from understudy.cassettes import Interaction, load_interactions
from understudy.cli import main
from understudy.providers import default_apis
from understudy.wire import Draft
from understudy.wire._answer import answer_of
from understudy.wire.streams import DONE

DATA = Path(os.environ.get("UNDERSTUDY_TEST_DATA", Path(__file__).parents[2] / "../shared/data"))
CASSETTES = DATA / "cassettes"
MANIFEST = CASSETTES / "manifest.jsonl"

pytestmark = pytest.mark.skipif(not MANIFEST.exists(), reason="recorded traffic is not here")

APIS = default_apis()
USAGE = {
    "input_tokens": "input_tokens",
    "output_tokens": "output_tokens",
    "cache_read_tokens": "cache_read",
    "cache_write_tokens": "cache_write",
    "reasoning_tokens": "reasoning",
}
HEADS = {
    "provider": "provider",
    "wire_api": "wire_api",
    "status": "status",
    "stream": "stream",
    "request_model": "model_requested",
    "response_model": "model_returned",
    "finish_reason": "finish_reason",
}

_INTERACTIONS = "test_interactions_instrumentation/test_generate_interactions_"
# Rows that the body or the raw usage block shows wrong: end of the file's name, index,
# the fields, and why.
WRONG_ROWS = (
    (f"{_INTERACTIONS}multi_model_messages[False].yaml", 0, tuple(USAGE), "total_*_tokens unread"),
    (f"{_INTERACTIONS}multi_model_messages[True].yaml", 0, tuple(USAGE), "total_*_tokens unread"),
    (f"{_INTERACTIONS}simple_message[True].yaml", 0, tuple(USAGE), "total_*_tokens unread"),
    ("/test_create_cache.yaml", 0, ("output_tokens",), "a total alone is no output of 0"),
    ("/test_create_cache_async.yaml", 0, ("output_tokens",), "a total alone is no output of 0"),
    ("/test_nova_completion.yaml", 0, ("output_tokens",), "51 by Bedrock's response header"),
    ("/test_voyageai_embed_async_legacy.yaml", 0, ("input_tokens",), "the total is the input"),
    ("/test_voyageai_embed_legacy.yaml", 0, ("input_tokens",), "the total is the input"),
    ("/test_voyageai_rerank_async_legacy.yaml", 0, ("input_tokens",), "the total is the input"),
    ("/test_voyageai_rerank_legacy.yaml", 0, ("input_tokens",), "the total is the input"),
    (
        "/test_completion_streaming_with_extended_thinking_anthropic.yaml",
        0,
        ("reasoning_tokens",),
        "output_tokens_details.thinking_tokens unread",
    ),
    ("/test_imported_model_completion.yaml", 0, ("request_model",), "an ARN was cut at its colon"),
    ("/test_litellm_aresponses_streaming_async.yaml", 1, ("stream",), "an empty event stream"),
    ("/test_litellm_async_streaming_with_break.yaml", 1, ("stream",), "an empty event stream"),
)


@cache
def rows() -> list[dict[str, Any]]:
    """Return the manifest."""
    return [json.loads(line) for line in MANIFEST.read_text(encoding="utf-8").splitlines()]


@cache
def interactions() -> list[Interaction]:
    """Return the interaction of each row of the manifest."""
    files = {row["file"]: load_interactions(CASSETTES / row["file"]) for row in rows()}
    return [files[row["file"]][row["index"]] for row in rows()]


@cache
def readings() -> list[Exchange]:
    """Return what each interaction was read as."""
    return [one.read(APIS) for one in interactions()]


def is_wrong(row: dict[str, Any], field: str) -> bool:
    """Tell whether a row is known to be wrong in a field."""
    return any(
        row["file"].endswith(name) and row["index"] == index and field in fields
        for name, index, fields, _ in WRONG_ROWS
    )


def disagreements(field: str, pairs: list[tuple[Any, Any]]) -> list[str]:
    """Name the rows where reading and manifest differ and the manifest is not known wrong."""
    return [
        f"{row['file']} {row['index']} {field}: read {read!r}, manifest {told!r}"
        for row, (read, told) in zip(rows(), pairs, strict=True)
        if read != told and not is_wrong(row, field)
    ]


@pytest.mark.parametrize("field", USAGE)
def test_every_usage_figure_is_the_manifests(field: str) -> None:
    """Or the manifest is known to be wrong."""
    pairs = [
        (getattr(read.usage or Usage(), field), (row["usage"] or {}).get(USAGE[field]))
        for row, read in zip(rows(), readings(), strict=True)
    ]

    assert disagreements(field, pairs) == []


def test_every_reported_cost_is_the_manifests() -> None:
    """What the provider says that it billed."""
    pairs = [
        (read.reported_cost_usd, (row["usage"] or {}).get("cost"))
        for row, read in zip(rows(), readings(), strict=True)
    ]

    assert disagreements("cost", pairs) == []


@pytest.mark.parametrize("field", HEADS)
def test_every_head_is_the_manifests(field: str) -> None:
    """A finish reason counts only where the manifest has one: it does not know all shapes."""
    pairs = [
        (getattr(read, field), row.get(HEADS[field]))
        for row, read in zip(rows(), readings(), strict=True)
    ]
    if field == "finish_reason":
        pairs = [(read if told else None, told) for read, told in pairs]

    assert disagreements(field, pairs) == []


def test_every_text_is_the_manifests() -> None:
    """Its length and its beginning, where the manifest has a text."""
    pairs = [
        (
            (len(read.text or ""), (read.text or "")[: len(row["text_head"])])
            if "text_len" in row
            else None,
            (row["text_len"], row["text_head"]) if "text_len" in row else None,
        )
        for row, read in zip(rows(), readings(), strict=True)
    ]

    assert disagreements("text", pairs) == []


def test_the_known_wrong_rows_are_still_wrong() -> None:
    """A manifest that was put right needs no exception."""
    found = [
        (name, index)
        for name, index, _, _ in WRONG_ROWS
        if any(row["file"].endswith(name) and row["index"] == index for row in rows())
    ]

    assert len(found) == len(WRONG_ROWS)


def test_the_events_that_are_passed_over_hold_nothing_but_content() -> None:
    """Reading every event of a stream finds what the marked ones tell."""
    streams = 0
    for one, full in zip(interactions(), readings(), strict=True):
        recognised = APIS.recognise(one.request.plain())
        if recognised is None or not full.stream:
            continue
        streams += 1
        draft = Draft(
            provider=recognised.provider, headers=one.response.plain().headers, status=200
        )
        for event in answer_of(one.response.plain(), wanted_stream=True).events(None):
            if event is not DONE:
                recognised.api.read_event(event, draft)

        for field in ("response_model", "response_id", "finish_reason", "usage", "usage_raw"):
            assert getattr(draft, field) == getattr(full, field), one.request.url
    assert streams > 250


def test_what_providers_billed_is_read() -> None:
    """Each row of the billing truth."""
    truth = json.loads((CASSETTES / "billing_truth.json").read_text(encoding="utf-8"))
    read = {
        (row["file"], row["index"]): exchange.reported_cost_usd
        for row, exchange in zip(rows(), readings(), strict=True)
    }

    assert [read[row["file"], row["index"]] for row in truth] == [
        row["reported_cost_usd"] for row in truth
    ]


def test_first_content_is_seen_in_every_stream_that_holds_text() -> None:
    """And in none before its bytes came."""
    for one, full in zip(interactions(), readings(), strict=True):
        recognised = APIS.recognise(one.request.plain())
        if recognised is None or not full.stream or not (full.text or full.tool_calls):
            continue
        watcher, body = recognised.watcher(one.response.plain().headers), one.response.body
        seen = any(watcher.feed(body[start : start + 100]) for start in range(0, len(body), 100))

        # The last event of a recording may lack its blank line.
        assert seen or not body.endswith(b"\n\n"), one.request.url


def test_the_command_prints_a_line_for_each_row(capsys: pytest.CaptureFixture[str]) -> None:
    """Over all files, and fails for none."""
    files = sorted({str(CASSETTES / row["file"]) for row in rows()})

    assert main(["cassettes", "show", "--json", *files]) == 0

    printed = {
        (line["file"], line["index"])
        for line in map(json.loads, capsys.readouterr().out.splitlines())
    }
    assert printed >= {(str(CASSETTES / row["file"]), row["index"]) for row in rows()}
