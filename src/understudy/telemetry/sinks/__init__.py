"""Where events go besides the journal: logs, files, addresses, and what plugins register."""

from ._choice import close_sinks, open_sinks, sink_factories
from ._delivery import Deliveries, Delivery
from ._http import HttpSink
from ._sink import JsonLinesSink, LoggingSink, Sink, SinkFactory, SinkListener, plain

__all__ = [
    "Deliveries",
    "Delivery",
    "HttpSink",
    "JsonLinesSink",
    "LoggingSink",
    "Sink",
    "SinkFactory",
    "SinkListener",
    "close_sinks",
    "open_sinks",
    "plain",
    "sink_factories",
]
