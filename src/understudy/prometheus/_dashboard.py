"""The dashboard for Grafana that ships with the package."""

from __future__ import annotations

from importlib import resources


def dashboard() -> str:
    """Return the JSON that Grafana imports."""
    return resources.files(__package__).joinpath("dashboard.json").read_text("utf-8")
