"""What SDKs report on their own: traces, feedback, usage. No answer of a model depends on it."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

#: By host and path. OpenTelemetry's paths are the same at all who take its data.
_REPORTS: Final = re.compile(
    r"""
      [^/]+ (?:/.*)? /v1(?:development)?/(?:traces|metrics|logs)
    | [^/]+ (?:/.*)? /traces/ingest                                       # OpenAI's agents
    | api\.anthropic\.com /api/(?:event_logging|claude_code)/.+
    | (?:statsig|sentry)\.anthropic\.com /.+
    | [^/]*smith\.langchain\.com (?:/.*)? /(?:runs(?:/.+)?|feedback(?:/.+)?)
    | [^/]+ /api/public/(?:ingestion|scores|otel/.+)                      # langfuse
    | [^/]*\.posthog\.com /(?:batch|capture|e|i/v0/e|decide|flags)
    | api\.braintrust\.dev (?:/.*)? /logs3
    | trace\.wandb\.ai /(?:call|calls|table|feedback|otel)/.+
    | [^/]*\.comet\.com (?:/.*)? /v1/private/(?:traces|spans|feedback).*
    | api\.lunary\.ai /.+/ingest
    | [^/]+\.(?:helicone\.ai|hconeai\.com) /(?:.*/)?log(?:/.+)?
    | [^/]+ /api/\d+/(?:envelope|store)                                   # sentry
    | api\.segment\.io /v1/(?:batch|track|identify|page|group)
    | [^/]*llmobs-intake\.[^/]+ /.+
    | huggingface\.co /api/telemetry/.+
    | api\.agentops\.ai /v\d+/(?:create|update)_.+
    | api\.promptlayer\.com /(?:rest/)?(?:track-.+|log-request)
    | api\.honeyhive\.ai /events(?:/batch)?
    | api\.keywordsai\.co /api/request-logs/.+
    """,
    re.VERBOSE,
)

#: What a tracer asks its server, on its own too, before it reports: what it takes, who reports.
_QUESTIONS: Final = re.compile(
    r"""
      [^/]*smith\.langchain\.com (?:/.*)? /info
    | logfire-[^/.]+\.pydantic\.dev /v1/info
    | trace\.wandb\.ai /server_info
    """,
    re.VERBOSE,
)
_METHODS: Final = MappingProxyType(
    {"GET": _QUESTIONS, "POST": _REPORTS, "PUT": _REPORTS, "PATCH": _REPORTS}
)


def is_report(method: str, url: str) -> bool:
    """Tell whether a request is what an SDK reports on its own, to its maker or to a tracer."""
    reports = _METHODS.get(method.upper())
    if reports is None:
        return False
    parts = urlsplit(url)
    return reports.fullmatch(f"{parts.hostname or ''}{parts.path.rstrip('/')}") is not None
