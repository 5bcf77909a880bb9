"""What ends a test whose mock cannot answer, whatever the SDK does with exceptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._incoming import IncomingCall


class MockError(BaseException):
    """A call cannot be answered the way the test says.

    No `Exception`: SDKs catch those of a transport, try again, and report a failed connection.
    """

    slug = "mock"


class UnmatchedCall(MockError):  # noqa: N818 - what happened, in pytest's words
    """No rule answers the call; says which one comes nearest and what to add."""

    slug = "unmatched-call"

    def __init__(self, message: str, call: IncomingCall) -> None:
        super().__init__(message)
        self.call = call
