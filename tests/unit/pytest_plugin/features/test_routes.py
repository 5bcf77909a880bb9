"""What a test with routes fails of."""

from __future__ import annotations

import pytest

from understudy.errors import SettingsError
from understudy.pytest_plugin.features.routes import _failing_in_one_line


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            ModuleNotFoundError("No module named 'respx.models'", name="respx.models"),
            "llm_api needs respx: pip install 'pytest-understudy[respx]'.",
        ),
        (SettingsError("respx does not see httpx2"), "respx does not see httpx2"),
    ],
)
def test_what_an_extra_would_bring_is_told_without_a_traceback(
    error: Exception, words: str
) -> None:
    """Ours is of no use to whoever has to install something."""
    with pytest.raises(pytest.fail.Exception) as failed, _failing_in_one_line():
        raise error

    assert failed.value.msg == words
    assert failed.value.pytrace is False
    assert failed.value.__suppress_context__
