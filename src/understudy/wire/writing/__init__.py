"""What a mocked model answers, and what writes it in the wire format of who is called.

Nothing here knows a provider: the writers of each API stand in its folder of
`understudy.providers`. No input, no output.
"""

from __future__ import annotations

from ._encode import encoded, json_text, members, moment, quoted
from ._framing import (
    CHUNK_FRAMES,
    EVENT_FRAMES,
    JSON_ARRAY,
    JSON_LINES,
    NAMED_SSE,
    SSE,
    Event,
    Framing,
    Piece,
    Rendered,
    text_events,
)
from ._json_api import (
    ApiWriter,
    ErrorTable,
    Headers,
    JsonApi,
    ProviderError,
    headed,
    refusal,
    retry_after,
    write,
)
from ._reply import (
    Block,
    ErrorKind,
    Failure,
    JoinedReply,
    Line,
    RefusalLine,
    Reply,
    TextLine,
    ThinkingLine,
    ToolLine,
    arguments,
    blocks,
    call_id,
    joined,
    signature,
)
from ._vectors import packed, text_vector, vectors_for

__all__ = [
    "CHUNK_FRAMES",
    "EVENT_FRAMES",
    "JSON_ARRAY",
    "JSON_LINES",
    "NAMED_SSE",
    "SSE",
    "ApiWriter",
    "Block",
    "ErrorKind",
    "ErrorTable",
    "Event",
    "Failure",
    "Framing",
    "Headers",
    "JoinedReply",
    "JsonApi",
    "Line",
    "Piece",
    "ProviderError",
    "RefusalLine",
    "Rendered",
    "Reply",
    "TextLine",
    "ThinkingLine",
    "ToolLine",
    "arguments",
    "blocks",
    "call_id",
    "encoded",
    "headed",
    "joined",
    "json_text",
    "members",
    "moment",
    "packed",
    "quoted",
    "refusal",
    "retry_after",
    "signature",
    "text_events",
    "text_vector",
    "vectors_for",
    "write",
]
