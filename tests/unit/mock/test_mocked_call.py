"""What an error response asks the client to wait."""

from __future__ import annotations

import pytest

from understudy.mock._mocked_call import retry_after

NOW = 1_790_000_000.5


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ((), None),
        ((("Retry-After", "2"),), 2.0),
        ((("retry-after", "0.25"),), 0.25),
        ((("retry-after-ms", "150"), ("retry-after", "1")), 0.15),
        ((("retry-after-ms", "soon"), ("retry-after", "1")), 1.0),
        ((("retry-after", "Mon, 21 Sep 2026 14:13:30 GMT"),), 9.5),
        ((("retry-after", "Thu, 01 Jan 1970 00:00:00 GMT"),), 0.0),
        ((("retry-after", "soon"),), None),
    ],
)
def test_every_form_is_understood(
    headers: tuple[tuple[str, str], ...], seconds: float | None
) -> None:
    """Milliseconds before seconds before dates; nonsense says nothing."""
    assert retry_after(headers, NOW) == seconds
