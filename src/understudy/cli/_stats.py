"""`understudy stats`: the summary of a stored run."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from ._command import Commands, answer, finish
from ._selection import add_run, stored_run

if TYPE_CHECKING:
    import argparse

    from ..store import Run


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "stats",
        help="show what the calls of a stored run asked, waited and paid",
        description="Show the summary of a stored run, by default the newest of pytest.",
    )
    add_run(parser, "the run is")
    finish(parser, _show)
    parser.add_argument(
        "-v",
        "--verbose",
        action="count",
        default=0,
        help="a row for each test; -vv: for each attempt as well",
    )


def _show(arguments: argparse.Namespace) -> int:
    """Print the summary of one run."""
    # Lazily: other commands need neither, and both are slow to import.
    from ..reports import render_summary, summarise, summary_as_json  # noqa: PLC0415
    from ..store import open_store  # noqa: PLC0415

    with open_store(arguments.store, create=False) as store:
        run = stored_run(store, arguments.run_id)
        summary = summarise(store.events(run.run_id), estimates=store.estimates(run.run_id))
        location = store.location
    told = {"run_id", "started", "finished", "exit_status"}
    about = {"store": location, "run": run.model_dump(mode="json", include=told)}
    width = shutil.get_terminal_size().columns
    rendered = render_summary(summary, width=width, verbosity=arguments.verbose, store=location)
    lines = [line.text for line in rendered] or [f"calls   none in this run, in {location}"]
    answer(arguments, about | summary_as_json(summary), [f"run     {_described(run)}", *lines])
    return 0


def _described(run: Run) -> str:
    ended = "did not finish" if run.exit_status is None else f"exit status {run.exit_status}"
    if run.kind != "pytest":
        ended = f"a {run.kind}, {'not ended' if run.finished is None else 'ended'}"
    return f"{run.run_id}, {run.started:%Y-%m-%d %H:%M:%S %Z}, {ended}"
