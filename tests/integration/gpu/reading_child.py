"""A process that has a fake driver library to load, and says what it read in each mode."""

from __future__ import annotations

import json
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor

from understudy.gpu import GpuMemory, NvmlReader

built, searched, *modes = sys.argv[1:]


def memory_of(gpu: GpuMemory) -> list[object]:
    """Return what a GPU is and has, as JSON holds it."""
    return [gpu.uuid, gpu.index, gpu.free, gpu.used, gpu.total]


def readings() -> list[object]:
    """Read in fifty threads at once; return the readings that differ."""
    with ThreadPoolExecutor(50) as pool:
        read = [future.result() for future in [pool.submit(NvmlReader().read) for _ in range(50)]]
    return [[list(map(memory_of, each.gpus)), each.unknown] for each in set(read)]


told = {"no library": readings()}
shutil.copy(built, os.path.join(searched, "libnvidia-ml.so.1"))  # noqa: PTH118 - as it is searched
for mode in modes:
    os.environ["FAKE_NVML"] = mode
    told[mode] = readings()
sys.stdout.write(json.dumps(told))
