"""Gates: a run goes red when its figures regress, and only then.

Pure functions over events: figures of the tests, a policy, a baseline; out come verdicts.
"""

from ._benchmark_json import ROUNDS, as_benchmarks, extra_info, read_benchmarks
from ._cost_split import CostSplit, Repricing
from ._environment import Environment, this_environment
from ._errors import BaselineError
from ._figures import Figures
from ._finding import Finding, Judgement, Statistics, finding_as_json
from ._groups import group_totals
from ._judge import Gate
from ._measure import measure_rounds, measure_run
from ._metric import METRICS, Kind, Metric
from ._number_format import written
from ._past_runs import (
    PastRun,
    PastRuns,
    append_past_run,
    live_samples,
    past_run,
    read_past_runs,
)
from ._registered import RegisteredMetrics
from ._run import RanTest, Run, RunFacts, module_of
from ._selftest import Proof, selftest
from ._verdict import Verdict

__all__ = [
    "METRICS",
    "ROUNDS",
    "BaselineError",
    "CostSplit",
    "Environment",
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
    "past_run",
    "read_benchmarks",
    "read_past_runs",
    "selftest",
    "this_environment",
    "written",
]
