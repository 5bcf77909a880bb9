"""What Google answers, at Gemini's API and on Vertex."""

from __future__ import annotations

from ._embed import GeminiEmbed
from ._gemini import Gemini
from ._interactions import GoogleInteractions

__all__ = ["WRITERS", "Gemini", "GeminiEmbed", "GoogleInteractions"]

WRITERS = (Gemini(), GeminiEmbed(), GoogleInteractions())
