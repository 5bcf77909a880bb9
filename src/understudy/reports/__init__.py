"""Reports about the calls of a run: figures, a terminal summary, JSON."""

from ._contracts import (
    CONTRACT_TITLE,
    CheckOutcome,
    CheckResult,
    contracts_as_json,
    matrix_of,
    render_contracts,
    short_names,
)
from ._estimates import accuracy_as_json, percent, ratio
from ._figures import Figures, Latency, Total, figures_of
from ._json import FORMAT_VERSION, summary_as_json
from ._layout import Line, wrap
from ._summary import ModelFigures, OwnerFigures, Summary, Unknown, summarise
from ._terminal import SECTION_TITLE, none_seen, render_summary

__all__ = [
    "CONTRACT_TITLE",
    "FORMAT_VERSION",
    "SECTION_TITLE",
    "CheckOutcome",
    "CheckResult",
    "Figures",
    "Latency",
    "Line",
    "ModelFigures",
    "OwnerFigures",
    "Summary",
    "Total",
    "Unknown",
    "accuracy_as_json",
    "contracts_as_json",
    "figures_of",
    "matrix_of",
    "none_seen",
    "percent",
    "ratio",
    "render_contracts",
    "render_summary",
    "short_names",
    "summarise",
    "summary_as_json",
    "wrap",
]
