"""What a stage of a test ends with, when something was refused in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ...intercept.guard import CallRefused, refusals_behind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...intercept.guard import Refusal


def verdict_on(error: BaseException | None, refusals: Sequence[Refusal]) -> BaseException | None:
    """Return the error that a stage ends with, `error` itself where that tells everything.

    What the application swallowed is told all the same: as a failure of the test, or as a note
    on the error that it fails with anyway.
    """
    if error is None or _is_a_way_out(error, refusals):
        return _failure(refusals) if refusals else None
    told = list(refusals_behind(error))
    untold = [refusal for refusal in refusals if refusal not in told]
    if _is_nothing_else(error):
        return _failure([*told, *untold])
    for refusal in untold:
        error.add_note(refusal.message)
    return error


def _failure(refusals: Sequence[Refusal]) -> BaseException:
    messages = dict.fromkeys(refusal.message for refusal in refusals)
    return pytest.fail.Exception("\n\n".join(messages), pytrace=False)


def _is_a_way_out(error: BaseException, refusals: Sequence[Refusal]) -> bool:
    """Tell whether a test skips itself although one of its calls was refused."""
    return isinstance(error, pytest.skip.Exception) and any(one.is_call for one in refusals)


def _is_nothing_else(error: BaseException) -> bool:
    """Tell whether an error is a refused call, or a group of nothing else."""
    if isinstance(error, BaseExceptionGroup):
        return error.split(CallRefused)[1] is None
    return isinstance(error, CallRefused)
