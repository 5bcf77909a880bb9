"""`--llm-gate`, `--llm-update-baseline` and `--llm-report`."""

from ._begin import begin_gating
from ._benchmark import LLMBenchmark, benchmark_of

__all__ = ["LLMBenchmark", "begin_gating", "benchmark_of"]
