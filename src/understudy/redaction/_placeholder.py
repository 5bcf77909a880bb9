"""What stands in the place of a secret."""

from __future__ import annotations

from typing import Final

#: The same for every secret: a request that is redacted before it is compared then finds the
#: redacted one, whoever's key it was sent with.
REDACTED: Final = "[redacted]"
