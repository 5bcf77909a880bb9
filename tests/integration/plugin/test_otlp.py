"""`--llm-sink=otlp`: what a collector gets, read with OpenTelemetry's own messages."""

from __future__ import annotations

import gc
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.collector import Collector
from tests.support.suite import STORE, lines_of

from understudy.store import open_store

logs_service = pytest.importorskip("opentelemetry.proto.collector.logs.v1.logs_service_pb2")
trace_service = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2")

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.suite import Suite

OPERATION = """
    import openai
    from understudy import lifecycle

    def test_it(mock_llm):
        mock_llm.fail("rate_limit", times=1)
        mock_llm.reply("Hello")
        with lifecycle.generation(provider="openai", tool_name="greet") as operation:
            openai.OpenAI(api_key="k").chat.completions.create(
                model="gpt-4o-mini", messages=[{"role": "user", "content": "Say hello."}]
            )
            operation.validated(False, error_category="schema")
            operation.repair("schema")
            operation.failover("anthropic", "still wrong")
        lifecycle.on_trip("openai", 5)
"""


@pytest.fixture
def collector() -> Iterator[Collector]:
    """A collector on loopback."""
    with Collector() as collector:
        collector.status = 200
        yield collector


def value_of(value: Any) -> Any:
    """Return what a value of any kind holds."""
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [value_of(each) for each in value.array_value.values]
    return getattr(value, kind)


def attributes_of(message: Any) -> dict[str, Any]:
    """Return the attributes of a message."""
    return {each.key: value_of(each.value) for each in message.attributes}


def spans_of(collector: Collector) -> list[Any]:
    """Return all spans, each with the service that it is of."""
    found = []
    for path, _, body in collector.received:
        if path == "/v1/traces":
            request = trace_service.ExportTraceServiceRequest.FromString(body)
            for each in request.resource_spans:
                assert attributes_of(each.resource)["service.name"] == "pytest"
                found += [span for scope in each.scope_spans for span in scope.spans]
    return found


def records_of(collector: Collector) -> dict[str, list[Any]]:
    """Return all log records by their names."""
    found: dict[str, list[Any]] = defaultdict(list)
    for path, _, body in collector.received:
        if path == "/v1/logs":
            request = logs_service.ExportLogsServiceRequest.FromString(body)
            for resource in request.resource_logs:
                for scope in resource.scope_logs:
                    for record in scope.log_records:
                        found[record.event_name].append(record)
    return found


def test_a_call_is_a_span_with_all_its_attempts(suite: Suite, collector: Collector) -> None:
    """By the names of the GenAI conventions, current and previous; equal to what is stored."""
    suite.write(OPERATION)

    result = suite.run(f"--llm-sink=otlp:{collector.url}", "--llm-clock=virtual")

    result.assert_outcomes(passed=1)
    gc.collect()  # of a connection that is left open, this test would be told
    refused, answered = suite.stored().calls
    (span,) = spans_of(collector)
    assert span.trace_id.hex() == answered.call_id == refused.call_id
    assert span.name == "chat gpt-4o-mini"
    assert abs(span.end_time_unix_nano / 1e9 - answered.ts.timestamp()) < 1e-5
    assert abs(span.start_time_unix_nano / 1e9 - refused.ts.timestamp()) < 1e-5
    assert [attributes_of(event) for event in span.events] == [
        {
            "understudy.attempt": 1,
            "http.response.status_code": 429,
            "error.type": refused.error_type,
        },
        {"understudy.attempt": 2, "http.response.status_code": 200},
    ]
    attributes = attributes_of(span)
    assert attributes == {
        "gen_ai.provider.name": "openai",
        "gen_ai.system": "openai",
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.response.model": answered.response_model,
        "gen_ai.response.id": answered.response_id,
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.usage.input_tokens": answered.input_tokens,
        "gen_ai.usage.prompt_tokens": answered.input_tokens,
        "gen_ai.usage.output_tokens": answered.output_tokens,
        "gen_ai.usage.completion_tokens": answered.output_tokens,
        "gen_ai.usage.cache_read.input_tokens": 0,
        "gen_ai.usage.reasoning.output_tokens": 0,
        "http.response.status_code": 200,
        "server.address": "api.openai.com",
        "test.case.name": "test_it.py::test_it",
        "understudy.run.id": answered.run_id,
        "understudy.worker": "main",
        "understudy.call.id": answered.call_id,
        "understudy.wire_api": "openai.chat",
        "understudy.origin": "mocked",
        "understudy.clock": "virtual",
        "understudy.attempts": 2,
        "understudy.cost.source": "price_table",
        "understudy.cost.usd": pytest.approx((answered.cost_nanousd or 0) / 1e9),
        "understudy.simulated.duration_ms": answered.duration_ms,
        "understudy.simulated.ttfc_ms": answered.ttfc_ms,
    }


