"""Finds the moment of the first content in a stream that is still running."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .streams import START, Decoder, Splitter, decoder_for, framing_of, undecided

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._api import WireApi


class StreamWatcher:
    """Is fed the chunks of a body, whatever their sizes, until first content is seen.

    Content is text, reasoning, a refusal or a piece of a tool call: not the events before
    them, not pings. A body that does not stream has none: its content comes when it ends.
    `headers` are the response's, in lower case; without `content-encoding` where the client
    has decompressed the chunks. It never raises.
    """

    __slots__ = (
        "_api",
        "_decoder",
        "_decoding",
        "_encoding",
        "_json",
        "_over",
        "_splitter",
        "_start",
    )

    def __init__(self, api: WireApi, headers: Mapping[str, str]) -> None:
        self._api = api
        self._encoding = headers.get("content-encoding", "")
        self._json = headers.get("content-type", "").startswith("application/json")
        self._decoding = False
        self._decoder: Decoder | None = None
        self._splitter: Splitter | None = None
        self._start = b""
        self._over = False

    @property
    def is_over(self) -> bool:
        """Whether no content can come any more, because the body does not stream."""
        return self._over

    def feed(self, chunk: bytes) -> bool:
        """Take a chunk; True once content has been seen (nothing need be fed from then on)."""
        if self._over:
            return False
        if self._json and not self._start and chunk.startswith(b'{"') and not self._encoding:
            self._over = True
            return False
        try:
            return self._feed(chunk)
        except Exception:  # noqa: BLE001  somebody else's API may raise
            self._over = True
            return False

    def _feed(self, chunk: bytes) -> bool:
        if not self._decoding:
            chunk = self._start + chunk
            if len(chunk) < START:
                self._start = chunk
                return False
            self._decoder, self._decoding = decoder_for(self._encoding, chunk[:START]), True
            self._start = b""
        if self._decoder is not None:
            chunk = self._decoder.feed(chunk)
        return self._feed_decoded(chunk)

    def _feed_decoded(self, data: bytes) -> bool:
        if self._splitter is None:
            data = self._start + data
            if undecided(data):
                self._start = data
                return False
            framing, self._start = framing_of(data), b""
            if framing is None or (self._json and data.lstrip()[:1] == b"{"):
                self._over = True
                return False
            self._splitter = framing()
        return any(
            self._api.has_content(event)
            for piece in self._splitter.feed(data)
            for event in self._splitter.events(piece)
        )
