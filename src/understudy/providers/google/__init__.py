"""Google: the Gemini API, and Vertex AI, which speaks the same."""

from __future__ import annotations

from typing import Final

from ...wire import Needed, OtherPath, Provider
from ._prompts import read_contents, read_interaction
from ._read_gemini import Gemini, GeminiEmbed, read_gemini_usage
from ._read_interactions import GoogleInteractions

__all__ = ["GOOGLE", "VERTEX", "Gemini", "GeminiEmbed", "GoogleInteractions", "read_gemini_usage"]

GOOGLE: Final = Provider(
    name="google",
    hosts=("generativelanguage.googleapis.com",),
    other_paths=(
        OtherPath.of("google.generateContent", r":(?:g|streamG)enerateContent"),
        OtherPath.of("google.embed", r":(?:e|batchE|asyncBatchE)mbed(?:Content|Text)"),
        OtherPath.of("google.interactions", r"/interactions(?:/|$)"),
        OtherPath.of("aux.cachedContents", r"/cachedContents(?:/|$)"),
        OtherPath.of("google.predict", r":predict(?:LongRunning)?$", is_billed=True),
    ),
    needs=(Needed.key("GOOGLE_API_KEY", "GEMINI_API_KEY"),),
    key_variables=("GEMINI_API_KEY",),
    key_header="x-goog-api-key",
    price_list="google",
    apis=(Gemini(), GeminiEmbed(), GoogleInteractions()),
    prompts={"google.generateContent": read_contents, "google.interactions": read_interaction},
    writers="understudy.providers.google.writers",
)
VERTEX: Final = Provider(
    name="vertex",
    suffixes=("aiplatform.googleapis.com", ".rep.googleapis.com"),
    is_signed=True,
    price_list="google",
)
