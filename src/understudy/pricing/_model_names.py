"""Under which names a price list may hold a model."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

#: `models/gemini-…`, `publishers/google/models/…`, `projects/…/publishers/…/models/…`, and
#: `google/gemini-…`, as Vertex has it over OpenAI's API.
_GOOGLE_PATH: Final = re.compile(r"^(?:google/|(?:.*/)?(?:publishers/[^/]+/)?models/)(?=[^/]+$)")
#: A foundation model or a system-defined inference profile names its model.
_BEDROCK_ARN: Final = re.compile(r"^arn:[^/]*:(?:foundation-model|inference-profile)/(?=[^/]+$)")
_GOOGLE: Final = frozenset({"google", "vertex"})


@lru_cache(maxsize=1024)
def model_names(
    provider: str | None, request_model: str | None, response_model: str | None
) -> tuple[str, ...]:
    """Return the names that a model goes by, best first.

    The model that answered comes before the one that was asked for (an Azure deployment,
    an alias); on Bedrock the requested id does, because it names the region's price.
    """
    names = [
        name for model in (response_model, request_model) for name in _spellings(provider, model)
    ]
    if provider == "bedrock":
        names.sort(key=lambda name: (name.startswith("arn:"), name == response_model))
    return tuple(dict.fromkeys(names))


def akin(name: str, other: str) -> bool:
    """Tell whether two names of a call mean one model: `gpt-4o` and `gpt-4o-2024-08-06` do."""
    return name in other or other in name


def _spellings(provider: str | None, model: str | None) -> tuple[str, ...]:
    if not model:
        return ()
    if provider == "bedrock":
        return (_BEDROCK_ARN.sub("", model),)
    if provider in _GOOGLE or model.startswith("models/"):
        plain = _GOOGLE_PATH.sub("", model)
        return plain, plain.partition("@")[0]
    return (model,)
