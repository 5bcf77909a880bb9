"""One recorded request and its response."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..calls import Request, Response


@dataclass(frozen=True, slots=True)
class Interaction:
    """`index` is its place in the file, from 0."""

    index: int
    request: Request
    response: Response
