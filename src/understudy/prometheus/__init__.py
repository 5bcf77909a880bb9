"""Metrics for Prometheus: what is counted, how it is named and written. Needs prometheus-client.

Nothing here is imported from that library before something is written.
"""

from ._dashboard import dashboard
from ._exposition import Exposition, Page, classic_text, new_registry
from ._families import gauge
from ._labels import OTHER
from ._requests import STATUSES, RequestFigures
from ._store import Footprint, StoreGauges
from ._tallies import Request

__all__ = [
    "OTHER",
    "STATUSES",
    "Exposition",
    "Footprint",
    "Page",
    "Request",
    "RequestFigures",
    "StoreGauges",
    "classic_text",
    "dashboard",
    "gauge",
    "new_registry",
]
