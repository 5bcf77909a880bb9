"""The mock or the real thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.mock.stage import Stage

from understudy.errors import SettingsError, UnknownNameError
from understudy.mock import MockLLM, active_mock, get_llm, in_force

if TYPE_CHECKING:
    from pathlib import Path


def real() -> str:
    """Make the real thing."""
    return "real"


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing asks for a mock, and there are no goldens of the user's."""
    monkeypatch.delenv("USE_MOCK_LLM", raising=False)
    monkeypatch.delenv("UNDERSTUDY_PROFILE", raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_factory_makes_the_real_one() -> None:
    """Where nothing asks for a mock."""
    assert get_llm(real=real) == "real"


def test_the_mock_in_force_goes_before(stage: Stage) -> None:
    """The innermost of several, until it ends."""
    inner = Stage()

    with in_force(stage.mock):
        with in_force(inner.mock):
            assert get_llm(real=real) is inner.mock
        assert get_llm() is stage.mock
    assert active_mock() is None


@pytest.mark.parametrize("value", ["true", "1", "YES", " on "])
def test_the_environment_asks_for_a_mock(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """Outside tests: a new one, which plays without a wait."""
    monkeypatch.setenv("USE_MOCK_LLM", value)

    mock = get_llm(real=real)

    assert isinstance(mock, MockLLM)
    assert mock.profile == "instant"
    assert len(list(mock.stream_sync("page_edit"))) > 1


def test_the_environment_names_the_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown one is an error."""
    monkeypatch.setenv("USE_MOCK_LLM", "true")
    monkeypatch.setenv("UNDERSTUDY_PROFILE", "slow")
    mock = get_llm()
    monkeypatch.setenv("UNDERSTUDY_PROFILE", "slowly")

    assert isinstance(mock, MockLLM)
    assert mock.profile == "slow"
    with pytest.raises(UnknownNameError, match="slow"):
        get_llm()


def test_the_folder_golden_holds_the_users_scenarios(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Below the working directory."""
    (tmp_path / "golden").mkdir()
    (tmp_path / "golden" / "mine.jsonl").write_text("1\n")
    monkeypatch.setenv("USE_MOCK_LLM", "true")

    mock = get_llm()

    assert isinstance(mock, MockLLM)
    assert "mine" in mock.list_scenarios()


@pytest.mark.parametrize("value", ["", "false", "0"])
def test_without_a_factory_there_is_nothing_to_return(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """The error says what to do."""
    monkeypatch.setenv("USE_MOCK_LLM", value)

    with pytest.raises(SettingsError, match=r"USE_MOCK_LLM=true.*--llm-mock.*real="):
        get_llm()
