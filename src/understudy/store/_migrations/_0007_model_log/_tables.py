"""The tables of model events, and their sums."""

from __future__ import annotations

from typing import Final

from .._migration import Spoken

_OWNERS = """
CREATE TABLE model_owners (
    owner_id SERIAL,
    run_id TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
    phase_id TEXT,              -- NULL: outside any test
    worker TEXT NOT NULL,
    rerun INTEGER NOT NULL CHECK (rerun >= 0),
    first INTEGER NOT NULL,     -- its events lie between these, in microseconds since 1970
    last INTEGER NOT NULL,
    FOREIGN KEY (run_id, phase_id, worker, rerun)
        REFERENCES phases (run_id, phase_id, worker, rerun) ON DELETE CASCADE
) STRICT
"""

_SERIES = """
CREATE TABLE model_series (
    series_id SERIAL,
    component TEXT NOT NULL,    -- the model, without host or port; or gpu:<UUID>
    event_type TEXT NOT NULL CHECK (event_type IN (
        'LOAD_LATENCY', 'THOUGHT_LATENCY', 'VRAM_CHECK', 'VRAM_LOCKOUT'
    )),
    source TEXT NOT NULL CHECK (source IN ('engine', 'stream', 'response', 'told')),
    UNIQUE (component, event_type, source)
) STRICT
"""

# A deleted run stays in its hours.
_RUNS = """
CREATE TABLE model_runs (
    run_number SERIAL,
    run_id TEXT NOT NULL UNIQUE
) STRICT
"""

# In a file an index of owners would take a third of all: who looks for those of one knows when.
_LOG = """
CREATE TABLE model_log (
    ts INTEGER NOT NULL,        -- microseconds since 1970, in UTC
    event_id BLOB NOT NULL CHECK (length(event_id) = 16),
    owner_id INTEGER NOT NULL{owner},
    series_id INTEGER NOT NULL REFERENCES model_series (series_id),
    value REAL NOT NULL CHECK (value BETWEEN 0 AND 1e15),       -- s, ms a token, or free MB
    tokens INTEGER CHECK (tokens BETWEEN 1 AND 2147483647),     -- generated
    prompt_tokens INTEGER CHECK (prompt_tokens BETWEEN 0 AND 2147483647),
    decode_ms REAL CHECK (decode_ms >= 0),
    prompt_ms REAL CHECK (prompt_ms >= 0),
    load_ms REAL CHECK (load_ms >= 0),
    queue_ms REAL CHECK (queue_ms >= 0),
    used REAL CHECK (used >= 0),                                -- MB, as the next three
    total REAL CHECK (total >= 0),
    trigger_threshold REAL CHECK (trigger_threshold >= 0),
    free_vram REAL CHECK (free_vram >= 0),
    status TEXT,
    success BOOLEAN,            -- of a load
    call_id BLOB CHECK (length(call_id) = 16),                  -- the call it was read off
    details JSON,               -- the application's own
    PRIMARY KEY (ts, event_id)
) STRICT, WITHOUT ROWID
"""

_ROLLUPS = """
CREATE TABLE {table} (
    series_id INTEGER NOT NULL REFERENCES model_series (series_id),
    {key}
    bucket INTEGER NOT NULL,    -- of tokens: 0 up to 31, 1 up to 127, 2 up to 511, 3; -1 unknown
    count INTEGER NOT NULL,
    failures INTEGER NOT NULL,  -- these are in no other sum
    total REAL NOT NULL,        -- of the values, and of their squares, where the bucket is -1
    total_squares REAL NOT NULL,
    least REAL,
    most REAL,
    log_count INTEGER NOT NULL, -- of values above 0; then sums of their natural logarithms
    logs REAL NOT NULL,
    logs_squared REAL NOT NULL,
    tokens INTEGER NOT NULL,    -- this and the next where the bucket is not -1
    tokens_squared REAL NOT NULL,
    ms REAL NOT NULL,           -- of all tokens: value * tokens
    tokens_ms REAL NOT NULL,    -- ms * tokens
    prompt_tokens INTEGER NOT NULL,                             -- where both are known
    prompt_ms REAL NOT NULL,
    decode_tokens INTEGER NOT NULL,                             -- where decode_ms is known
    decode_ms REAL NOT NULL,
    histogram BLOB NOT NULL,    -- of the values, a load's in ms; 8 buckets an octave
    PRIMARY KEY (series_id, bucket, {columns})
) STRICT, WITHOUT ROWID
"""
_DAY_KEY = "day TEXT NOT NULL,          -- in UTC: YYYY-MM-DD"
_HOUR_KEY = """hour TEXT NOT NULL,         -- in UTC: YYYY-MM-DDTHH
    run_number INTEGER NOT NULL REFERENCES model_runs (run_number),"""

# The events of an owner go with it; they are counted all at once.
_COUNTING = Spoken(
    sqlite="""
CREATE TRIGGER model_owners_counted BEFORE DELETE ON model_owners
BEGIN
    DELETE FROM model_log WHERE ts BETWEEN OLD.first AND OLD.last AND owner_id = OLD.owner_id;
    UPDATE row_counts SET rows = rows - changes() WHERE name = 'model_log';
END
"""
)

_OWNER = " REFERENCES model_owners (owner_id) ON DELETE CASCADE"

TABLES: Final = (
    _OWNERS,
    _SERIES,
    _RUNS,
    Spoken(sqlite=_LOG.format(owner=""), postgres=_LOG.format(owner=_OWNER)),
    _ROLLUPS.format(table="model_rollups_daily", key=_DAY_KEY, columns="day"),
    _ROLLUPS.format(table="model_rollups_hourly", key=_HOUR_KEY, columns="hour, run_number"),
    _COUNTING,
)
INDEXES: Final = (
    "CREATE INDEX model_owners_by_name ON model_owners (run_id, phase_id, worker, rerun)",
    Spoken(postgres="CREATE INDEX model_log_by_owner ON model_log (owner_id)"),
    "CREATE INDEX model_log_by_load ON model_log (series_id, ts) WHERE success IS NOT NULL",
)
