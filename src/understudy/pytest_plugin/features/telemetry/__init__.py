"""Telemetry of tests: what becomes of each of them, and whose calls are whose."""

from __future__ import annotations

from ._call_recorded import CallRecordedHook
from ._fixture_scopes import FixtureScope
from ._phases import CASSETTE_VERDICT, own_node_id
from ._telemetry import TestTelemetry

__all__ = ["CASSETTE_VERDICT", "CallRecordedHook", "FixtureScope", "TestTelemetry", "own_node_id"]
