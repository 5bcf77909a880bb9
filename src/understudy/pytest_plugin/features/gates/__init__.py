"""`--llm-gate`, `--llm-update-baseline` and `--llm-report`; the fixture `llm_benchmark`."""

from ._benchmark import LLMBenchmark, benchmark_of
from ._gates import Gates

__all__ = ["Gates", "LLMBenchmark", "benchmark_of"]
