"""Headers of any client as lower-case text."""

from __future__ import annotations

from understudy.intercept.clients._http1 import lowered


def test_names_are_lower_case_text() -> None:
    """Bytes and text alike; values stay as they are, and so does the order."""
    headers: list[tuple[str | bytes, str | bytes]] = [
        ("Content-Type", "Text"),
        (b"X-ID", b"\xe9"),
        ("X-Id", b"2"),
    ]

    assert lowered(headers) == [("content-type", "Text"), ("x-id", "é"), ("x-id", "2")]
