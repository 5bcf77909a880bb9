"""What parsing a cassette gave, kept so that the file need not be parsed again.

A folder of state holds it, outside version control. The first line is the digest of the
rest, the second tells which file and which keys it is of, each further one is an interaction.
Whatever does not fit is as if it were not there.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from ..durable import make_state_folder, replacing
from ._stored_interaction import from_line, to_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Compiled:
    """`keys` are pairs of an exact and a loose key; `head` is the document without its list."""

    keys: tuple[tuple[str, str], ...]
    head: dict[str, Any]
    lines: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class CompiledFile:
    """The place of one cassette's compiled form, for one way of making keys."""

    path: Path
    fingerprint: str

    def read(self, digest: str) -> Compiled | None:
        """Return what is kept of the file with this digest; None where nothing fits."""
        try:
            data = self.path.read_bytes()
            total, _, rest = data.partition(b"\n")
            if total != _digest(rest):
                return None
            first, *lines = rest.split(b"\n")
            told = from_line(first)
            if told["of"] != [_FORMAT, digest, self.fingerprint]:
                return None
            keys = tuple((exact, loose) for exact, loose in told["keys"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return Compiled(keys, told["head"], tuple(lines)) if len(lines) == len(keys) else None

    def write(
        self,
        digest: str,
        keys: Sequence[tuple[str, str]],
        head: dict[str, Any],
        lines: Sequence[bytes],
    ) -> None:
        """Keep it; what cannot be written is left out in silence, as it can be made again."""
        told = {"of": [_FORMAT, digest, self.fingerprint], "head": head, "keys": keys}
        with suppress(OSError, TypeError, ValueError):
            rest = b"\n".join([to_line(told), *lines])
            make_state_folder(self.path.parent)
            with replacing(self.path, sync=False) as file:
                file.write(_digest(rest) + b"\n" + rest)


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).hexdigest().encode()
