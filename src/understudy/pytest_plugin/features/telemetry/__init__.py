"""Telemetry of tests: what becomes of each of them, and whose calls are whose."""

from ._phases import CASSETTE_VERDICT, own_node_id
from ._telemetry import CallRecordedHook, PhaseTelemetry

__all__ = ["CASSETTE_VERDICT", "CallRecordedHook", "PhaseTelemetry", "own_node_id"]
