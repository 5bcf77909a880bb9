"""Content encodings that give what they have at each step, as a provider's stream does."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


def encoded(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Yield each of `pieces` as it goes over the wire, and what ends the encoding."""
    if not encoding:
        yield from pieces
        return
    step, finish = _encoder(encoding)
    for piece in pieces:
        yield step(piece)
    last = finish()
    if last:
        yield last


def _encoder(encoding: str) -> tuple[Callable[[bytes], bytes], Callable[[], bytes]]:
    if encoding == "br":
        import brotli  # noqa: PLC0415 - an optional library

        compressor = brotli.Compressor()
        return lambda piece: compressor.process(piece) + compressor.flush(), compressor.finish
    if encoding == "zstd":
        import zstandard  # noqa: PLC0415 - an optional library

        writer = zstandard.ZstdCompressor().compressobj()
        block = zstandard.COMPRESSOBJ_FLUSH_BLOCK
        return lambda piece: writer.compress(piece) + writer.flush(block), writer.flush
    deflate = zlib.compressobj(wbits={"gzip": 31, "deflate": 15}[encoding])
    return (
        lambda piece: deflate.compress(piece) + deflate.flush(zlib.Z_SYNC_FLUSH),
        deflate.flush,
    )
