"""Version 1: runs, phases, telemetry, estimates, lifecycle and model events, rollups."""

from __future__ import annotations

from typing import Final

from ._migration import Migration

_RUNS = """
CREATE TABLE runs (
    run_id TEXT NOT NULL PRIMARY KEY,
    started TIMESTAMP NOT NULL,
    finished TIMESTAMP,         -- NULL: killed, or still running
    exit_status INTEGER,        -- pytest's
    python_version TEXT,
    pytest_version TEXT,
    understudy_version TEXT,
    event_version INTEGER,      -- version of the event models that wrote the journal
    platform TEXT,
    git_commit TEXT,
    git_dirty BOOLEAN,
    options JSON,               -- the command line, a list of text
    worker_count INTEGER CHECK (worker_count >= 0)
) STRICT
"""

_PHASES = """
CREATE TABLE phases (
    run_id TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
    phase_id TEXT NOT NULL,     -- node id of a test, or fixture:<name>
    worker TEXT NOT NULL,       -- main, gw0, gw1, …
    rerun INTEGER NOT NULL CHECK (rerun >= 0),
    module TEXT,
    outcome TEXT CHECK (outcome IN (
        'passed', 'failed', 'skipped', 'xfailed', 'xpassed', 'error', 'rerun'
    )),                         -- NULL: the process died in it
    started TIMESTAMP,
    duration_ms REAL CHECK (duration_ms >= 0),
    PRIMARY KEY (run_id, phase_id, worker, rerun)
) STRICT
"""

_TELEMETRY = """
CREATE TABLE telemetry (
    event_id TEXT NOT NULL PRIMARY KEY,
    event_type TEXT NOT NULL CHECK (event_type IN (
        'llm_call', 'direct_edit', 'undo', 'escalation'
    )),
    ts TIMESTAMP NOT NULL,
    run_id TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
    phase_id TEXT,              -- NULL: outside any test
    worker TEXT NOT NULL,
    rerun INTEGER NOT NULL CHECK (rerun >= 0),
    stage TEXT CHECK (stage IN ('setup', 'call', 'teardown')),
    subject_id TEXT,            -- the app's own, opaque
    user_id TEXT,               -- the app's own, opaque
    message_id TEXT,            -- the app's own, opaque
    tier TEXT CHECK (tier IN ('L2', 'L3', 'L4')),
    prompt_version TEXT,
    call_id TEXT,               -- joins the attempts of one logical call
    attempt INTEGER CHECK (attempt >= 1),
    status TEXT CHECK (status IN ('ok', 'error', 'cancelled')),
    origin TEXT CHECK (origin IN ('live', 'recorded', 'replayed', 'mocked')),
                                -- NULL: refused, or no answer
    clock TEXT CHECK (clock IN ('real', 'virtual')),
    provider TEXT,
    wire_api TEXT,
    host TEXT,
    operation TEXT,
    request_model TEXT,
    response_model TEXT,
    response_id TEXT,
    finish_reason TEXT,
    stream BOOLEAN,
    input_tokens INTEGER CHECK (input_tokens >= 0),             -- cached ones included
    output_tokens INTEGER CHECK (output_tokens >= 0),           -- reasoning included
    cache_read_tokens INTEGER CHECK (cache_read_tokens >= 0),
    cache_write_tokens INTEGER CHECK (cache_write_tokens >= 0),
    cache_write_1h_tokens INTEGER CHECK (cache_write_1h_tokens >= 0),
    reasoning_tokens INTEGER CHECK (reasoning_tokens >= 0),
    usage_source TEXT CHECK (usage_source IN ('provider', 'estimated', 'none')),
    cost_nanousd INTEGER CHECK (cost_nanousd >= 0),             -- 1e-9 USD at list price
    cost_usd REAL GENERATED ALWAYS AS (ROUND(cost_nanousd / 1e9, 6)) VIRTUAL,
    cost_source TEXT CHECK (cost_source IN ('provider', 'price_table', 'none')),
    price_table TEXT,
    service_tier TEXT,
    reported_cost_usd REAL CHECK (reported_cost_usd >= 0),      -- what the provider says
    ttfb_ms REAL CHECK (ttfb_ms >= 0),
    ttfc_ms REAL CHECK (ttfc_ms >= 0),                          -- first content
    duration_ms REAL CHECK (duration_ms >= 0),
    recorded_ttfc_ms REAL CHECK (recorded_ttfc_ms >= 0),        -- the cassette's
    recorded_duration_ms REAL CHECK (recorded_duration_ms >= 0),
    profile TEXT,
    scenario TEXT,
    cassette TEXT,
    cassette_verdict TEXT,
    fault TEXT,
    edit_latency_ms REAL CHECK (edit_latency_ms >= 0),
    lines_emitted INTEGER CHECK (lines_emitted >= 0),
    lines_accepted INTEGER CHECK (lines_accepted >= 0),
    lines_rejected INTEGER CHECK (lines_rejected >= 0),
    escalated BOOLEAN,
    escalation_reason TEXT,
    http_status INTEGER CHECK (http_status BETWEEN 100 AND 999),
    error_type TEXT,
    error TEXT CHECK (length(error) <= 500),                    -- redacted
    usage_raw JSON,                                             -- the provider's own block
    request_content TEXT,                                       -- only if asked for
    response_content TEXT,                                      -- only if asked for
    CHECK (event_type <> 'llm_call' OR (
        call_id IS NOT NULL AND attempt IS NOT NULL AND status IS NOT NULL
        AND clock IS NOT NULL AND stream IS NOT NULL AND escalated IS NOT NULL
        AND usage_source IS NOT NULL AND cost_source IS NOT NULL
    )),
    CHECK (event_type <> 'escalation' OR escalation_reason IS NOT NULL),
    CHECK (COALESCE(cache_read_tokens, 0) + COALESCE(cache_write_tokens, 0) <= input_tokens),
    FOREIGN KEY (run_id, phase_id, worker, rerun)
        REFERENCES phases (run_id, phase_id, worker, rerun) ON DELETE CASCADE
) STRICT
"""

