"""Keys for SDKs that refuse to start without one, while nothing they send leaves the machine."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_DUMMY: Final = "understudy-dummy"
#: Each row is one secret: where none of its variables is set, the first one gets a dummy.
_SECRETS: Final = (
    ("OPENAI_API_KEY",),
    ("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_AD_TOKEN"),
    ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"),
    ("GOOGLE_API_KEY", "GEMINI_API_KEY"),
    ("CO_API_KEY",),
    ("COHERE_API_KEY",),
    ("MISTRAL_API_KEY",),
    ("OLLAMA_API_KEY",),
    ("DEEPSEEK_API_KEY",),
    ("FIREWORKS_API_KEY",),
    ("GROQ_API_KEY",),
    ("OPENROUTER_API_KEY",),
    ("TOGETHER_API_KEY",),
    ("XAI_API_KEY",),
)
_AWS_IDENTITY: Final = (
    "AWS_ACCESS_KEY_ID",
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_SECRET_ACCESS_KEY",
)
_AWS_DUMMIES: Final = {"AWS_ACCESS_KEY_ID": _DUMMY, "AWS_SECRET_ACCESS_KEY": _DUMMY}
_REGION: Final = ("AWS_DEFAULT_REGION", "AWS_REGION")


@contextmanager
def dummy_keys() -> Iterator[None]:
    """Set what the environment lacks, and take it back."""
    added = _missing()
    os.environ.update(added)
    try:
        yield
    finally:
        for name, value in added.items():
            if os.environ.get(name) == value:
                del os.environ[name]


def _missing() -> dict[str, str]:
    missing = {names[0]: _DUMMY for names in _SECRETS if not _is_set(*names)}
    if not _is_set(*_AWS_IDENTITY):
        missing |= _AWS_DUMMIES
    if not _is_set(*_REGION):
        missing["AWS_DEFAULT_REGION"] = "us-east-1"
    return missing


def _is_set(*names: str) -> bool:
    return any(os.environ.get(name) for name in names)
