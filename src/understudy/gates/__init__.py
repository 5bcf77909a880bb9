"""Gates: a run goes red when its figures regress, and only then.

Pure functions over events: figures of the tests, a policy, a baseline; out come verdicts.
"""

from ._baselines import Baselines
from ._benchmark_json import ROUNDS, as_benchmarks, extra_info, read_benchmarks
from ._cost_split import CostSplit, Repricing
from ._finding import Finding, Judgement, Statistics, Verdict, finding_as_json, what_to_do
from ._gate import Gate, nothing_compared
from ._groups import group_totals
from ._measure import measure_rounds, measure_run
from ._metric import Family, Figures, Kind, Metric
from ._metrics import METRICS, RegisteredMetrics
from ._number_format import written
from ._past_runs import (
    Environment,
    PastRun,
    PastRuns,
    Samples,
    append_past_run,
    live_samples,
    past_run,
    read_past_runs,
    this_environment,
)
from ._run import RanTest, Run, RunFacts, module_of, ran_tests
from ._selftest import Proof, selftest
from .baseline import BaselineError

__all__ = [
    "METRICS",
    "ROUNDS",
    "BaselineError",
    "Baselines",
    "CostSplit",
    "Environment",
    "Family",
    "Figures",
    "Finding",
    "Gate",
    "Judgement",
    "Kind",
    "Metric",
    "PastRun",
    "PastRuns",
    "Proof",
    "RanTest",
    "RegisteredMetrics",
    "Repricing",
    "Run",
    "RunFacts",
    "Samples",
    "Statistics",
    "Verdict",
    "append_past_run",
    "as_benchmarks",
    "extra_info",
    "finding_as_json",
    "group_totals",
    "live_samples",
    "measure_rounds",
    "measure_run",
    "module_of",
    "nothing_compared",
    "past_run",
    "ran_tests",
    "read_benchmarks",
    "read_past_runs",
    "selftest",
    "this_environment",
    "what_to_do",
    "written",
]
