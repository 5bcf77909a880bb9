"""What the file of a scenario costs: read for the first time, and asked for again.

Targets: a small file at most 3 ms, again at most 1.5 µs.
"""

from __future__ import annotations

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
        again = paired({"again": (nullcontext, partial(library.get, name))}, rounds=9, calls=5000)
        parse, access = medians(read["read"]).cpu, medians(again["again"]).cpu
        print(f"{name}: read {parse * 1e3:.2f} ms CPU, again {access * 1e6:.2f} µs")
