"""Prunes a store, or says what would go."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ...clock import RealClock, utc_now
from ...durable import state_folder
from ...errors import SettingsError
from ...reports.export import export_format
from ...settings import read_age
from ...store import Store, journal_root, open_store
from ...store.retention import Archive, PruneOrder, writing
from .._command import answer
from .._progress import Progress
from ._words import plan_as_json, plan_in_words, report_as_json, report_in_words

if TYPE_CHECKING:
    import argparse


def prune(arguments: argparse.Namespace) -> int:
    """Prune the store, or say what would go."""
    order = _order(arguments)
    with open_store(arguments.store, create=False) as store:
        about = {"store": store.location, "before": order.before.isoformat()}
        if arguments.dry_run:
            plan = store.plan_prune(order)
            words = plan_in_words(plan, order, store.location)
            answer(arguments, about | plan_as_json(plan), words)
            return 0
        with Progress(_expected(store, order), "pruning") as progress:
            watch = partial(_advance, progress)
            report = store.prune(order, formats=export_format, clock=RealClock(), watch=watch)
        words = report_in_words(report, order, store.location)
        answer(arguments, about | report_as_json(report), words)
    return 0


def _expected(store: Store, order: PruneOrder) -> int:
    """Return how many rows will go, where a terminal watches: counting takes its time."""
    if not sys.stderr.isatty():
        return 0
    plan = store.plan_prune(order, sizes=False)
    return sum(each.rows for each in plan.values())


def _advance(progress: Progress, point: str, rows: int) -> None:
    if point == "deleted":
        progress.advance(rows)


def _order(arguments: argparse.Namespace) -> PruneOrder:
    age = read_age(arguments.older_than, "--older-than")
    archive = _archive(arguments)
    found = writing(journal_root(arguments.store, state_folder=state_folder(Path.cwd())))
    return found.order(utc_now() - age, estimates=arguments.estimates, archive=archive)


def _archive(arguments: argparse.Namespace) -> Archive | None:
    if arguments.export is None:
        if arguments.format is not None:
            msg = f"--format={arguments.format}: of which files? Name their folder with --export."
            raise SettingsError(msg)
        return None
    return Archive(arguments.export, export_format(arguments.format or "csv"))
