"""Finds the line on which an interaction stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from ..errors import CassetteError
from ._file import read_bytes, unzipped

if TYPE_CHECKING:
    from pathlib import Path


def line_of(path: Path, place: int) -> int | None:
    """Return the line, from 1, of interaction `place` of a YAML file; None where it has none."""
    try:
        text = unzipped(read_bytes(path)).decode("utf-8-sig")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (CassetteError, ValueError, yaml.YAMLError, RecursionError):
        return None
    items = _list(root)
    if items is None or place >= len(items.value):
        return None
    line: int = items.value[place].start_mark.line
    return line + 1


def _list(root: yaml.Node | None) -> yaml.SequenceNode | None:
    nodes = [root]
    if isinstance(root, yaml.MappingNode):
        nodes = [value for key, value in root.value if key.value.endswith("interactions")]
    return next((node for node in nodes if isinstance(node, yaml.SequenceNode)), None)
