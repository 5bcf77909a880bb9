"""A refused call as pytest knows failures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ...intercept.guard import CallRefused

if TYPE_CHECKING:
    from ...intercept.guard import Refusal


class RefusedCall(CallRefused, pytest.fail.Exception):  # type: ignore[misc,name-defined]
    """A call to a provider was refused in a test.

    As a failure of pytest's it leaves fixtures and their finalizers in order, wherever it is
    raised; SDKs do not catch it.
    """

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.pytrace = False
