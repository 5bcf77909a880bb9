"""What is said of a miss: the recording that comes nearest, and what differs."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from ...redaction import redacted
from ._miss import Explanation, Miss, MissReason, Nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .._interaction import Interaction, RecordedRequest, RecordedResponse
    from ._keys import KeyMaker

_RECORD_NEW: Final = "Record it with --llm-record-mode=new_episodes"
_ADVICE: Final = {
    MissReason.NO_CASSETTE: "Record one with --llm-record-mode=once.",
    MissReason.ALREADY_PLAYED: (
        f"{_RECORD_NEW}, or let recordings repeat (allow_playback_repeats)."
    ),
    MissReason.CANCELLED: "Record it anew with --llm-record-mode=all.",
    MissReason.NO_MATCH: (
        f"{_RECORD_NEW}; pass over what differs from run to run with ignore_body or normalise "
        "in [tool.understudy.cassettes]."
    ),
}

_WORD: Final = re.compile(r"\w+|[^\w\s]")
_LONGEST: Final = 6_000
_FINALISTS: Final = 4
#: A body that differs altogether is nearer than another endpoint's.
_WEIGHTS: Final = {"host": 1, "method": 1, "stream": 1, "path": 2, "uri": 2, "url": 2}

_BEFORE: Final = 30
_AFTER: Final = 50
_MOST_LEAVES: Final = 8
_ABSENT: Final = object()


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
        state = "played" if plays[found.index] else "not played yet"
        near = f"interaction {found.index}, {_address(stored[found.index])} ({state})"
        lines += [f"Nearest is {near}. What differs:", *(f"  {each}" for each in found.differences)]
    lines += [_ADVICE[miss.reason]] if miss.reason in _ADVICE else []
    return Explanation(text=redacted("\n".join(lines)), nearest=found)


def explain_silence(miss: Miss, path: Path, response: RecordedResponse) -> Explanation:
    """Say that what is awaited was given up when it was recorded."""
    told = "" if response.error is None else response.error.text
    ended_ms = None if response.timing is None else response.timing.end_ms
    after = "" if ended_ms is None else f" after {ended_ms:g} ms"
    text = (
        f"{_address(miss.request)} is awaited, but the application gave it up{after} ({told}) when"
        f" {_shown(path)} recorded it: there is no answer to play. {_ADVICE[miss.reason]}"
    )
    return Explanation(text=redacted(text))


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


def _address(request: RecordedRequest) -> str:
    """Return method and address without the query, where keys stand."""
    parts = urlsplit(request.url)
    host = parts.netloc.rpartition("@")[2]
    return f"{request.method.upper()} {parts.scheme}://{host}{parts.path}"


def nearest(
    request: RecordedRequest, stored: Sequence[RecordedRequest], keys: KeyMaker
) -> Nearest | None:
    """Return the stored request that is most like `request`; all are redacted."""
    if not stored:
        return None
    made = keys.parts(request)
    others = [keys.parts(each) for each in stored]
    weights = [
        sum(each for name, each in _WEIGHTS.items() if name in made and made[name] == other[name])
        for other in others
    ]
    most = max(weights)
    best = [place for place, weight in enumerate(weights) if weight == most]
    index = _most_alike(_words(made), {place: _words(others[place]) for place in best})
    return Nearest(index, tuple(differences(made, others[index])))


def _words(parts: Mapping[str, str]) -> list[str]:
    """Return the words of all parts; of a long one, those of its two ends."""
    text = " ".join(parts.values())
    if len(text) > 2 * _LONGEST:
        text = f"{text[:_LONGEST]} {text[-_LONGEST:]}"
    return _WORD.findall(text)


def _most_alike(made: list[str], others: Mapping[int, list[str]]) -> int:
    """Compare bags of words first, and only the best of them in their order."""
    bag = set(made)
    overlap = {
        place: len(bag.intersection(words)) / (len(bag.union(words)) or 1)
        for place, words in others.items()
    }
    finalists = sorted(others, key=lambda place: (-overlap[place], place))[:_FINALISTS]
    matcher: SequenceMatcher[str] = SequenceMatcher(autojunk=False)
    matcher.set_seq2(made)

    def likeness(place: int) -> tuple[float, int]:
        matcher.set_seq1(others[place])
        return matcher.ratio(), -place

    return max(finalists, key=likeness)


def differences(made: Mapping[str, str], stored: Mapping[str, str]) -> list[str]:
    """Return lines on each part, by name, that differs between a request and a stored one."""
    lines: list[str] = []
    for name, text in made.items():
        if text == stored[name]:
            continue
        if name == "stream":
            wanted, held = ("a", "no") if text else ("no", "a")
            lines.append(f"stream: recorded {held} stream, now {wanted} stream")
        elif name == "body":
            lines += _body_lines(text, stored[name])
        else:
            lines += _changed(name, text, stored[name])
    return lines


def _body_lines(made: str, stored: str) -> list[str]:
    now, then = _json(made), _json(stored)
    if now is None or then is None:
        return _changed("body", made, stored)
    leaves, others = dict(_leaves(now)), dict(_leaves(then))
    pairs = (
        (path, leaves.get(path, _ABSENT), others.get(path, _ABSENT))
        for path in {**others, **leaves}
    )
    # As JSON does: true is not 1.
    changed = [each for each in pairs if type(each[1]) is not type(each[2]) or each[1] != each[2]]
    lines = [line for each in changed[:_MOST_LEAVES] for line in _changed(*each)]
    if len(changed) > _MOST_LEAVES:
        lines.append(f"… and {len(changed) - _MOST_LEAVES} more places")
    return lines


def _json(text: str) -> Any:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict | list) else None


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value:
        for place, item in enumerate(value):
            yield from _leaves(item, f"{path}[{place}]")
    else:
        yield path, value


def _changed(path: str, now: Any, then: Any) -> list[str]:
    if then is _ABSENT:
        return [f"{path}: only now: {_window(_as_json(now), 0)}"]
    if now is _ABSENT:
        return [f"{path}: only recorded: {_window(_as_json(then), 0)}"]
    one, other = _as_json(then), _as_json(now)
    pairs = enumerate(zip(one, other, strict=False))
    start = next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))
    return [
        f"{path}:",
        f"  recorded: {_window(one, start)}",
        f"  now:      {_window(other, start)}",
    ]


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _window(text: str, start: int) -> str:
    first, last = max(0, start - _BEFORE), start + _AFTER
    return f"{'…' if first else ''}{text[first:last]}{'…' if len(text) > last else ''}"
