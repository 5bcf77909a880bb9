"""pytest-benchmark's JSON: our figures in its `extra_info`, and its runs made of our baseline."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ._metric import Figures, Kind
from ._metrics import METRICS
from .baseline import BaselineError, Recorded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


#: The key of our figures in `extra_info`; beside it stand flat ones for people.
KEY: Final = "understudy"

#: How many rounds the figures of a test are of, where pytest-benchmark counted them.
ROUNDS: Final = "rounds"

_FIELDS: Final = ("counts", "latency", "accuracy", "how", "values", "timed", "models")
_KINDS: Final = ("counts", "latency", "accuracy")
#: What is one and the same of a single round, and what such a round has none of.
_SAME: Final = ("min", "max", "mean", "median", "q1", "q3", "ld15iqr", "hd15iqr", "total")
_NONE: Final = ("stddev", "iqr", "iqr_outliers", "stddev_outliers")
_SECOND_US: Final = 1_000_000


def extra_info(one_round: Figures, whole: Figures) -> dict[str, Any]:
    """Return what goes into `extra_info`: a round's figures for people, the test's for a gate."""
    return {**_flat({**one_round.values, **one_round.timed}), KEY: _plain(whole)}


def read_benchmarks(path: Path) -> dict[str, Figures]:
    """Read the figures that a saved run of pytest-benchmark carries, by node id.

    Raises:
        BaselineError: the file is none of its, or no benchmark in it used `llm_benchmark`.
    """
    try:
        document = json.loads(path.read_bytes())
        benchmarks = document["benchmarks"]
        found = {
            each["fullname"]: _figures(each["fullname"], each["extra_info"][KEY])
            for each in benchmarks
            if KEY in each.get("extra_info", {})
        }
    except OSError as error:
        raise BaselineError(path, f"cannot be read: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        problem = f"no saved run of pytest-benchmark ({type(error).__name__}: {error})."
        raise BaselineError(path, problem) from None
    if not found:
        raise BaselineError(path, "none of its benchmarks used the fixture llm_benchmark.")
    return found


def as_benchmarks(recorded: Iterable[Recorded], *, at: str) -> dict[str, Any]:
    """Return a run of pytest-benchmark for `--benchmark-compare`, of all tests with a latency."""
    return {
        "machine_info": {"node": "understudy", "cpu": {}},
        "commit_info": {},
        "benchmarks": [
            _benchmark(each.subject, how, timed, each)
            for each in recorded
            for how, timed in sorted(each.timed.items())[:1]
            if "duration" in timed
        ],
        "datetime": at,
        "version": "5.1.0",
    }


def _plain(figures: Figures) -> dict[str, Any]:
    return {name: getattr(figures, name) for name in _FIELDS}


def _figures(subject: str, plain: Mapping[str, Any]) -> Figures:
    fields = {name: plain[name] for name in _FIELDS}
    fields |= {name: Kind(fields[name]) for name in _KINDS}
    return Figures(subject=subject, **fields)


def _flat(values: Mapping[str, float]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, value in values.items():
        metric = METRICS.get(name)
        if metric is None or metric.scale == 1:
            found[f"llm_{name}"] = value
        else:
            unit = {"%": "percent"}.get(metric.unit, metric.unit.lower())
            suffix = "" if name.startswith(unit) else f"_{unit}"
            found[f"llm_{name}{suffix}"] = value / metric.scale
    return found


def _benchmark(
    subject: str, how: str, timed: Mapping[str, float], recorded: Recorded
) -> dict[str, Any]:
    seconds = timed["duration"] / _SECOND_US / recorded.values.get(ROUNDS, 1)
    once = {"rounds": 1, "iterations": 1, "outliers": "0;0", "ops": 1 / seconds if seconds else 0}
    return {
        "group": None,
        "name": subject.rpartition("::")[2],
        "fullname": subject,
        "params": None,
        "param": None,
        "extra_info": {"clock": how, **_flat({**recorded.values, **timed})},
        "options": {"timer": "virtual", "disable_gc": False, "warmup": False},
        "stats": {**dict.fromkeys(_SAME, seconds), **dict.fromkeys(_NONE, 0), **once},
    }