def test_lifecycle_events_are_records_and_validations_evaluations(
    suite: Suite, collector: Collector
) -> None:
    """Each with what the store has of it."""
    suite.write(OPERATION)

    suite.run(f"--llm-sink=otlp:{collector.url}").assert_outcomes(passed=1)

    with open_store(suite.path / STORE, create=False) as store:
        stored = store.lifecycle(store.latest_run_id() or "")
    records = records_of(collector)
    assert sum(map(len, records.values())) == len(stored)
    (evaluation,) = records["gen_ai.evaluation.result"]
    attributes = attributes_of(evaluation)
    assert attributes["gen_ai.evaluation.name"] == "greet"
    assert attributes["gen_ai.evaluation.score.label"] == "fail"
    assert attributes["gen_ai.evaluation.score.value"] == 0
    assert attributes["error.type"] == "schema"
    for event in stored:
        if event.event_type == "llm_validation_result":
            continue
        matching = records[f"understudy.{event.event_type.removeprefix('llm_')}"]
        (record,) = [
            each
            for each in matching
            if attributes_of(each).get("understudy.attempt_number")
            == getattr(event, "attempt_number", None)
            and attributes_of(each).get("understudy.inferred") == event.inferred
        ]
        sent = attributes_of(record)
        assert event.ts is not None
        assert record.time_unix_nano / 1e9 == pytest.approx(event.ts.timestamp(), abs=1e-5)
        assert record.trace_id.hex() in {event.operation_id or "", event.call_id or ""}
        fields = event.model_dump(
            mode="json",
            exclude_none=True,
            exclude={"event_id", "ts", "event_type", "rerun", "run_id", "phase_id", "worker"},
        )
        names = {"provider": "gen_ai.provider.name", "error_category": "error.type"}
        for name, value in fields.items():
            if name == "cost_nanousd":
                assert sent["understudy.cost.usd"] == pytest.approx(value / 1e9)
            elif name != "call_id":
                assert sent[names.get(name, f"understudy.{name}")] == value


def test_what_a_collector_does_not_take_is_said_and_logged_nowhere(suite: Suite) -> None:
    """Neither the exporter's own words reach what tests capture."""
    with Collector() as gone:
        address = gone.url
    suite.write("""
        from ask import ask

        def test_it(caplog):
            ask()
            assert caplog.records == []
    """)

    result = suite.run(f"--llm-sink=otlp:{address}")

    result.assert_outcomes(passed=1)
    (said,) = [line for line in lines_of(result) if "not sent" in line]
    assert said.startswith(f"understudy: 2 of 2 events were not sent to otlp:{address}: ")


def test_without_the_extra_it_says_what_to_install(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A usage error before any test."""
    monkeypatch.setitem(__import__("sys").modules, "opentelemetry.sdk", None)
    monkeypatch.delitem(
        __import__("sys").modules, "understudy.telemetry.sinks._otlp_records", raising=False
    )
    suite.write("def test_it(): pass")

    result = suite.run("--llm-sink=otlp")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines("*pip install 'pytest-understudy[[]otlp]'*")


def test_model_events_are_records(suite: Suite, collector: Collector) -> None:
    """Each with its own words."""
    suite.write(
        """
        def test_it(llm_telemetry):
            models = llm_telemetry.models
            assert models.log("LOAD_LATENCY", "gemma2:27b", 6.5, {"disk": "nvme"})
        """
    )

    suite.run(f"--llm-sink=otlp:{collector.url}").assert_outcomes(passed=1)

    (record,) = records_of(collector)["understudy.load_latency"]
    attributes = attributes_of(record)
    del attributes["understudy.run.id"]
    assert attributes == {
        "understudy.component": "gemma2:27b",
        "understudy.value": 6.5,
        "understudy.success": True,
        "understudy.source": "told",
        "understudy.metadata.disk": "nvme",
        "understudy.worker": "main",
        "test.case.name": "test_it.py::test_it",
    }
