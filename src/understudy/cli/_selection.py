"""Which store, which run, since when: what the commands over stored rows share."""

from __future__ import annotations

import argparse
import os
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from ..clock import utc_now
from ..errors import SettingsError, StoreError
from ..options import DEFAULT_STORE

if TYPE_CHECKING:
    from ..events import TokenEstimate
    from ..store import Run, Store

LATEST: Final = "latest"

_VARIABLE: Final = "UNDERSTUDY_STORE"
_NAMED: Final = 5
_AGE: Final = re.compile(r"(\d{1,6})([dhm])")
_UNITS: Final = {"d": "days", "h": "hours", "m": "minutes"}


def add_run(parser: argparse.ArgumentParser, what: str = "the rows are") -> None:
    """Add `--store` and `--run` for one run."""
    add_store(parser, what)
    parser.add_argument(
        "--run", dest="run_id", metavar="RUN_ID", help="which run (default: the newest of pytest)"
    )


def add_store(parser: argparse.ArgumentParser, what: str = "the rows are") -> None:
    """Add `--store`."""
    parser.add_argument(
        "--store",
        metavar="PATH_OR_URL",
        default=os.environ.get(_VARIABLE) or DEFAULT_STORE,
        help=f"where {what} stored (default: {DEFAULT_STORE}) [env: {_VARIABLE}]",
    )


def add_selection(parser: argparse.ArgumentParser) -> None:
    """Add `--store`, `--run` and `--since`, for any number of runs."""
    add_store(parser)
    parser.add_argument(
        "--run",
        dest="run_id",
        metavar="RUN_ID",
        help=f"only this run, or `{LATEST}` (default: all runs)",
    )
    parser.add_argument(
        "--since",
        metavar="TIME",
        type=moment,
        help="only what is not older: 2026-03-14, 2026-03-14T09:26:53Z, 36h, 30d",
    )


def moment(text: str) -> datetime:
    """Read a date, a time (UTC unless it says otherwise) or an age before now."""
    try:
        age = _AGE.fullmatch(text)
        if age is not None:
            return utc_now() - timedelta(**{_UNITS[age[2]]: int(age[1])})
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        msg = f"{text!r} is no time. Write 2026-03-14, 2026-03-14T09:26:53Z, 36h or 30d."
        raise argparse.ArgumentTypeError(msg) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def selected_estimates(arguments: argparse.Namespace) -> tuple[str, list[TokenEstimate]]:
    """Return where the store is, and the estimates in it that are meant."""
    from ..store import open_store  # noqa: PLC0415 - slow to import

    with open_store(arguments.store, create=False) as store:
        run_id = selected_run(store, arguments.run_id)
        return store.location, store.estimates(run_id, since=arguments.since)


def selected_run(store: Store, run_id: str | None) -> str | None:
    """Return the run that is meant, None for all.

    Raises:
        SettingsError: the store does not hold that run.
    """
    if run_id is None:
        return None
    known = [run.run_id for run in store.runs()]
    found = store.latest_run_id() if known and run_id == LATEST else run_id
    if found not in known:
        newest = ", ".join(known[:_NAMED]) or "none"
        what = "no run of pytest" if found is None else f"no run {run_id!r}"
        msg = f"{what} in {store.location}. The newest: {newest}."
        raise SettingsError(msg)
    return found


def stored_run(store: Store, run_id: str | None) -> Run:
    """Return the run that is meant, by default the newest of pytest.

    Raises:
        StoreError: the store holds no such run.
        SettingsError: it does not hold that run.
    """
    wanted = selected_run(store, run_id) or store.latest_run_id()
    runs = store.runs()
    if wanted is None:
        others = [run.run_id for run in runs][:_NAMED]
        msg = f"no run in {store.location}. Run `pytest --llm-telemetry` first."
        if others:
            named = f"Name one of another kind with --run: {', '.join(others)}."
            msg = f"no run of pytest in {store.location}. {named}"
        raise StoreError(msg)
    return next(run for run in runs if run.run_id == wanted)
