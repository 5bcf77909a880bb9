"""Loads the interactions of a cassette file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import CassetteError
from ._file import read_document
from ._har import har_request, har_response, is_har
from ._interaction import Interaction
from ._vcr import recordings, request_of, response_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from ..calls import Request, Response


def load_interactions(path: str | os.PathLike[str]) -> list[Interaction]:
    """Return all interactions of a file, in its order.

    Reads vcrpy's YAML and JSON of all versions, gzipped or not, with bodies as text, bytes,
    base64 or structured (`parsed_body`), and HTTP archives. Raises CassetteError.
    """
    document = read_document(path)
    if is_har(document):
        entries = document["log"]["entries"]
        return [_har(place, entry, path) for place, entry in enumerate(entries)]
    pairs = recordings(document)
    if pairs is None:
        msg = f"{path}: holds no recorded requests and responses"
        raise CassetteError(msg)
    return [_vcr(place, pair, path) for place, pair in enumerate(pairs)]


def _vcr(index: int, pair: tuple[Any, Any], path: str | os.PathLike[str]) -> Interaction:
    return _interaction(index, lambda: (request_of(pair[0]), response_of(pair[1])), path)


def _har(index: int, entry: Any, path: str | os.PathLike[str]) -> Interaction:
    return _interaction(index, lambda: (har_request(entry), har_response(entry)), path)


def _interaction(
    index: int, build: Callable[[], tuple[Request, Response]], path: str | os.PathLike[str]
) -> Interaction:
    try:
        return Interaction(index, *build())
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        msg = f"{path}, interaction {index}: is damaged ({type(error).__name__}: {error})"
        raise CassetteError(msg) from error
