"""The figures that a run is compared with: files for people to read, review and merge."""

from ._accept import Accepted, accepted, update_by_us
from ._baseline import Baseline, BaselineError, ModuleFile, Record, Recorded, Update
from ._change import Change, change_lines
from ._folder import read_baseline, write_baseline
from ._module_file import format_module, parse_module

__all__ = [
    "Accepted",
    "Baseline",
    "BaselineError",
    "Change",
    "ModuleFile",
    "Record",
    "Recorded",
    "Update",
    "accepted",
    "change_lines",
    "format_module",
    "parse_module",
    "read_baseline",
    "update_by_us",
    "write_baseline",
]
