"""What somebody should look at, in rows of one shape whatever it is."""

from ._alert import Alert, Level
from ._efficiency import efficiency_alerts
from ._spend import spend_alerts
from ._store import LARGEST_ROWS, LARGEST_SIZE, store_alerts

__all__ = [
    "LARGEST_ROWS",
    "LARGEST_SIZE",
    "Alert",
    "Level",
    "efficiency_alerts",
    "spend_alerts",
    "store_alerts",
]
