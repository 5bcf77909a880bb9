"""Version 8: what was paid for in each quarter of an hour, and which alerts were raised of it.

What only the sums of hours and days still know of older calls stands at the begin of its hour, or
in the noon of its day: in most zones it then belongs to the day that it was spent on.
"""

from __future__ import annotations

from typing import Final

from ._migration import Migration, Spoken

_SPEND_ALERTS = """
CREATE TABLE spend_alerts (
    budget TEXT NOT NULL CHECK (budget IN ('daily', 'monthly')),
    period_start TEXT NOT NULL, -- first day of the period, in the zone of the budget: YYYY-MM-DD
    kind TEXT NOT NULL CHECK (kind IN ('spent', 'predicted')),
    threshold INTEGER NOT NULL CHECK (threshold > 0),           -- in percent of the budget
    budget_nanousd INTEGER NOT NULL CHECK (budget_nanousd > 0),
    level TEXT NOT NULL CHECK (level IN ('info', 'warning', 'critical')),
    value_nanousd INTEGER NOT NULL,                             -- spent or predicted, by then
    since TIMESTAMP NOT NULL,   -- from then on each look found it so
    raised TIMESTAMP,           -- when hooks were told; NULL: it is to be found once more
    resolved TIMESTAMP,         -- NULL: the last look found it so
    PRIMARY KEY (budget, period_start, kind, threshold, budget_nanousd)
) STRICT
"""

_SPEND_SUMS = """
CREATE TABLE spend_sums (
    quarter_hour TEXT NOT NULL PRIMARY KEY,                     -- its begin, UTC: YYYY-MM-DDTHH:MM
    calls INTEGER NOT NULL,     -- live and recorded ones, however many attempts each took
    unpriced INTEGER NOT NULL,  -- attempts that told tokens, and whose cost nobody knows
    input_tokens INTEGER,       -- NULL, here and below: no attempt told
    output_tokens INTEGER,
    cost_nanousd INTEGER
) STRICT, WITHOUT ROWID
"""

_FROM_ROWS: Final = """
INSERT INTO spend_sums
SELECT {hour} || ':' || CASE WHEN {minute} < '15' THEN '00' WHEN {minute} < '30' THEN '15'
        WHEN {minute} < '45' THEN '30' ELSE '45' END AS quarter,
    SUM(CASE WHEN attempt = 1 THEN 1 ELSE 0 END),
    SUM(CASE WHEN cost_nanousd IS NULL AND COALESCE(input_tokens, output_tokens) IS NOT NULL
        THEN 1 ELSE 0 END),
    SUM(input_tokens), SUM(output_tokens), SUM(cost_nanousd)
FROM telemetry WHERE event_type = 'llm_call' AND origin IN ('live', 'recorded')
GROUP BY quarter
"""

# What the sums have beyond those that are there by now.
_FROM_SUMS: Final = """
INSERT INTO spend_sums
SELECT known.period || '{rest}', known.calls - COALESCE(there.calls, 0),
    known.unpriced - COALESCE(there.unpriced, 0), known.asked - COALESCE(there.asked, 0),
    known.answered - COALESCE(there.answered, 0), known.cost - COALESCE(there.cost, 0)
FROM (
    SELECT {column} AS period, SUM(calls) AS calls, SUM(with_usage) - SUM(priced) AS unpriced,
        SUM(input_tokens) AS asked, SUM(output_tokens) AS answered, SUM(cost_nanousd) AS cost
    FROM {table} WHERE origin IN ('live', 'recorded') GROUP BY {column}
) AS known LEFT JOIN (
    SELECT substr(quarter_hour, 1, {length}) AS period, SUM(calls) AS calls,
        SUM(unpriced) AS unpriced, SUM(input_tokens) AS asked, SUM(output_tokens) AS answered,
        SUM(cost_nanousd) AS cost
    FROM spend_sums GROUP BY 1
) AS there ON there.period = known.period
WHERE there.period IS NULL OR known.calls <> there.calls
    OR COALESCE(known.cost, 0) <> COALESCE(there.cost, 0) OR known.unpriced <> there.unpriced
    OR COALESCE(known.asked, 0) <> COALESCE(there.asked, 0)
    OR COALESCE(known.answered, 0) <> COALESCE(there.answered, 0)
ON CONFLICT (quarter_hour) DO UPDATE SET calls = spend_sums.calls + excluded.calls,
    unpriced = spend_sums.unpriced + excluded.unpriced,
    input_tokens = COALESCE(spend_sums.input_tokens + excluded.input_tokens,
        spend_sums.input_tokens, excluded.input_tokens),
    output_tokens = COALESCE(spend_sums.output_tokens + excluded.output_tokens,
        spend_sums.output_tokens, excluded.output_tokens),
    cost_nanousd = COALESCE(spend_sums.cost_nanousd + excluded.cost_nanousd,
        spend_sums.cost_nanousd, excluded.cost_nanousd)
"""
_UTC: Final = "to_char(ts AT TIME ZONE 'UTC', '{}')"

SPENDING: Final = Migration(
    name="0008_spending",
    statements=(
        _SPEND_SUMS,
        Spoken(
            sqlite=_FROM_ROWS.format(hour="substr(ts, 1, 13)", minute="substr(ts, 15, 2)"),
            postgres=_FROM_ROWS.format(
                hour=_UTC.format('YYYY-MM-DD"T"HH24'), minute=_UTC.format("MI")
            ),
        ),
        _FROM_SUMS.format(table="rollups_hourly", column="hour", length=13, rest=":00"),
        _FROM_SUMS.format(table="rollups_daily", column="day", length=10, rest="T12:00"),
        _SPEND_ALERTS,
    ),
    tables=("spend_alerts",),
)
