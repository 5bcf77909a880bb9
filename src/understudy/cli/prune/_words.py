"""What is said of a prune, or of one that would be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...errors import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...store.retention import PruneOrder, PruneReport, TablePlan

_MEGA: Final = 1_000_000


def plan_as_json(plan: Mapping[str, TablePlan]) -> dict[str, Any]:
    """Return what would go, table by table."""
    tables = {
        name: {"rows": each.rows, "size_bytes": each.size_bytes} for name, each in plan.items()
    }
    return {"dry_run": True, "rows": sum(each.rows for each in plan.values()), "tables": tables}


def plan_in_words(plan: Mapping[str, TablePlan], order: PruneOrder, location: str) -> Iterator[str]:
    """Say what would go."""
    total = sum(each.rows for each in plan.values())
    yield f"would go  {counted(total, 'row')} from before {_moment(order)} in {location}"
    for name, each in plan.items():
        if each.rows:
            size = "" if each.size_bytes is None else f", about {_size(each.size_bytes)}"
            yield f"          {counted(each.rows, 'row')} of {name}{size}"
    yield from _held(order)


def report_as_json(report: PruneReport) -> dict[str, Any]:
    """Return what went, and where it is."""
    files = [
        {"file": str(each.path), "table": each.table, "rows": each.rows} for each in report.files
    ]
    return {
        "dry_run": False,
        "rows": sum(report.rows.values()),
        "tables": {name: {"rows": rows} for name, rows in report.rows.items()},
        "files": files,
        "missing_files": list(map(str, report.missing)),
        "finished": report.finished,
        "freed_bytes": report.space.freed_bytes,
        "free_bytes": report.space.free_bytes,
    }


def report_in_words(report: PruneReport, order: PruneOrder, location: str) -> Iterator[str]:
    """Say what went, where it is, and what the disk got back."""
    total = sum(report.rows.values())
    yield f"pruned    {counted(total, 'row')} from before {_moment(order)} in {location}"
    for name, rows in report.rows.items():
        if rows:
            yield f"          {counted(rows, 'row')} of {name}"
    for each in report.files:
        yield f"exported  {counted(each.rows, 'row')} of {each.table}: {each.path}"
    for path in report.missing:
        yield f"missing   {path}, which an earlier prune began: its rows were taken anew"
    if report.space.freed_bytes is not None and report.space.free_bytes is not None:
        free = report.space.free_bytes
        rest = f", {_size(free)} are free inside it" if free else ""
        yield f"space     the file is {_size(report.space.freed_bytes)} shorter{rest}"
    yield from _held(order)


def _held(order: PruneOrder) -> Iterator[str]:
    if order.spared:
        runs = counted(len(order.spared), "run")
        yield f"kept      {runs} whose journals are not merged yet"
    if order.kept:
        yield f"kept      {counted(len(order.kept), 'run')} that still write, with what is recent"


def _moment(order: PruneOrder) -> str:
    return f"{order.before:%Y-%m-%d %H:%M:%S} UTC"


def _size(size: int) -> str:
    return f"{size / _MEGA:,.1f} MB"
