"""Reads files of timings: a line for each run of a test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypeAlias

from ..errors import SettingsError
from ..gates.noisy import Timings, run_figure

#: By key, a run each: its id and its samples in milliseconds.
Runs: TypeAlias = "dict[str, list[tuple[str, list[float]]]]"
_FORMAT = '{"key": "a name", "run": "an id", "samples_ms": [1.5, …]}'


def read_samples(path: str) -> Runs:
    """Return the runs by key, in the order of the file; a line that comes again counts once.

    Raises:
        SettingsError: the file cannot be read, or a line of it is not in the format.
    """
    runs: Runs = {}
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"cannot read {path}: {_in_words(error)}."
        raise SettingsError(msg) from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                key, run, samples = _read(line)
            except ValueError as error:
                msg = f"{path}, line {number}: {error}. A line looks like {_FORMAT}."
                raise SettingsError(msg) from error
            known = runs.setdefault(key, [])
            if (run, samples) not in known:
                known.append((run, samples))
    return runs


def _in_words(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"it is no text in UTF-8 (byte {error.start + 1})"
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    return "it is a folder" if isinstance(error, IsADirectoryError) else str(error.strerror)


def timings_of(baseline: Runs, candidate: Runs, confirm: Runs) -> dict[str, Timings]:
    """Return what the noisy rule compares, for the keys of the baseline and the candidate."""
    return {
        key: Timings(
            *(
                tuple(run_figure(samples) for _, samples in runs.get(key, ()))
                for runs in (baseline, candidate, confirm)
            )
        )
        for key in dict.fromkeys((*baseline, *candidate))
    }


def _read(line: str) -> tuple[str, str, list[float]]:
    """Read one line; raises ValueError where it is not in the format."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        msg = f"not JSON ({error})"
        raise ValueError(msg) from None
    if not isinstance(row, dict):
        msg = "not a JSON object"
        raise ValueError(msg)  # noqa: TRY004 - as for any other bad line
    missing = [name for name in ("key", "run", "samples_ms") if name not in row]
    if missing:
        msg = f"{missing[0]} is missing"
        raise ValueError(msg)
    key, run, samples = row["key"], row["run"], row["samples_ms"]
    if not isinstance(key, str):
        msg = f"key is a text, not {json.dumps(key)}"
        raise ValueError(msg)  # noqa: TRY004
    if not isinstance(run, str | int) or isinstance(run, bool):
        msg = f"run is a text or a whole number, not {json.dumps(run)}"
        raise ValueError(msg)  # noqa: TRY004
    if not isinstance(samples, list):
        msg = "samples_ms is a list of milliseconds"
        raise ValueError(msg)  # noqa: TRY004
    return key, str(run), [_number(sample) for sample in samples]


def _number(sample: object) -> float:
    if not isinstance(sample, int | float) or isinstance(sample, bool):
        msg = f"samples_ms holds {json.dumps(sample)}, which is not a number"
        raise ValueError(msg)  # noqa: TRY004
    try:
        return float(sample)
    except OverflowError:
        return float("inf")
