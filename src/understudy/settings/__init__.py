"""Options, environment, pytest's settings and `[tool.understudy]`, resolved to one value.

For every option the order is: command line, environment, pytest's own configuration,
default. `Settings.sources` says for each which of them won.
"""

from ._given import Found, Given, Rank
from ._read import read, read_age
from ._resolve import below, resolve
from ._settings import Settings
from ._tables import TABLES, read_table

__all__ = [
    "TABLES",
    "Found",
    "Given",
    "Rank",
    "Settings",
    "below",
    "read",
    "read_age",
    "read_table",
    "resolve",
]
