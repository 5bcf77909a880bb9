"""A value is a secret by its looks, not by its name alone: what is none stays byte for byte."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.cassettes.secrets.messages import EVENTS, JSON, answered, asked, exchange
from tests.unit.redaction.corpus import HARMLESS, HARMLESS_ENVIRONMENT, HEX

from understudy.cassettes.secrets import SecretsRedactor, scan

REDACTOR = SecretsRedactor(environment=HARMLESS_ENVIRONMENT)
FORM = (("content-type", "application/x-www-form-urlencoded"),)


def headers_of(body: str) -> tuple[tuple[str, str], ...]:
    if body.startswith(("{", "<")):
        return JSON
    return EVENTS if body.startswith("data:") else FORM


@pytest.mark.parametrize("body", HARMLESS)
def test_a_harmless_body_stays_byte_for_byte(body: str) -> None:
    """Asked and answered, and nothing is found in a file that holds it."""
    headers, data = headers_of(body), body.encode()

    clean = REDACTOR.recorded(
        exchange(asked(data, headers=headers), answered(data, headers=headers))
    )

    assert clean.request.body is data
    assert clean.response.body is data
    assert scan(Path("a.yaml"), data, REDACTOR.finder) == []


def test_names_in_an_environment_make_no_secrets() -> None:
    """Models, columns, hosts, paths and names of things."""
    assert REDACTOR.values == {}


@pytest.mark.parametrize(
    "body", [b'{"api_key": "%s", "q": "x"}', b"client_secret=%s&grant_type=client_credentials"]
)
def test_a_stand_in_is_compared_as_the_key_that_it_stands_for(body: bytes) -> None:
    """What was recorded with a key plays for somebody who has none."""
    headers = JSON if body.startswith(b"{") else FORM
    recorded = asked(body % HEX.encode(), headers=headers)
    live = asked(body % b"none", headers=headers)
    kept = REDACTOR.request(recorded)

    assert HEX.encode() not in kept.body
    assert REDACTOR.compared(kept) == REDACTOR.compared(live) == REDACTOR.compared(recorded)
    assert REDACTOR.compared(replace(live, url="https://h/other")) != REDACTOR.compared(live)
