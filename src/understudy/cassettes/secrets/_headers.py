"""Headers that a cassette keeps; all others are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...redaction import SECRET_HEADERS

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable

    from .._interaction import Headers

#: What tells one request from another and is the same on every machine.
REQUEST_HEADERS: Final = (
    *("content-type", "anthropic-version", "anthropic-beta", "openai-beta", "x-amz-target"),
)
#: What a client needs of an answer, and what a wire API reads.
RESPONSE_HEADERS: Final = (
    *("content-type", "content-disposition", "content-range", "link", "location"),
    *("operation-location", "retry-after", "retry-after-ms", "x-should-retry", "x-ratelimit-*"),
    *("anthropic-ratelimit-*", "openai-poll-after-ms", "openai-processing-ms", "openai-version"),
    *("openai-model", "x-request-id", "request-id", "server-timing", "x-amzn-bedrock-*"),
    *("x-amzn-errortype", "x-amzn-requestid", "x-goog-upload-*", "x-litellm-response-cost"),
)
#: Left out without a word: they change with every call.
OTHER_HEADER: Final = "header that is not on the list"
_OWNERS: Final = ("organization", "organisation", "project", "account", "workspace", "tenant")


class AllowedHeaders:
    """A list of names in lower case; one that ends in `*` stands for all that begin so."""

    def __init__(self, names: Iterable[str]) -> None:
        listed = [name.lower() for name in names]
        self._names = frozenset(name for name in listed if not name.endswith("*"))
        self._starts = tuple(name[:-1] for name in listed if name.endswith("*"))

    def __contains__(self, name: str) -> bool:
        return name in self._names or name.startswith(self._starts)

    def of(
        self, headers: Headers, clean: Callable[[str], str], found: Counter[str] | None = None
    ) -> Headers:
        """Return the allowed ones, in their order, their values without secrets."""
        kept = []
        for name, value in headers:
            if name.lower() in self:
                kept.append((name, clean(value)))
            elif found is not None:
                found[kind_of_header(name)] += 1
        return tuple(kept)


def kind_of_header(name: str) -> str:
    """Return what is counted for a header that is left out."""
    lowered = name.lower()
    if "cookie" in lowered:
        return "cookie"
    if lowered in SECRET_HEADERS:
        return f"{lowered} header"
    if any(owner in lowered for owner in _OWNERS):
        return "organisation or project id"
    return OTHER_HEADER
