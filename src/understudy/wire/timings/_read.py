"""Which reader an answer is for, told by its keys: engines speak the APIs of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ._groq import read_cerebras, read_groq
from ._llama_cpp import read_llama_cpp
from ._lm_studio import read_lm_studio
from ._localai import read_localai
from ._ollama import read_ollama
from ._tgi import read_tgi
from ._vllm import read_vllm

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ._timings import Timings

    Reader = Callable[[Mapping[str, Any]], Timings | None]

#: A key of the answer, or of an event, and who reads it.
_READERS: Final[tuple[tuple[str, Reader], ...]] = (
    ("timings", read_llama_cpp),
    ("total_duration", read_ollama),
    ("done_reason", read_ollama),
    ("stats", read_lm_studio),
    ("result", read_lm_studio),
    ("load_time_seconds", read_lm_studio),
    ("metrics", read_vllm),
    ("usage", read_groq),
    ("x_groq", read_groq),
    ("usage", read_localai),
    ("time_info", read_cerebras),
)
_TGI: Final = "x-inference-time"


def read_timings(answer: Mapping[str, Any], headers: Mapping[str, str]) -> Timings | None:
    """Read an answer, or an event of a stream; None where the engine tells nothing of its time.

    `headers` are the response's, in lower case.
    """
    for key, read in _READERS:
        if key in answer and (found := read(answer)) is not None:
            return found
    return read_tgi(headers) if _TGI in headers else None
