"""Options, settings and environment variables. PYTEST_DONT_REWRITE.

Help style: what it does in one clause, then the default, then the environment variable.
"""

from __future__ import annotations

import argparse
import os
from typing import Final, Literal

import pytest

_SETTINGS: Final = ("llm_telemetry", "llm_store", "llm_budget", "llm_store_content")
_VARIABLES: Final = ("UNDERSTUDY_", "TELEMETRY_DB_ENABLED")

#: pytest reads numbers from 8.4 on; before, and in ini files, they are text.
_AMOUNT: Final[Literal["float", "string"]] = "float" if pytest.version_tuple >= (8, 4) else "string"


def add_options(parser: pytest.Parser) -> None:
    """Add the options of the group and the settings of the same names."""
    group = parser.getgroup("llm", "LLM testing (understudy)")
    group.addoption(
        "--llm-telemetry",
        action=argparse.BooleanOptionalAction,
        default=None,
        dest="llm_telemetry",
        help="Record each LLM call of the tests, print a summary, write the store. Local only: "
        "nothing is sent anywhere. [env: UNDERSTUDY_TELEMETRY]",
    )
    group.addoption(
        "--llm-store",
        metavar="PATH_OR_URL",
        default=None,
        dest="llm_store",
        help="Where telemetry is stored: a path below rootdir or a postgresql:// URL. "
        "Default: .understudy/telemetry.db. [env: UNDERSTUDY_STORE]",
    )
    group.addoption(
        "--llm-budget",
        metavar="USD",
        default=None,
        dest="llm_budget",
        help="Fail the run when its live calls cost more than this. Implies --llm-telemetry. "
        "[env: UNDERSTUDY_BUDGET]",
    )
    _add_settings(parser)


def is_anything_given(config: pytest.Config) -> bool:
    """Tell whether any place says anything about us; if none does, nothing more is loaded."""
    return (
        any(config.getoption(name, default=None) is not None for name in _SETTINGS)
        or any(name.startswith(_VARIABLES) for name in os.environ)
        or any(_is_set(config, name) for name in _SETTINGS)
    )


def _is_set(config: pytest.Config, name: str) -> bool:
    try:
        return config.getini(name) is not None
    except (ValueError, TypeError, pytest.UsageError):
        return True  # to something that will be refused


def _add_settings(parser: pytest.Parser) -> None:
    parser.addini("llm_telemetry", "Record each LLM call of the tests", type="bool", default=None)
    parser.addini("llm_store", "Where telemetry is stored", type="string", default=None)
    parser.addini(
        "llm_budget",
        "Fail the run when its live calls cost more than this many USD",
        type=_AMOUNT,
        default=None,
    )
    parser.addini(
        "llm_store_content",
        "Store prompts and answers too, not only their figures (default: false)",
        type="bool",
        default=None,
    )
