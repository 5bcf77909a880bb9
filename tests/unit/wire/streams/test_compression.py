"""Content-encodings."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from typing import TYPE_CHECKING

import brotli
import pytest
import zstandard

from understudy.wire import decoded_body

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = json.dumps({"text": [f"word {n}" for n in range(3000)]}).encode()


def raw_deflate(data: bytes) -> bytes:
    """Compress without zlib's header, as some servers understand `deflate`."""
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


ENCODINGS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("gzip", gzip.compress),
    ("x-gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", raw_deflate),
    ("br", brotli.compress),
    ("zstd", zstandard.compress),
    ("GZIP", gzip.compress),
    ("gzip, br", lambda data: brotli.compress(gzip.compress(data))),
    ("BR,zstd", lambda data: zstandard.compress(brotli.compress(data))),
]


@pytest.mark.parametrize(("encoding", "compress"), ENCODINGS)
def test_an_encoding_is_undone(encoding: str, compress: Callable[[bytes], bytes]) -> None:
    """As the header says."""
    assert decoded_body({"content-encoding": encoding}, compress(TEXT)) == TEXT


@pytest.mark.parametrize(("encoding", "compress"), ENCODINGS)
def test_what_was_cut_off_gives_what_can_be_had(
    encoding: str, compress: Callable[[bytes], bytes]
) -> None:
    """A stream that was closed early."""
    whole = compress(TEXT)

    decoded = decoded_body({"content-encoding": encoding}, whole[: len(whole) * 3 // 4])

    assert TEXT.startswith(decoded)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "identity", "new"])
def test_a_body_that_is_decoded_already_stays(encoding: str) -> None:
    """Some clients leave the header standing."""
    assert decoded_body({"content-encoding": encoding}, TEXT) == TEXT


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
def test_magic_numbers_count_without_a_header(compress: Callable[[bytes], bytes]) -> None:
    """Some recorders drop it."""
    assert decoded_body({}, compress(TEXT)) == TEXT


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
def test_several_members_are_one_body(compress: Callable[[bytes], bytes]) -> None:
    """A server may flush so."""
    assert decoded_body({}, compress(b"a" * 99) + compress(b"b")) == b"a" * 99 + b"b"


@pytest.mark.parametrize("encoding", ["br", "gzip", "zstd", "deflate"])
def test_garbage_gives_nothing(encoding: str) -> None:
    """And no error."""
    body = {"gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}.get(encoding, b"") + b"\xff\x00" * 50

    assert decoded_body({"content-encoding": encoding}, body) == b""


@pytest.mark.parametrize(
    ("modules", "body"),
    [
        (("brotli", "brotlicffi"), brotli.compress(TEXT)),
        (("zstandard", "compression.zstd"), zstandard.compress(TEXT)),
    ],
)
def test_without_the_package_the_body_is_unknown(
    monkeypatch: pytest.MonkeyPatch, modules: tuple[str, ...], body: bytes
) -> None:
    """Nothing is raised."""
    for module in modules:
        monkeypatch.setitem(sys.modules, module, None)

    assert decoded_body({"content-encoding": "br"}, body) == b""
