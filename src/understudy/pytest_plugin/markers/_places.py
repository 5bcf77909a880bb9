"""Where the cassette of a test stands."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = "cassettes"

#: Characters that some file system does not take; pytest-recording replaces the same ones.
_UNFIT: Final = re.compile(r'[<>?%*:|"\'/\\\x00-\x1f]')
_LONGEST: Final = 180
_SUFFIXES: Final = (".yaml", ".yml", ".json")


def default_path(item: pytest.Item) -> Path:
    """Return `cassettes/<module>/<test>.yaml` beside the file of the test.

    That is where pytest-recording has it; the test's name holds its class and its parameters.
    """
    name = _UNFIT.sub("-", ".".join([*_classes(item), item.name]))
    if len(name) > _LONGEST:
        name = f"{name[:_LONGEST]}-{sha256(name.encode()).hexdigest()[:8]}"
    return item.path.parent / FOLDER / item.path.stem / f"{name}.yaml"


def named_path(item: pytest.Item, name: str) -> Path:
    """Return the cassette `name` in the folder `cassettes` beside the file of the test.

    Raises:
        pytest.UsageError: the name leads out of that folder.
    """
    place = PurePosixPath(name)
    if not name.strip() or place.is_absolute() or ".." in place.parts or "\\" in name:
        msg = (
            f"{item.nodeid}: llm_cassette: {name!r} is no name in the folder {FOLDER!r} beside the"
            " test. Write one without '..', like llm_cassette(name='shared/login')."
        )
        raise pytest.UsageError(msg)
    file = name if place.suffix in _SUFFIXES or name.endswith(".yaml.gz") else f"{name}.yaml"
    return item.path.parent / FOLDER / file


def _classes(item: pytest.Item) -> Iterator[str]:
    kinds: list[Any] = [node for node in item.listchain() if isinstance(node, pytest.Class)]
    return (node.name for node in kinds)
