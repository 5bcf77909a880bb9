"""The delay profile `recorded`: mocked answers take as long as the recorded ones did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...delays.fitting import MeasuredProfile
from ...errors import CassetteError
from ..writing import load_interactions
from ._answers import measured_answers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ...wire import WireApis


def recorded_profile(
    paths: Iterable[Path], apis: WireApis, *, state: Path | None = None
) -> MeasuredProfile:
    """Return a profile that draws from the timed answers of cassettes.

    Raises:
        CassetteError: a file cannot be read, or none holds a timed answer that streamed.
    """
    files = list(paths)
    answers = [
        answer
        for path in files
        for answer in measured_answers(load_interactions(path, state=state), apis)
    ]
    if not answers:
        msg = (
            f"the delay profile 'recorded' finds {_nothing_in(files)}. Record one with"
            " --llm-record-mode=once; vcrpy's cassettes hold no timing."
        )
        raise CassetteError(msg)
    return MeasuredProfile(tuple(answers))


def _nothing_in(files: list[Path]) -> str:
    if not files:
        return "no cassette"
    others = f" and {len(files) - 1} more" if len(files) > 1 else ""
    return f"no streamed answer with timing in {files[0]}{others}"
