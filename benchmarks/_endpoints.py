"""Timings of live endpoints that nobody changed, over three weeks: every difference is noise."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import Any

LEAST = 30
_FOLDER = Path(os.environ.get("UNDERSTUDY_TEST_DATA", Path(__file__).parents[1] / "../shared/data"))
_HISTORY = _FOLDER / "latency/thefastest/history"


def read_series() -> list[list[float]]:
    """Return the milliseconds a token of each endpoint and region; none where there are no data.

    A snapshot that is no JSON is left out, as are endpoints with fewer than 30 requests.
    """
    series: defaultdict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for path in sorted(_HISTORY.glob("*.json")):
        with suppress(ValueError):
            for region in json.loads(path.read_text()):
                for result in region["results"]:
                    _keep(series[region["region"], result["model"]], region["time"], result)
    return [list(each.values()) for each in series.values() if len(each) >= LEAST]


def _keep(times: dict[str, float], time: str, result: dict[str, Any]) -> None:
    if result.get("total_time") and result.get("num_tokens"):
        times[time] = 1000 * result["total_time"] / result["num_tokens"]
