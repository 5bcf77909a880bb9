"""What a process came to so far, as it is noted each minute."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from struct import Struct, error
from typing import Final

#: Epoch, its begin, moment and six totals, in the order of the fields.
_LAYOUT: Final = Struct(">16s8q")
_MOST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class RunningTotals:
    """What a process came to since it began; amounts are nano-USD (1e-9 USD).

    `requests` and tokens are of calls that were paid for; the cost of `unpriced` ones is unknown
    and in no sum. `saved_nanousd` is what other answers would have cost.
    """

    spent_nanousd: int = 0
    saved_nanousd: int = 0
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    unpriced: int = 0

    def __sub__(self, other: RunningTotals) -> RunningTotals:
        pairs = zip(astuple(self), astuple(other), strict=True)
        return RunningTotals(*(mine - theirs for mine, theirs in pairs))

    def __add__(self, other: RunningTotals) -> RunningTotals:
        pairs = zip(astuple(self), astuple(other), strict=True)
        return RunningTotals(*(mine + theirs for mine, theirs in pairs))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The totals of one process at a moment; times are milliseconds since 1970.

    `epoch` is the process's own, 32 hexadecimal digits that are new each time that it begins (as
    the id of its run), so that totals of one epoch can be subtracted and those of several added up.
    It began at `began_ms`, from 0: with its first snapshot, which may be lost or forgotten by now.
    """

    epoch: str
    began_ms: int
    moment_ms: int
    totals: RunningTotals

    def packed(self) -> bytes:
        """Return the snapshot as `SNAPSHOT_BYTES` bytes; figures beyond 2 ** 63 are that."""
        told = self.totals
        figures = (
            self.began_ms, self.moment_ms, told.spent_nanousd, told.saved_nanousd, told.requests,
            told.input_tokens, told.output_tokens, told.unpriced,
        )  # fmt: skip
        epoch = bytes.fromhex(self.epoch)
        try:
            return _LAYOUT.pack(epoch, *figures)
        except error:
            bounded = (min(max(each, -_MOST), _MOST) for each in figures)
            return _LAYOUT.pack(epoch, *bounded)


SNAPSHOT_BYTES: Final = _LAYOUT.size


def unpacked(data: bytes) -> Snapshot:
    """Return the snapshot that was packed.

    Raises:
        ValueError: it is none.
    """
    try:
        epoch, began, moment, *totals = _LAYOUT.unpack(data)
    except error as why:
        msg = f"{len(data)} bytes are no snapshot"
        raise ValueError(msg) from why
    return Snapshot(epoch.hex(), began, moment, RunningTotals(*totals))
