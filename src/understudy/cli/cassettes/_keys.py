"""Which key a provider wants, and where it stands in the environment."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Variables beside `<PROVIDER>_API_KEY`, the first one that is set counts.
_VARIABLES: Final = MappingProxyType(
    {
        "azure": ("AZURE_OPENAI_API_KEY",),
        "cohere": ("CO_API_KEY",),
        "google": ("GEMINI_API_KEY",),
        "huggingface": ("HF_TOKEN",),
    }
)
_HEADERS: Final = MappingProxyType(
    {"anthropic": "x-api-key", "azure": "api-key", "google": "x-goog-api-key"}
)
#: They want each request signed.
SIGNED: Final = frozenset({"bedrock", "sagemaker", "vertex"})


def variables_of(provider: str) -> tuple[str, ...]:
    """Return the environment variables that may hold the provider's key; none of a stranger."""
    if not provider.isalnum():
        return ()
    return (*_VARIABLES.get(provider, ()), f"{provider.upper()}_API_KEY")


def key_header(
    provider: str, environment: Mapping[str, str], variable: str | None
) -> tuple[str, str] | None:
    """Return the header that holds the key; None where the environment has none."""
    names = variables_of(provider) if variable is None else (variable,)
    key = next((environment[name] for name in names if environment.get(name)), None)
    if key is None:
        return None
    header = _HEADERS.get(provider)
    return ("authorization", f"Bearer {key}") if header is None else (header, key)
