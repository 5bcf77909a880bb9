"""What a mocked model answers, in the wire format of who is called. No input, no output."""

from __future__ import annotations

from ._answers import Answers
from ._api_writer import ApiWriter
from ._failure import ErrorKind, Failure
from ._question import Question
from ._rendered import Piece, Rendered
from ._reply import Line, RefusalLine, Reply, TextLine, ThinkingLine, ToolLine
from ._vectors import text_vector

__all__ = [
    "Answers",
    "ApiWriter",
    "ErrorKind",
    "Failure",
    "Line",
    "Piece",
    "Question",
    "RefusalLine",
    "Rendered",
    "Reply",
    "TextLine",
    "ThinkingLine",
    "ToolLine",
    "text_vector",
]
