"""Model events of a program that is no test: into a store, and what the store knows of models."""

from ._answers import aggregated_efficiency, sixty_day_statistics, telemetry_footprint
from ._async_logger import AsyncTelemetryLogger
from ._logger import TelemetryLogger

__all__ = [
    "AsyncTelemetryLogger",
    "TelemetryLogger",
    "aggregated_efficiency",
    "sixty_day_statistics",
    "telemetry_footprint",
]
