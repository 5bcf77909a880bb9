"""The writers of Google's APIs, at Gemini's and on Vertex."""

from __future__ import annotations

from functools import partial

from ...wire.writing import NAMED_SSE, JsonApi
from ._refusals import JSON, refuse
from ._write_embed import embed_answer
from ._write_gemini import EVENT_STREAM, Gemini, google_headers
from ._write_interactions import interaction, interaction_events

_Api = partial(JsonApi, headers=google_headers, refuse=refuse, content_type=JSON)
WRITERS = (
    Gemini(),
    _Api(wire_api="google.embed", answer=embed_answer),
    _Api(
        wire_api="google.interactions",
        answer=interaction,
        events=interaction_events,
        framing=NAMED_SSE._replace(content_type=EVENT_STREAM),
    ),
)
