"""What the file of a scenario costs: read for the first time, and asked for again.

Targets: a small file at most 3 ms, again at most 1.5 µs. A file that changed is read again, so each
access looks at it once: what that look takes on this machine is told beside.
"""

from __future__ import annotations

import os
from contextlib import nullcontext
from functools import partial
from typing import Final

from benchmarks._timing import medians, paired
from understudy.scenarios import ScenarioLibrary
from understudy.scenarios._library import shipped_folder

NAMES: Final = ("order_agent", "code_edit")


def main() -> None:
    """Print the medians."""
    library = ScenarioLibrary(shipped_folder())

    def first(name: str) -> None:
        library.invalidate_cache()
        library.get(name)

    for name in NAMES:
        read = paired({"read": (nullcontext, partial(first, name))}, rounds=9, calls=20)
        library.get(name)
        path = str(next(shipped_folder().glob(f"{name}.*")))
        again = paired(
            {
                "again": (nullcontext, partial(library.get, name)),
                "stat": (nullcontext, partial(os.stat, path)),
            },
            rounds=25,
            calls=1000,
        )
        parse, access = medians(read["read"]).cpu, medians(again["again"]).cpu
        look = medians(again["stat"]).cpu
        print(
            f"{name}: read {parse * 1e3:.2f} ms CPU, again {access * 1e6:.2f} µs, of which the"
            f" look at the file {look * 1e6:.2f}"
        )
