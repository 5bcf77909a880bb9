"""`understudy cassettes show`."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from understudy.cli import main
from understudy.cli.cassettes import add_parser
from understudy.providers import PROVIDERS, default_apis

if TYPE_CHECKING:
    from pathlib import Path


KEYS = [
    "file",
    "index",
    "provider",
    "wire_api",
    "request_model",
    "response_model",
    "stream",
    "status",
    "finish_reason",
    "usage",
    "cost_usd",
    "text",
    "headers_ms",
    "first_ms",
    "end_ms",
    "complete",
    "error",
]


def interaction(text: str = "Hi", **usage: Any) -> dict[str, Any]:
    """Return a recorded chat."""
    answer = {
        "model": "gpt-4o-2024",
        "choices": [{"message": {"content": text}, "finish_reason": "stop"}],
        **({"usage": usage} if usage else {}),
    }
    return {
        "request": {
            "method": "POST",
            "uri": "https://api.openai.com/v1/chat/completions?key=secret",
            "headers": {},
            "body": json.dumps({"model": "gpt-4o"}),
        },
        "response": {
            "status": {"code": 200, "message": "OK"},
            "headers": {},
            "body": {"string": json.dumps(answer)},
        },
    }


def cassette(path: Path, *interactions: dict[str, Any]) -> str:
    """Write a cassette and return its name."""
    path.write_text(json.dumps({"version": 1, "interactions": interactions}), encoding="utf-8")
    return str(path)


def test_a_json_line_for_each_interaction(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With all keys, in their order, null where unknown; the index counts from 0."""
    file = cassette(
        tmp_path / "a.json", interaction(prompt_tokens=3, completion_tokens=1), interaction("ü")
    )

    assert main(["cassettes", "show", file, "--json"]) == 0

    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert list(first) == KEYS
    assert {**first, "usage": None} == {
        "file": file,
        "index": 0,
        "provider": "openai",
        "wire_api": "openai.chat",
        "request_model": "gpt-4o",
        "response_model": "gpt-4o-2024",
        "stream": False,
        "status": 200,
        "finish_reason": "stop",
        "usage": None,
        "cost_usd": first["cost_usd"],
        "text": "Hi",
        "headers_ms": None,
        "first_ms": None,
        "end_ms": None,
        "complete": True,
        "error": None,
    }
    assert first["usage"] == {
        "input_tokens": 3,
        "output_tokens": 1,
        "cache_read_tokens": None,
        "cache_write_tokens": None,
        "reasoning_tokens": None,
        "cost_usd": first["cost_usd"],
    }
    assert (second["index"], second["text"]) == (1, "ü")
    assert set(second["usage"].values()) == {None}


