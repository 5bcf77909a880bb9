"""What is known of models and of the store that keeps it, for people and as JSON."""

from ._alerts import alert_as_json, alert_text
from ._efficiency import efficiency_as_json, efficiency_lines
from ._footprint import footprint_lines
from ._trends import trend_day_lines, trends_lines

__all__ = [
    "alert_as_json",
    "alert_text",
    "efficiency_as_json",
    "efficiency_lines",
    "footprint_lines",
    "trend_day_lines",
    "trends_lines",
]
