"""An observer that remembers all it is told, in order."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import brotli
import zstandard

from understudy.calls import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from understudy.calls import Request
    from understudy.clock import Clock

# A reader that stops at a stream's last event does not see the end of the compression.
_DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gzip": lambda data: zlib.decompressobj(31).decompress(data),
    "deflate": lambda data: zlib.decompressobj().decompress(data),
    "br": lambda data: brotli.Decompressor().process(data),
    "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
}


@dataclass(eq=False)
class Watched:
    """What was told of one attempt: an `Observation`."""

    client: str
    request: Request
    fields: dict[str, Any] = field(default_factory=dict)
    status: int | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    decoded: bool | None = None
    chunks: list[bytes] = field(default_factory=list)
    endings: list[Any] = field(default_factory=list)

    def answered(self, fields: Mapping[str, Any], clock: Clock | None = None) -> None:
        """Remember it; it is told before the answer, and the last word counts."""
        assert self.status is None
        self.fields = dict(fields)

    @property
    def origin(self) -> Origin | None:
        """Where the answer came from; None where nobody said it."""
        origin = self.fields.get("origin")
        return None if origin is None else Origin(origin)

    def responded(self, status: int, headers: list[tuple[str, str]], *, decoded: bool) -> None:
        """Remember it; it is told once."""
        assert self.status is None
        self.status, self.headers, self.decoded = status, headers, decoded

    def chunk(self, data: bytes) -> None:
        """Remember it; it is told after the answer began."""
        assert self.status is not None
        self.chunks.append(bytes(data))

    def end(self) -> None:
        """Remember it."""
        self.endings.append("end")

    def close(self) -> None:
        """Remember it."""
        self.endings.append("close")

    def fail(self, error: BaseException) -> None:
        """Remember it."""
        self.endings.append(error)

    @property
    def body(self) -> bytes:
        """The body as far as it was told, decompressed."""
        encoding = "" if self.decoded else dict(self.headers).get("content-encoding", "")
        return _DECODERS[encoding](b"".join(self.chunks))

    @property
    def ending(self) -> Any:
        """How it ended, None where it did not; told once at most."""
        assert len(self.endings) <= 1
        return self.endings[0] if self.endings else None


@dataclass
class Watcher:
    """An `Observer` that watches every request, but those that `ignores` says."""

    watched: list[Watched] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    ignores: Callable[[Request], bool] = lambda _: False

    def begin(self, client: str, request: Request) -> Watched | None:
        """Watch the request, unless it is ignored."""
        if self.ignores(request):
            return None
        watched = Watched(client, request)
        self.watched.append(watched)
        return watched

    def go_on(
        self, observation: Watched | None, client: str, request: Request, *, since: float
    ) -> Watched | None:
        """Watch each request by itself."""
        return self.begin(client, request)

    def sent(self, observation: Watched, body: bytes) -> None:
        """Remember it; it is told before the answer."""
        assert observation.status is None
        observation.request = replace(observation.request, body=body)

    def fault(self, error: Exception) -> None:
        """Remember it."""
        self.faults.append(error)

    @property
    def only(self) -> Watched:
        """The one attempt there was."""
        (watched,) = self.watched
        return watched
