"""Builds plain data from YAML's events: what vcrpy writes, at a fraction of a loader's cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable

_BINARY: Final = "tag:yaml.org,2002:binary"
_STRING: Final = "tag:yaml.org,2002:str"
_END: Final = object()


class UnusualYAMLError(Exception):
    """The document holds what only a whole loader understands: anchors, other tags, merges."""


class Builder:
    """Builds one document; `loader` is a safe loader of yaml, made with the text.

    `is_plain` tells afterwards whether JSON has a form for all of it, bytes apart.
    """

    def __init__(self, loader: Any) -> None:
        self.is_plain = True
        self._loader = loader
        self._next_event: Callable[[], yaml.Event] = loader.get_event
        self._plain: dict[str, Any] = {}

    def build(self) -> Any:
        """Return the document.

        Raises:
            UnusualYAMLError: it holds what this does not build, or is no single document.
            yaml.YAMLError: it is no YAML.
        """
        next_event = self._next_event
        next_event()
        if type(next_event()) is not yaml.DocumentStartEvent:
            raise UnusualYAMLError
        document = self._value(next_event())
        next_event()
        if type(next_event()) is not yaml.StreamEndEvent:
            raise UnusualYAMLError
        return document

    def _value(self, event: yaml.Event) -> Any:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            return self._scalar(event)
        if kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            return _END
        if kind is yaml.AliasEvent or event.anchor is not None or event.tag is not None:  # type: ignore[attr-defined]
            raise UnusualYAMLError
        return self._mapping() if kind is yaml.MappingStartEvent else self._sequence()

    def _mapping(self) -> dict[Any, Any]:
        next_event, value = self._next_event, self._value
        mapping: dict[Any, Any] = {}
        while (key := value(next_event())) is not _END:
            if type(key) is not str or key in {"<<", "="}:
                raise UnusualYAMLError
            mapping[key] = value(next_event())
        return mapping

    def _sequence(self) -> list[Any]:
        next_event, value = self._next_event, self._value
        items: list[Any] = []
        while (item := value(next_event())) is not _END:
            items.append(item)
        return items

    def _scalar(self, event: Any) -> Any:
        if event.anchor is not None:
            raise UnusualYAMLError
        text: str = event.value
        if event.tag is None:
            return self._resolved(event) if event.implicit[0] else text
        if event.tag == _STRING:
            return text
        if event.tag == _BINARY:
            return self._loader.construct_yaml_binary(_node(event, _BINARY))
        raise UnusualYAMLError

    def _resolved(self, event: Any) -> Any:
        """Return what plain text means: most often itself."""
        text: str = event.value
        if text in self._plain:
            return self._plain[text]
        tag = self._loader.resolve(yaml.ScalarNode, text, (True, False))
        value = text if tag == _STRING else self._constructed(_node(event, tag))
        self._plain[text] = value
        return value

    def _constructed(self, node: yaml.ScalarNode) -> Any:
        if node.tag not in self._loader.yaml_constructors:
            raise UnusualYAMLError
        value = self._loader.construct_object(node)
        self.is_plain = self.is_plain and (value is None or isinstance(value, int | float))
        return value


def _node(event: Any, tag: str) -> yaml.ScalarNode:
    return yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark)
