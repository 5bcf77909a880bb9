"""What a miss says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from understudy.cassettes import Cassette, Miss, MissReason, RecordedRequest, RecordedResponse
from understudy.cassettes.matching._explanation import differences

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://api.test/v1/chat/completions"


def ask(text: str, **more: Any) -> RecordedRequest:
    """Build a request that says something to a model."""
    url = more.pop("url", URL)
    body = {"model": "m", "messages": [{"role": "user", "content": text}], **more}
    return RecordedRequest(method="POST", url=url, body=json.dumps(body).encode())


def missed(path: Path, stored: list[RecordedRequest], made: RecordedRequest) -> Miss:
    """Ask a cassette that holds `stored` for what it does not hold."""
    with Cassette.open(path, record_mode="once") as cassette:
        for each in stored:
            cassette.append(each, RecordedResponse(status=200))
    miss = Cassette.open(path).find(made)
    assert isinstance(miss, Miss)
    return miss


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A cassette's file."""
    return tmp_path / "cassette.yaml"


def test_the_nearest_is_found_among_many(path: Path) -> None:
    """By what it says, not by its place."""
    texts = ["What is the capital of France?", "Sing a song.", "Count to ten, slowly."]

    miss = missed(path, [ask(text) for text in texts], ask("Count to ten, quickly."))

    assert miss.nearest is not None
    assert miss.nearest.index == 2
    assert miss.text.startswith("POST https://")  # a short summary shows little more
    assert 'recorded: "Count to ten, slowly."' in miss.text
    assert 'now:      "Count to ten, quickly."' in miss.text


def test_an_equal_endpoint_is_nearer_than_an_equal_body(path: Path) -> None:
    """Nothing can be learnt from another endpoint's answer."""
    stored = [ask("Hello", url="https://api.test/v1/responses"), ask("Quite another text")]

    miss = missed(path, stored, ask("Hello"))

    assert miss.nearest is not None
    assert miss.nearest.index == 1


def test_a_long_text_is_shown_around_its_first_difference(path: Path) -> None:
    """Not its first screen."""
    start = "The same words again and again. " * 300

    miss = missed(path, [ask(f"{start}Paris")], ask(f"{start}Rome"))

    assert "  messages[0].content:" in miss.text
    assert "again and again. Paris" in miss.text
    assert all(len(line) < 200 for line in miss.text.splitlines())


def test_what_is_on_one_side_only_is_named(path: Path) -> None:
    """By its path."""
    miss = missed(path, [ask("a", top_p=1)], ask("a", tools=[{"name": "t"}]))

    assert "top_p: only recorded: 1" in miss.text
    assert 'tools[0].name: only now: "t"' in miss.text


def test_many_differences_are_counted(path: Path) -> None:
    """Not listed to the last."""
    miss = missed(path, [ask("a")], ask("a", **{f"key{place}": place for place in range(12)}))

    assert "… and 4 more places" in miss.text


def test_a_missing_stream_is_said(path: Path) -> None:
    """Whichever side wants it."""
    assert (
        "recorded no stream, now a stream" in missed(path, [ask("a")], ask("a", stream=True)).text
    )


def test_what_is_played_already_is_said(path: Path) -> None:
    """With how to let it repeat, and without differences: there are none."""
    cassette = Cassette.open(path, record_mode="once")
    cassette.append(ask("a"), RecordedResponse(status=200))
    cassette.close()
    cassette = Cassette.open(path)
    cassette.find(ask("a"))

    miss = cassette.find(ask("a"))

    assert isinstance(miss, Miss)
    assert miss.reason is MissReason.ALREADY_PLAYED
    assert "allow_playback_repeats" in miss.text
    assert "differs" not in miss.text
    assert cassette.missed == [miss]


def test_a_missing_file_is_said(path: Path) -> None:
    """With how to record one."""
    miss = Cassette.open(path).find(ask("a"))

    assert isinstance(miss, Miss)
    assert miss.reason is MissReason.NO_CASSETTE
    assert miss.nearest is None
    assert "--llm-record-mode=once" in miss.text
    assert "refuse" in repr(miss)


def test_a_miss_names_no_key(path: Path) -> None:
    """Neither of the address nor of the text."""
    key = "sk-abcdefghijklmnop1234"

    text = missed(path, [ask("a")], ask(f"my key is {key}", url=f"{URL}?key={key}")).text

    assert key not in text


def test_a_live_call_that_is_recorded_says_why(path: Path) -> None:
    """In the mode that records all."""
    miss = Cassette.open(path, record_mode="all").find(ask("a"))

    assert isinstance(miss, Miss)
    assert miss.reason is MissReason.RECORD_MODE
    assert "record mode" in miss.text


@pytest.mark.parametrize(
    ("now", "then", "lines"),
    [
        ({"path": "/a"}, {"path": "/b"}, ["path:", '  recorded: "/b"', '  now:      "/a"']),
        ({"body": "a"}, {"body": "b"}, ["body:", '  recorded: "b"', '  now:      "a"']),
        ({"body": '{"a":true}'}, {"body": '{"a":1}'}, ["a:", "  recorded: 1", "  now:      true"]),
        ({"body": '{"a":{}}'}, {"body": '{"a":[]}'}, ["a:", "  recorded: []", "  now:      {}"]),
        ({"stream": ""}, {"stream": "stream"}, ["stream: recorded a stream, now no stream"]),
        ({"body": "[" * 100_000}, {"body": "["}, None),
        ({"host": "a"}, {"host": "a"}, []),
    ],
)
def test_each_part_says_how_it_differs(
    now: dict[str, str], then: dict[str, str], lines: list[str] | None
) -> None:
    """Leaf by leaf where it is JSON."""
    said = differences(now, then)

    assert said == lines if lines is not None else said[0] == "body:"


def test_the_nearest_of_very_long_texts_is_found(path: Path) -> None:
    """By their ends."""
    middle = " ".join(map(str, range(3000))) + " "

    miss = missed(path, [ask(f"{middle}red"), ask(f"{middle}blue sky")], ask(f"{middle}blue sea"))

    assert miss.nearest is not None
    assert miss.nearest.index == 1