_ESTIMATES = """
CREATE TABLE token_estimates (
    estimate_id TEXT NOT NULL PRIMARY KEY,
    ts TIMESTAMP NOT NULL,
    run_id TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
    phase_id TEXT NOT NULL,
    worker TEXT NOT NULL,
    rerun INTEGER NOT NULL CHECK (rerun >= 0),
    call_id TEXT,               -- the logical call that was predicted
    model TEXT,
    predicted_output_tokens INTEGER NOT NULL CHECK (predicted_output_tokens >= 0),
    selected_budget INTEGER CHECK (selected_budget >= 0),
    category TEXT,
    complexity TEXT CHECK (complexity IN ('low', 'medium', 'high', 'maintenance')),
    deliverables JSON CHECK (json_array_length(deliverables) <= 20),
    deliverable_count INTEGER CHECK (deliverable_count >= 0),   -- all of them
    actual_output_tokens INTEGER CHECK (actual_output_tokens >= 0),
    success BOOLEAN,
    truncated BOOLEAN,
    stop_reason TEXT,
    smape_percent REAL CHECK (smape_percent BETWEEN 0 AND 200),
    waste_ratio REAL CHECK (waste_ratio >= 0),                  -- predicted / actual
    underestimated BOOLEAN,
    FOREIGN KEY (run_id, phase_id, worker, rerun)
        REFERENCES phases (run_id, phase_id, worker, rerun) ON DELETE CASCADE
) STRICT
"""

_LIFECYCLE_EVENTS = """
CREATE TABLE lifecycle_events (
    event_id TEXT NOT NULL PRIMARY KEY,
    event_type TEXT NOT NULL CHECK (event_type IN (
        'llm_generation_started', 'llm_generation_completed', 'llm_repair_attempt',
        'llm_validation_result', 'llm_provider_failover', 'llm_circuit_breaker_trip'
    )),
    ts TIMESTAMP NOT NULL,
    run_id TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
    phase_id TEXT,
    worker TEXT NOT NULL,
    rerun INTEGER NOT NULL CHECK (rerun >= 0),
    schema_version INTEGER NOT NULL,
    os TEXT NOT NULL,
    arch TEXT NOT NULL,
    product_version TEXT NOT NULL,
    provider TEXT,
    operation TEXT,             -- the tool's name
    repo TEXT,
    success BOOLEAN,
    cost_nanousd INTEGER CHECK (cost_nanousd >= 0),
    duration_ms REAL CHECK (duration_ms >= 0),
    attempts INTEGER CHECK (attempts >= 0),
    attempt INTEGER CHECK (attempt >= 1),
    error_category TEXT,
    passed BOOLEAN,
    from_provider TEXT,
    to_provider TEXT,
    reason TEXT,
    failures INTEGER CHECK (failures >= 0),
    FOREIGN KEY (run_id, phase_id, worker, rerun)
        REFERENCES phases (run_id, phase_id, worker, rerun) ON DELETE CASCADE
) STRICT
"""