def test_an_unreadable_file_is_told_and_the_rest_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line each on stderr, and status 2."""
    good = cassette(tmp_path / "a.json", interaction())
    empty = tmp_path / "empty.yaml"
    empty.touch()

    status = main(["cassettes", "show", "no.yaml", str(empty), good, "--json"])

    captured = capsys.readouterr()
    assert status == 2
    assert captured.err.splitlines() == [
        "understudy: no.yaml: cannot be read: No such file or directory",
        f"understudy: {empty}: the file is empty",
    ]
    assert json.loads(captured.out)["file"] == good


def test_a_reader_sees_a_block_for_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the query, which may hold a key, and without what would steer a terminal."""
    file = cassette(
        tmp_path / "a.json",
        interaction("a\n\x1b[31m b", prompt_tokens=3, completion_tokens=1, cost=0.25),
        interaction("long " * 100),
    )

    assert main(["cassettes", "show", file]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[:6] == [
        f"{file} [0]  POST https://api.openai.com/v1/chat/completions  200",
        "  openai  openai.chat  gpt-4o -> gpt-4o-2024",
        "  tokens: input 3, output 1",
        "  cost: $0.000017",
        "  finish reason: stop",
        "  text: a ?[31m b",
    ]
    assert lines[-1].endswith("long long...")
    assert len(lines[-1]) < 220


@pytest.mark.parametrize(
    ("host", "told", "cost"),
    [
        ("openrouter.ai/api", {"cost": 0.25}, 0.25),
        (
            "openrouter.ai/api",
            {"cost": 0, "is_byok": True, "cost_details": {"upstream_inference_cost": 6.3e-06}},
            6.3e-06,
        ),
        ("api.openai.com", {"cost": 0.25}, 0.0000175),  # gpt-4o: 2.50 and 10 for a million
    ],
    ids=["the bill", "one's own key", "not its field"],
)
def test_a_cost_is_what_a_run_would_book(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    host: str,
    told: dict[str, Any],
    cost: float,
) -> None:
    """The provider's bill where it is one, the list price otherwise."""
    one = interaction(prompt_tokens=3, completion_tokens=1, **told)
    one["request"]["uri"] = f"https://{host}/v1/chat/completions"
    file = cassette(tmp_path / "a.json", one)

    assert main(["cassettes", "show", "--json", file]) == 0

    assert json.loads(capsys.readouterr().out)["cost_usd"] == cost


def test_price_and_apis_are_given_by_who_composes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command itself knows neither."""
    names_alone = tuple(replace(each, apis=()) for each in PROVIDERS)
    apis = replace(default_apis(), providers=names_alone)
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers(), price=lambda _: 7.0, apis=lambda: apis)
    arguments = parser.parse_args(
        ["cassettes", "show", cassette(tmp_path / "a.json", interaction()), "--json"]
    )

    assert arguments.run(arguments) == 0

    row = json.loads(capsys.readouterr().out)
    assert (row["cost_usd"], row["wire_api"], row["finish_reason"]) == (7.0, "openai.chat", None)


def test_a_reader_that_leaves_and_a_poor_terminal_are_no_errors(tmp_path: Path) -> None:
    """`| head -1` ends quietly; what cannot be encoded is escaped."""
    file = cassette(tmp_path / "a.json", *[interaction("ü" * 100)] * 400)
    command = [sys.executable, "-m", "understudy", "cassettes", "show", file]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}

    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()

    assert first.startswith(file.encode())
    assert (process.returncode, said) == (0, b"")


def test_timing_and_what_is_missing_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the file tells them; the conversation too, where it is asked for."""
    told = interaction("Hello")
    told["request"]["body"] = json.dumps(
        {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi there"}]}
    )
    call = {"function": {"name": "weather", "arguments": '{"city": "Paris"}'}}
    answer = {"choices": [{"message": {"content": "Hello", "tool_calls": [call]}}]}
    told["response"]["body"] = {"string": json.dumps(answer)}
    told["response"] |= {
        "llm_timing": {"headers_ms": 36.2, "chunks": "+313.1:20", "end_ms": 336.9},
        "llm_complete": False,
        "llm_error": {"kind": "reset", "text": "gone"},
    }
    file = cassette(tmp_path / "a.json", told)

    assert main(["cassettes", "show", file, "--view"]) == 0
    assert main(["cassettes", "show", file, "--json", "--view"]) == 0

    *lines, row = capsys.readouterr().out.splitlines()
    assert "  timing: first bytes 313.1 ms, all 336.9 ms" in lines
    assert "  incomplete: the application stopped reading" in lines
    assert "  transport error: reset" in lines
    assert "  user: Hi there" in lines
    assert '  calls weather({"city": "Paris"})' in lines
    assert json.loads(row)["headers_ms"] == 36.2
    assert json.loads(row)["view"]["messages"] == [{"user": "Hi there"}]


def test_half_a_surrogate_pair_is_no_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who reads the line can write it on."""
    main(["cassettes", "show", cassette(tmp_path / "a.json", interaction("a\ud83d")), "--json"])

    assert json.loads(capsys.readouterr().out)["text"] == "a?"


def test_an_unclean_model_makes_no_line_and_no_colour(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nor does an unclean file in the list of cassettes."""
    one = interaction("Hi", prompt_tokens=3)
    body = json.loads(one["response"]["body"]["string"])
    one["response"]["body"]["string"] = json.dumps(body | {"model": "gpt\x1b[31m\nFAKE\u202e"})
    file = cassette(tmp_path / "a\x1b[7m.json", one)

    main(["cassettes", "show", file])
    main(["cassettes", "list", file])
    main(["cassettes", "check", file])

    told = capsys.readouterr().out
    assert all(each.isprintable() or each == "\n" for each in told)
    assert "gpt?[31m FAKE?" in told
    assert not [line for line in told.splitlines() if line.startswith("FAKE")]
