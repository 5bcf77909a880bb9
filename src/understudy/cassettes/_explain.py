"""The words for a miss."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from ..redaction import redacted
from .matching import Explanation, MissReason, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._interaction import Interaction, RecordedRequest
    from .matching import KeyMaker, Miss, Nearest

_RECORD_NEW: Final = "Record it with --llm-record-mode=new_episodes"
_ADVICE: Final = {
    MissReason.NO_CASSETTE: "Record one with --llm-record-mode=once.",
    MissReason.ALREADY_PLAYED: (
        f"{_RECORD_NEW}, or let recordings repeat (allow_playback_repeats)."
    ),
    MissReason.NO_MATCH: (
        f"{_RECORD_NEW}; pass over what differs from run to run with ignore_body or normalise "
        "in [tool.understudy.cassettes]."
    ),
}


def explain(
    miss: Miss,
    path: Path,
    interactions: Sequence[Interaction],
    plays: Sequence[int],
    keys: KeyMaker,
) -> Explanation:
    """Say what was asked for, what comes nearest to it and what differs."""
    stored = [keys.redacted(each.request) or each.request for each in interactions]
    found = nearest(miss.request, stored, keys)
    lines = [_first_line(miss, _shown(path), len(stored), sum(map(bool, plays)))]
    if found is not None and miss.reason is not MissReason.ALREADY_PLAYED:
        lines += _nearest_lines(found, stored[found.index], plays)
    lines += [_ADVICE[miss.reason]] if miss.reason in _ADVICE else []
    return Explanation(text=redacted("\n".join(lines)), nearest=found)


def _first_line(miss: Miss, path: str, total: int, played: int) -> str:
    """Say what was asked and why it is a miss; the call first, as a short summary cuts the rest."""
    asked = _address(miss.request)
    if miss.reason is MissReason.NO_CASSETTE:
        return f"{asked} found no cassette: there is no {path}."
    if miss.reason is MissReason.ALREADY_PLAYED:
        return f"{asked} is asked once more than {path} recorded it, which has played all of them."
    if miss.reason is MissReason.NO_MATCH:
        return f"{asked} found no answer in {path} ({total} recorded, {played} played)."
    return f"{asked} found no answer in {path}: {miss.reason.replace('_', ' ')}."


def _shown(path: Path) -> str:
    """Return a path as pytest shows those of tests, from where it was called."""
    with suppress(OSError, ValueError):
        return path.relative_to(Path.cwd()).as_posix()
    return str(path)


def _nearest_lines(found: Nearest, request: RecordedRequest, plays: Sequence[int]) -> list[str]:
    state = "played" if plays[found.index] else "not played yet"
    head = f"Nearest is interaction {found.index}, {_address(request)} ({state}). What differs:"
    return [head, *(f"  {line}" for line in found.differences)]


def _address(request: RecordedRequest) -> str:
    """Return method and address without the query, where keys stand."""
    parts = urlsplit(request.url)
    host = parts.netloc.rpartition("@")[2]
    return f"{request.method.upper()} {parts.scheme}://{host}{parts.path}"