_MODEL_EVENTS = """
CREATE TABLE model_events (
    event_id TEXT NOT NULL PRIMARY KEY,
    event_type TEXT NOT NULL CHECK (event_type IN (
        'LOAD_LATENCY', 'THOUGHT_LATENCY', 'VRAM_CHECK', 'VRAM_LOCKOUT'
    )),
    ts TIMESTAMP NOT NULL,
    run_id TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
    phase_id TEXT,
    worker TEXT NOT NULL,
    rerun INTEGER NOT NULL CHECK (rerun >= 0),
    component TEXT NOT NULL,    -- the model, or the part that runs it
    value REAL NOT NULL,        -- seconds, ms per generated token, or free MB
    tokens INTEGER CHECK (tokens >= 0),                         -- the weight of a mean
    status TEXT,
    success BOOLEAN,
    metadata JSON,
    FOREIGN KEY (run_id, phase_id, worker, rerun)
        REFERENCES phases (run_id, phase_id, worker, rerun) ON DELETE CASCADE
) STRICT
"""

_ROLLUPS = """
CREATE TABLE {table} (
    {period} TEXT NOT NULL,     -- in UTC: YYYY-MM-DD, and THH after it for an hour
    provider TEXT NOT NULL,     -- here and in the key's other columns '' is unknown
    model TEXT NOT NULL,        -- the one that answered, else the one asked for
    operation TEXT NOT NULL,
    origin TEXT NOT NULL,
    clock TEXT NOT NULL,
    calls INTEGER NOT NULL,     -- first attempts
    attempts INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    cancelled INTEGER NOT NULL,
    with_usage INTEGER NOT NULL,                                -- attempts with known tokens
    priced INTEGER NOT NULL,                                    -- attempts with known cost
    input_tokens INTEGER,       -- this and the next: NULL where none of them told
    output_tokens INTEGER,
    cache_read_tokens INTEGER,
    cache_write_tokens INTEGER,
    reasoning_tokens INTEGER,
    cost_nanousd INTEGER,
    timed_output_tokens INTEGER,                                -- of successful attempts that
    timed_duration_ms REAL,                                     -- tell tokens and duration
    ttfc_count INTEGER NOT NULL,                                -- successful attempts only
    ttfc_sum REAL NOT NULL,
    ttfc_sum_squares REAL NOT NULL,
    ttfc_min REAL,
    ttfc_max REAL,
    ttfc_histogram BLOB NOT NULL,                               -- 8 buckets an octave, see docs
    duration_count INTEGER NOT NULL,
    duration_sum REAL NOT NULL,
    duration_sum_squares REAL NOT NULL,
    duration_min REAL,
    duration_max REAL,
    duration_histogram BLOB NOT NULL,
    PRIMARY KEY ({period}, provider, model, operation, origin, clock)
) STRICT, WITHOUT ROWID
"""

_COST_SNAPSHOTS = """
CREATE TABLE cost_snapshots (
    run_id TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
    ts TIMESTAMP NOT NULL,
    spent_nanousd INTEGER NOT NULL CHECK (spent_nanousd >= 0),  -- since the run began
    requests INTEGER NOT NULL CHECK (requests >= 0),
    input_tokens INTEGER NOT NULL CHECK (input_tokens >= 0),
    output_tokens INTEGER NOT NULL CHECK (output_tokens >= 0),
    PRIMARY KEY (run_id, ts)
) STRICT
"""

# The partial ones cost nothing in the rows of tests that set no such id.
_INDEXES = (
    "CREATE INDEX runs_by_start ON runs (started)",
    "CREATE INDEX telemetry_by_type ON telemetry (event_type, ts)",
    "CREATE INDEX telemetry_by_phase ON telemetry (run_id, phase_id)",
    "CREATE INDEX telemetry_by_subject ON telemetry (subject_id, ts) WHERE subject_id IS NOT NULL",
    "CREATE INDEX telemetry_by_user ON telemetry (user_id, ts) WHERE user_id IS NOT NULL",
    "CREATE INDEX telemetry_by_tier ON telemetry (tier, ts) WHERE tier IS NOT NULL",
    "CREATE INDEX token_estimates_by_phase ON token_estimates (run_id, phase_id)",
    "CREATE INDEX lifecycle_events_by_phase ON lifecycle_events (run_id, phase_id)",
    "CREATE INDEX model_events_by_phase ON model_events (run_id, phase_id)",
    "CREATE INDEX model_events_by_component ON model_events (component, event_type, ts)",
)

INITIAL: Final = Migration(
    name="0001_initial",
    statements=(
        _RUNS,
        _PHASES,
        _TELEMETRY,
        _ESTIMATES,
        _LIFECYCLE_EVENTS,
        _MODEL_EVENTS,
        _ROLLUPS.format(table="rollups_daily", period="day"),
        _ROLLUPS.format(table="rollups_hourly", period="hour"),
        _COST_SNAPSHOTS,
        *_INDEXES,
    ),
    tables=("runs", "phases", "cost_snapshots"),
    event_tables=("telemetry", "token_estimates", "lifecycle_events", "model_events"),
)
