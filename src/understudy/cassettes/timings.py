"""The timing of recorded answers, for delay profiles to learn from."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from ..delays.fitting import MeasuredAnswer, MeasuredProfile
from ..errors import CassetteError
from ._cassette_file import load_interactions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from ..wire import StreamWatcher, WireApis
    from ._interaction import Interaction


def measured_answers(recorded: Iterable[Interaction], apis: WireApis) -> list[MeasuredAnswer]:
    """Return the timing of all answers that streamed and tell it."""
    answers = (measured_answer(each, apis) for each in recorded)
    return [answer for answer in answers if answer is not None]


def measured_answer(recorded: Interaction, apis: WireApis) -> MeasuredAnswer | None:
    """Return the timing of a streamed answer; None where it has none, no content, or failed.

    Pieces that came together share the delay before them evenly.
    """
    answered = recorded.response
    recognised = apis.recognise(recorded.request.plain())
    is_error = answered.status >= 400  # noqa: PLR2004
    if answered.timing is None or is_error or recognised is None:
        return None
    watcher = recognised.watcher(answered.plain().headers)
    moments = list(_content_moments(answered.timing.split(answered.body), watcher))
    if not moments:
        return None
    gaps = [
        (now - before) / count
        for (before, _), (now, count) in pairwise(moments)
        for _ in range(count)
    ]
    return MeasuredAnswer(moments[0][0], tuple(round(max(gap, 0.0), 3) for gap in gaps))


def _content_moments(
    pieces: Iterable[tuple[float, bytes]], watcher: StreamWatcher
) -> Iterator[tuple[float, int]]:
    """Yield moment and number of events of each piece from the first content on."""
    has_begun = False
    for at, data in pieces:
        has_begun = has_begun or watcher.feed(data)
        if has_begun:
            yield at, max(1, data.count(b"data:"))


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
        others = f" and {len(files) - 1} more" if len(files) > 1 else ""
        nothing = (
            f"no streamed answer with timing in {files[0]}{others}" if files else "no cassette"
        )
        msg = (
            f"the delay profile 'recorded' finds {nothing}. Record one with"
            " --llm-record-mode=once; vcrpy's cassettes hold no timing."
        )
        raise CassetteError(msg)
    return MeasuredProfile(tuple(answers))
