"""Bodies that an application streams: the same to whoever sends them, but an attempt hears of them.

The attempt is told once all of a body is out: what was cut off shows no question.
"""

from __future__ import annotations

from contextlib import contextmanager
from io import TextIOBase
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from .._attempts import HttpAttempt

#: No question is longer; files are, and are not kept.
_LONGEST: Final = 32_000_000


class Upload:
    """Stands in for what an application streams, and keeps the pieces that were taken."""

    def __init__(self, source: Any) -> None:
        self._source = source
        self._pieces: list[bytes] = []
        self._size = 0
        self._is_whole = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def tell_of(self, attempt: HttpAttempt) -> None:
        """Tell an attempt of the body, where all of it was taken."""
        if self._is_whole and self._size <= _LONGEST:
            attempt.sent(b"".join(self._pieces))

    def begin(self) -> None:
        """Forget what was taken: it begins again."""
        self._pieces, self._size, self._is_whole = [], 0, False

    def keep(self, piece: Any) -> None:
        """Keep a copy of a piece, unless all of them are too long; none of what is no piece."""
        if isinstance(piece, str):
            piece = piece.encode()
        is_piece = isinstance(piece, (bytes, bytearray, memoryview))
        self._size += len(piece) if is_piece else _LONGEST + 1
        if self._size <= _LONGEST:
            self._pieces.append(bytes(piece))
        else:
            self._pieces.clear()


class PiecesUpload(Upload):
    """Something to iterate over."""

    def __iter__(self) -> Iterator[Any]:
        self.begin()
        for piece in self._source:
            self.keep(piece)
            yield piece
        self._is_whole = True

    def close(self) -> None:
        """Close it, as a stream of httpx's is closed."""
        self._source.close()


class AsyncPiecesUpload(Upload):
    """Something to iterate over, for those who await."""

    async def __aiter__(self) -> AsyncIterator[Any]:
        self.begin()
        async for piece in self._source:
            self.keep(piece)
            yield piece
        self._is_whole = True

    async def aclose(self) -> None:
        """Close it, as a stream of httpx's is closed."""
        await self._source.aclose()


class FileUpload(Upload):
    """Something to read."""

    def read(self, *size: Any) -> Any:
        """Read, and keep what was read; a reader that gets less than it asked for is at the end."""
        piece = self._source.read(*size)
        if piece:
            self.keep(piece)
        self._is_whole = not piece or not size or size[0] is None or size[0] < 0
        return piece


class TextUpload(FileUpload, TextIOBase):
    """Something to read as text, which is asked for its type."""


class WriterUpload(Upload):
    """What a payload of aiohttp writes to, in place of the writer that it was given."""

    @classmethod
    def of(cls, payload: Any) -> Self:
        """Let `payload` write to one."""
        upload = cls(None)
        name = "write_with_length" if hasattr(payload, "write_with_length") else "write"
        own = getattr(payload, name)

        async def write(writer: Any, *args: Any) -> None:
            upload._source = writer
            upload.begin()
            await own(upload, *args)
            upload._is_whole = True

        setattr(payload, name, write)
        return upload

    async def write(self, chunk: Any, *args: Any, **options: Any) -> None:
        """Write, and keep what was written."""
        self.keep(chunk)
        await self._source.write(chunk, *args, **options)


@contextmanager
def sending(attempt: HttpAttempt, request: Any, upload: type[Upload]) -> Iterator[None]:
    """While a request of httpx is sent, let its stream tell the attempt of its pieces."""
    stream = request.stream
    told = request.stream = upload(stream)
    try:
        yield
    finally:
        if request.stream is told:  # nobody read it into memory meanwhile
            request.stream = stream
        told.tell_of(attempt)


@contextmanager
def uploading(attempt: HttpAttempt, body: Any) -> Iterator[Any]:
    """Return what stands in for a body that urllib3 reads or iterates over."""
    kind: type[Upload] = FileUpload if hasattr(body, "read") else PiecesUpload
    told = (TextUpload if isinstance(body, TextIOBase) else kind)(body)
    try:
        yield told
    finally:
        told.tell_of(attempt)
