"""How long the vectors of an embedding model are, whoever serves it."""

from __future__ import annotations

from typing import Any

# Parts of the names of models; the first that fits counts.
_KNOWN = (
    ("embedding-3-large", 3072),
    ("gemini-embedding", 3072),
    ("text-embedding-00", 768),
    ("text-multilingual-embedding", 768),
    ("embedding-001", 768),
    ("embed-v4", 1536),
    ("titan-embed-text-v1", 1536),
    ("titan-embed-g1", 1536),
    ("titan-embed", 1024),
    ("embed-english-light", 384),
    ("embed-multilingual-light", 384),
    ("embed-english", 1024),
    ("embed-multilingual", 1024),
    ("codestral-embed", 1536),
    ("mistral-embed", 1024),
    ("mxbai-embed", 1024),
    ("nomic-embed", 768),
    ("minilm", 384),
)
_OTHERS = 1536
_MOST = 65_536


def dimensions_of(model: str, asked: Any = None) -> int:
    """Return the number asked for, or what the model is known to have, or OpenAI's 1536."""
    if type(asked) is int and 0 < asked <= _MOST:
        return asked
    name = model.lower()
    return next((length for part, length in _KNOWN if part in name), _OTHERS)
