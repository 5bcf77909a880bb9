"""Which requests are what an SDK reports on its own."""

from __future__ import annotations

import pytest

from understudy.calls import Request
from understudy.providers import default_apis
from understudy.wire import is_report


@pytest.mark.parametrize(
    "url",
    [
        "https://api.openai.com/v1/traces/ingest",
        "https://eu.api.openai.com/v1/traces/ingest?x=1",
        "https://api.mistral.ai/telemetry/v1/traces",
        "https://telemetry.googleapis.com/v1/traces",
        "https://logfire-us.pydantic.dev/v1/metrics",
        "https://api.smith.langchain.com/runs/multipart",
        "https://eu.api.smith.langchain.com/feedback",
        "https://cloud.langfuse.com/api/public/ingestion",
        "https://us.cloud.langfuse.com/api/public/otel/v1/traces",
        "https://us.i.posthog.com/batch/",
        "https://api.anthropic.com/api/event_logging/batch",
        "https://o7.ingest.sentry.io/api/42/envelope/",
        "https://www.comet.com/opik/api/v1/private/traces/batch",
        "https://api.agentops.ai/v2/create_events",
        "https://api.promptlayer.com/rest/track-request",
        "https://api.honeyhive.ai/events/batch",
        "https://api.keywordsai.co/api/request-logs/create/",
    ],
)
def test_traces_feedback_and_usage_are_reports(url: str) -> None:
    """The places that their makers' SDKs send to; nobody's request to a provider."""
    assert is_report("POST", url)
    assert not is_report("GET", url)
    assert not default_apis().is_provider_request(Request("POST", url, {}, b""))


@pytest.mark.parametrize(
    "url",
    [
        "https://api.smith.langchain.com/info",
        "https://eu.api.smith.langchain.com/api/v1/info",
        "https://logfire-us.pydantic.dev/v1/info",
        "https://trace.wandb.ai/server_info",
    ],
)
def test_what_a_tracer_asks_before_it_reports_is_part_of_it(url: str) -> None:
    """Its SDK asks in a thread of its own, and does without where there is no answer."""
    assert is_report("GET", url)
    assert not is_report("POST", url)
    assert not default_apis().is_provider_request(Request("GET", url, {}, b""))


@pytest.mark.parametrize(
    "url",
    [
        "https://api.openai.com/v1/chat/completions",
        "https://api.openai.com/v1/threads/t/runs",
        "https://api.openai.com/v1/evals/e/runs",
        "https://api.anthropic.com/v1/messages",
        "https://api.smith.langchain.com/datasets",
        "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse",
        "https://example.com/v1/traces/of/birds",
    ],
)
def test_whatever_an_answer_depends_on_is_no_report(url: str) -> None:
    """A call, a file, a data set."""
    assert not is_report("POST", url)
