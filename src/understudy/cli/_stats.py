"""`understudy stats`: the summary of a stored run."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

from ..errors import SettingsError, StoreError
from ..options import DEFAULT_STORE

if TYPE_CHECKING:
    import argparse

    from ..store import Run, Store

_VARIABLE = "UNDERSTUDY_STORE"
#: How many of the newest runs to look through, and to name when one is not found.
_NEWEST = 1000
_NAMED = 5


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "stats",
        help="show what the calls of a stored run asked, waited and paid",
        description="Show the summary of a stored run, the newest one by default.",
    )
    parser.add_argument(
        "--store",
        metavar="PATH_OR_URL",
        default=os.environ.get(_VARIABLE) or DEFAULT_STORE,
        help=f"where the run is stored (default: {DEFAULT_STORE}) [env: {_VARIABLE}]",
    )
    parser.add_argument(
        "--run", dest="run_id", metavar="RUN_ID", help="which run (default: the newest)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "-v",
        "--verbose",
        action="count",
        default=0,
        help="a row for each test; -vv: for each attempt as well",
    )
    parser.set_defaults(run=_show)


def _show(arguments: argparse.Namespace) -> int:
    """Print the summary of one run.

    Raises:
        StoreError: the store cannot be read, or holds no run.
        SettingsError: it does not hold that run.
    """
    # Lazily: other commands need neither, and both are slow to import.
    from ..reports import render_summary, summarise, summary_as_json  # noqa: PLC0415
    from ..store import open_store  # noqa: PLC0415

    with open_store(arguments.store, create=False) as store:
        run = _find(store, arguments.run_id)
        summary = summarise(store.events(run.run_id), estimates=store.estimates(run.run_id))
        location = store.location
    if arguments.json:
        about = {"store": location, "run": _as_json(run)}
        print(json.dumps(about | summary_as_json(summary), indent=2))
        return 0
    width = shutil.get_terminal_size().columns
    lines = render_summary(summary, width=width, verbosity=arguments.verbose, store=location)
    print(f"run     {_described(run)}")
    for line in lines:
        print(line.text)
    if not lines:
        print(f"calls   none in this run, in {location}")
    return 0


def _find(store: Store, run_id: str | None) -> Run:
    runs = store.runs(limit=1 if run_id is None else _NEWEST)
    if not runs:
        msg = f"no run in {store.location}. Run `pytest --llm-telemetry` first."
        raise StoreError(msg)
    found = next((run for run in runs if run_id in {None, run.run_id}), None)
    if found is None:
        newest = ", ".join(run.run_id for run in runs[:_NAMED])
        msg = f"no run {run_id!r} in {store.location}. The newest: {newest}."
        raise SettingsError(msg)
    return found


def _described(run: Run) -> str:
    ended = "did not finish" if run.exit_status is None else f"exit status {run.exit_status}"
    return f"{run.run_id}, {run.started:%Y-%m-%d %H:%M:%S %Z}, {ended}"


def _as_json(run: Run) -> dict[str, Any]:
    return run.model_dump(mode="json", include={"run_id", "started", "finished", "exit_status"})
