"""The view of model events by the names that are documented."""

from __future__ import annotations

from typing import Final

from .._migration import Spoken

_SQLITE = """
CREATE VIEW model_events AS
SELECT
    lower(hex(event_id)) AS event_id,
    event_type,
    strftime(
        '%Y-%m-%dT%H:%M:%S', (ts - (ts % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch'
    ) || printf('.%06dZ', (ts % 1000000 + 1000000) % 1000000) AS ts,
    run_id, phase_id, worker, rerun, component, value, tokens, prompt_tokens, status, success,
    source,
    CASE WHEN call_id IS NOT NULL THEN lower(hex(call_id)) END AS call_id,
    json_patch(
        CASE event_type
        WHEN 'LOAD_LATENCY' THEN json_object('model', component, 'load_time_ms', value * 1000)
        WHEN 'THOUGHT_LATENCY' THEN json_object(
            'model', component,
            'inference_time_ms', value * tokens,
            'tokens_generated', tokens,
            'prompt_tokens', prompt_tokens,
            'total_tokens', tokens + prompt_tokens,
            'latency_per_token_ms', value
        )
        WHEN 'VRAM_CHECK' THEN json_object(
            'used', used, 'total', total, 'percentage', 100.0 * used / NULLIF(total, 0)
        )
        ELSE json_object('trigger_threshold', trigger_threshold, 'free_vram', free_vram)
        END,
        json_patch(
            json_object(
                'decode_ms', decode_ms, 'prompt_ms', prompt_ms,
                'load_ms', load_ms, 'queue_ms', queue_ms
            ),
            COALESCE(details, '{}')
        )
    ) AS metadata
FROM model_log JOIN model_series USING (series_id) JOIN model_owners
    ON model_owners.owner_id = model_log.owner_id AND ts BETWEEN first AND last
"""

_POSTGRES = """
CREATE VIEW model_events AS
SELECT
    encode(event_id, 'hex') AS event_id,
    event_type,
    TIMESTAMPTZ 'epoch' + ts * INTERVAL '1 microsecond' AS ts,
    run_id, phase_id, worker, rerun, component, value, tokens, prompt_tokens, status, success,
    source,
    encode(call_id, 'hex') AS call_id,
    (
        CASE event_type
        WHEN 'LOAD_LATENCY' THEN
            jsonb_build_object('model', component, 'load_time_ms', value * 1000)
        WHEN 'THOUGHT_LATENCY' THEN jsonb_build_object(
            'model', component,
            'inference_time_ms', value * tokens,
            'tokens_generated', tokens,
            'prompt_tokens', prompt_tokens,
            'total_tokens', tokens + prompt_tokens,
            'latency_per_token_ms', value
        )
        WHEN 'VRAM_CHECK' THEN jsonb_build_object(
            'used', used, 'total', total, 'percentage', 100.0 * used / NULLIF(total, 0)
        )
        ELSE jsonb_build_object('trigger_threshold', trigger_threshold, 'free_vram', free_vram)
        END
        || jsonb_strip_nulls(jsonb_build_object(
            'decode_ms', decode_ms, 'prompt_ms', prompt_ms,
            'load_ms', load_ms, 'queue_ms', queue_ms
        ))
        || COALESCE(jsonb_strip_nulls(details::jsonb), '{}')
    )::json AS metadata
FROM model_log JOIN model_series USING (series_id) JOIN model_owners
    ON model_owners.owner_id = model_log.owner_id AND ts BETWEEN first AND last
"""

VIEW: Final = Spoken(sqlite=_SQLITE.strip(), postgres=_POSTGRES.strip())
