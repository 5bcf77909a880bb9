"""Content-encodings, undone bit by bit; what was cut off gives what can be had of it."""

from __future__ import annotations

import zlib
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

START = 12  # bytes that decide: the prelude of an event-stream frame
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
# How bodies begin that a client has decompressed already, `content-encoding` left standing.
_TEXT_STARTS = (b'{"', b"{\n", b"{\r", b"{ ", b"[{", b"[\n", b"[\r", b"data:", b"event:", b": ")
_PRINTABLE = bytes((*b"\t\n\r", *range(32, 127)))


class Decoder(Protocol):
    """Undoes one content-encoding incrementally; it never raises."""

    def feed(self, data: bytes) -> bytes:
        """Return what `data` adds to the decoded body."""


def decoder_for(encoding: str, start: bytes) -> Decoder | None:
    """Return what undoes `encoding` (a `content-encoding` header) on a body that begins so.

    None where nothing is to be undone: no encoding, or the body is decoded already. The
    magic numbers of gzip and zstd count without a header too. Of several encodings the last
    one named was applied last.
    """
    *inner, outer = [name.strip() for name in encoding.lower().split(",")]
    decoder = _decoder_of(outer, start)
    return _Layers(decoder, ",".join(inner)) if decoder and inner else decoder


def _decoder_of(name: str, start: bytes) -> Decoder | None:
    if start.startswith(_GZIP_MAGIC):
        return _Guarded(_Inflate().feed)
    if start.startswith(_ZSTD_MAGIC):
        return _Guarded(_zstd())
    if not name or _is_text(start):
        return None
    if name == "br":
        return _Guarded(_brotli())
    return _Guarded(_Inflate().feed) if name in {"deflate", "x-deflate"} else None


def decoded_body(headers: Mapping[str, str], body: bytes) -> bytes:
    """Undo `content-encoding` (gzip, deflate, br, zstd); header names are in lower case.

    A body that was cut off gives what can be decoded of it, one whose encoding nothing
    installed can undo gives nothing, one that is decoded already comes back as it is.
    """
    if body.startswith(b'{"') and not headers.get("content-encoding"):
        return body
    decoder = decoder_for(headers.get("content-encoding", ""), body[:START])
    return body if decoder is None else decoder.feed(body)


class _Guarded:
    """Gives nothing more after the first error, and nothing at all without a decoder."""

    def __init__(self, decode: Callable[[bytes], bytes] | None) -> None:
        self._decode = decode

    def feed(self, data: bytes) -> bytes:
        if self._decode is None:
            return b""
        try:
            return self._decode(data)
        except Exception:  # noqa: BLE001  zlib.error, brotli.error, ZstdError: each its own
            self._decode = None
            return b""


class _Layers:
    """Undoes the encoding of an encoded body, once its first bytes decide which it is."""

    def __init__(self, outer: Decoder, encoding: str) -> None:
        self._outer, self._encoding = outer, encoding
        self._inner: Decoder | None = None
        self._start = b""

    def feed(self, data: bytes) -> bytes:
        data = self._outer.feed(data)
        if self._encoding:
            self._start += data
            if len(self._start) < len(_ZSTD_MAGIC):
                return b""
            self._inner = decoder_for(self._encoding, self._start[:START])
            self._encoding, data = "", self._start
        return data if self._inner is None else self._inner.feed(data)


class _Inflate:
    """gzip, zlib and raw deflate; several gzip members after each other are one body."""

    def __init__(self) -> None:
        self._decoder: Any = None

    def feed(self, data: bytes) -> bytes:
        if self._decoder is None:
            self._decoder = zlib.decompressobj(_window_bits(data))
        decoded: bytes = self._decoder.decompress(data)
        while self._decoder.unused_data.startswith(_GZIP_MAGIC):
            more = self._decoder.unused_data
            self._decoder = zlib.decompressobj(_GZIP_OR_ZLIB)
            decoded += self._decoder.decompress(more)
        return decoded


def _window_bits(start: bytes) -> int:
    """Tell gzip and zlib from raw deflate by the header: zlib's is a multiple of 31."""
    is_zlib = start[:1] == b"\x78" and int.from_bytes(start[:2]) % 31 == 0
    return _GZIP_OR_ZLIB if is_zlib or start.startswith(_GZIP_MAGIC) else -zlib.MAX_WBITS


def _is_text(body: bytes) -> bool:
    """Brotli has no magic number and may begin with `{` or `[`: look at a little more."""
    start = body[:START]
    return start.lstrip().startswith(_TEXT_STARTS) and not start.translate(None, _PRINTABLE)


def _brotli() -> Callable[[bytes], bytes] | None:
    name, module = _first_of("brotli", "brotlicffi")
    return module.Decompressor().process if name else None


def _zstd() -> Callable[[bytes], bytes] | None:
    """Take Python's own, from 3.14 on, or the package `zstandard`."""
    name, module = _first_of("compression.zstd", "zstandard")
    if not name:
        return None
    decompressor = module.ZstdDecompressor()
    if name == "zstandard":
        decompressor = decompressor.decompressobj(read_across_frames=True)
    decompress: Callable[[bytes], bytes] = decompressor.decompress
    return decompress


def _first_of(*names: str) -> tuple[str, Any]:
    for name in names:
        with suppress(ImportError):
            return name, import_module(name)
    return "", None
