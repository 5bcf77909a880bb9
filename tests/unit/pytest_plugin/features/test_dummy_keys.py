"""Dummy keys."""

from __future__ import annotations

import os

import pytest

from understudy.pytest_plugin.features.dummy_keys import dummy_keys


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("AWS_") or name.endswith(("_API_KEY", "_TOKEN")):
            monkeypatch.delenv(name)


def test_what_is_missing_is_there_for_a_while() -> None:
    """And then as it was."""
    before = dict(os.environ)

    with dummy_keys():
        inside = dict(os.environ)

    added = inside.keys() - before.keys()
    assert {"OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "MISTRAL_API_KEY"} <= added
    assert {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"} <= added
    assert dict(os.environ) == before


def test_inner_ones_leave_the_outer_ones() -> None:
    """A test's mock beside one of wider scope."""
    with dummy_keys():
        with dummy_keys():
            pass
        assert os.environ["OPENAI_API_KEY"]

    assert "OPENAI_API_KEY" not in os.environ


@pytest.mark.parametrize(
    ("given", "left_out"),
    [
        ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
        ("ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_API_KEY"),
        ("AWS_PROFILE", "AWS_SECRET_ACCESS_KEY"),
        ("AWS_REGION", "AWS_DEFAULT_REGION"),
    ],
)
def test_another_name_of_the_same_secret_is_enough(
    monkeypatch: pytest.MonkeyPatch, given: str, left_out: str
) -> None:
    """SDKs complain of two."""
    monkeypatch.setenv(given, "real")

    with dummy_keys():
        assert os.environ[given] == "real"
        assert left_out not in os.environ


def test_what_the_test_changed_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not ours any more."""
    with dummy_keys():
        monkeypatch.setenv("OPENAI_API_KEY", "of the test")

    assert os.environ["OPENAI_API_KEY"] == "of the test"
