"""The error of a cost that cannot be calculated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence


class UnknownPriceError(SettingsError, LookupError):
    """A model has no price: says why, and the nearest models that have one."""

    slug = "unknown-name"

    def __init__(self, model: str, reason: str, nearest: Sequence[str]) -> None:
        self.model = model
        self.nearest = tuple(nearest)
        guess = f" Nearest: {', '.join(nearest)}." if nearest else ""
        super().__init__(
            f"no price for model {model!r}: {reason}.{guess}"
            " Set one under [tool.understudy.prices]."
        )
