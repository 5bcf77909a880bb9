"""`[tool.understudy.cassettes]`: what it may say, and what is said of the rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from understudy.cassettes import (
    Cassette,
    CassetteSettings,
    OnExpiry,
    RecordedRequest,
    RecordedResponse,
    read_cassette_settings,
)
from understudy.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def test_nothing_said_is_the_default() -> None:
    """An empty table."""
    assert read_cassette_settings({}, where="pyproject.toml") == CassetteSettings()


def test_every_key_is_read() -> None:
    """And reaches the matching."""
    table = {
        "match_on": ["method", "path", "mine"],
        "ignore_body": ["user"],
        "ignore_query": ["trace"],
        "normalise": ["dates"],
        "patterns": {"build": r"b-\d+"},
        "allow_playback_repeats": True,
        "max_age": "30d",
        "on_expiry": "fail",
        "redaction": {"anything": 1},
    }
    mine = {"mine": lambda _made, _stored: True}

    settings = read_cassette_settings(table, where="pyproject.toml", matchers=mine)

    matching = settings.matching(mine)
    assert matching.match_on == ("method", "path", "mine")
    assert matching.ignore_body == ("user",)
    assert {"trace", "key"} <= set(matching.ignore_query)
    assert matching.normalise == ("dates",)
    assert matching.patterns == {"build": r"b-\d+"}
    assert matching.allow_playback_repeats
    assert matching.matchers == mine
    assert settings.max_age == timedelta(days=30)
    assert settings.on_expiry is OnExpiry.FAIL
    assert settings.redaction == {"anything": 1}


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"match": []}, r"unknown key 'match' in p\.toml.*Did you mean 'match_on'"),
        ({"match_on": "body"}, "no list"),
        ({"match_on": ["boddy"]}, r"match_on.*Did you mean 'body'"),
        ({"normalise": ["date"]}, r"normalise.*Did you mean 'dates'"),
        ({"patterns": []}, "no table"),
        ({"patterns": {"a": 1}}, "regular expression"),
        ({"patterns": {"a": "("}}, r"p\.toml.*no regular expression"),
        ({"allow_playback_repeats": 1}, "neither true nor false"),
        ({"max_age": "soon"}, "30d"),
        ({"max_age": True}, "no age"),
        ({"max_age": 999_999_999_999_999}, r"p\.toml.*max_age: no age may be more than 999999999"),
        ({"max_age": "9" * 5000}, "no age may be"),
        ({"on_expiry": "fial"}, "Did you mean 'fail'"),
    ],
)
def test_what_is_wrong_is_said(table: dict[str, Any], words: str) -> None:
    """Where it stands, and the nearest name."""
    with pytest.raises(SettingsError, match=words):
        read_cassette_settings(table, where="p.toml")


@pytest.mark.parametrize(
    ("age", "hours"), [(30, 720), ("30", 720), ("30d", 720), ("12h", 12), ("2 W", 336)]
)
def test_an_age_is_a_number_of_days_or_says_its_unit(age: object, hours: int) -> None:
    """Hours, days, weeks."""
    settings = read_cassette_settings({"max_age": age}, where="p.toml")

    assert settings.max_age == timedelta(hours=hours)


def cassette_of(path: Path, *responses: RecordedResponse) -> Cassette:
    """Record responses and open the cassette again."""
    with Cassette.open(path, record_mode="once") as cassette:
        for each in responses:
            cassette.append(RecordedRequest(method="GET", url="https://a.test/"), each)
    return Cassette.open(path)


def test_what_is_too_old_is_said(tmp_path: Path) -> None:
    """By what the file says."""
    ages = [timedelta(days=40), timedelta(days=31), timedelta(days=1)]
    responses = [RecordedResponse(status=200, recorded_at=NOW - age) for age in ages]

    expired = cassette_of(tmp_path / "a.yaml", *responses).expired(timedelta(days=30), NOW)

    assert expired is not None
    assert (expired.count, expired.total, expired.oldest) == (2, 3, NOW - ages[0])
    assert "2 of 3 interactions are older than 30 days" in expired.text
    assert "2026-10-11" in expired.text


@pytest.mark.parametrize(
    ("date", "count"),
    [("Fri, 09 Oct 2026 10:00:00 GMT", 1), ("Fri, 09 Oct 2026 10:00:00 -0000", 1), ("soon", 0)],
)
def test_what_others_recorded_is_as_old_as_its_date_header(
    tmp_path: Path, date: str, count: int
) -> None:
    """Where there is none, its age is unknown: not too old."""
    path = tmp_path / "a.yaml"
    cassette_of(path, RecordedResponse(status=200, headers=(("Date", date),)))
    lines = [line for line in path.read_text().splitlines() if "recorded_at" not in line]
    path.write_text("\n".join(lines) + "\n")

    expired = Cassette.open(path).expired(timedelta(days=30), NOW)

    assert (0 if expired is None else expired.count) == count
