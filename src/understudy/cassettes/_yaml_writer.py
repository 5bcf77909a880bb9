"""Writes YAML that vcrpy reads and a reviewer too: exact, and as readable as that allows."""

from __future__ import annotations

import binascii
import math
import re
from datetime import date, datetime
from types import NoneType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Not printable in YAML, or a line break to some readers and not to others.
_ESCAPED: Final = re.compile(
    r"[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
#: Editors and commit hooks cut spaces off the ends of lines, and change tabs.
_FRAGILE: Final = re.compile(r"[ \t](?:\n|\Z)")
_PLAIN: Final = re.compile(r"[A-Za-z/_](?:[\w/.,;=+@%&?!()$*'<>~^-]| (?![# ])|:(?! ))*", re.ASCII)
_WORDS: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_SHORT_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_QUOTED: Final = re.compile(rf'["\\\n]|{_ESCAPED.pattern}')
#: Text on one line stands in a block from this length on.
_LONG: Final = 80
_BASE64_WIDTH: Final = 76
#: A longer key must be announced by a question mark.
_LONGEST_KEY: Final = 1000


def _inline(value: Any) -> str:
    """Return a scalar on one line; raises TypeError where YAML has none for it."""
    for kind, text in _INLINE:
        if isinstance(value, kind):
            return text(value)
    msg = f"{type(value).__name__} has no form in a cassette"
    raise TypeError(msg)


def _block(value: str | bytes, indent: str) -> str | None:
    """Return text or bytes that stand on lines of their own, with their header.

    `indent` is that of the key or the dash. None where the value is better on one line.
    """
    if isinstance(value, bytes):
        text = binascii.b2a_base64(value, newline=False).decode()
        starts = range(0, len(text), _BASE64_WIDTH)
        lines = (f"{indent}  {text[start : start + _BASE64_WIDTH]}" for start in starts)
        return "\n".join(["!!binary |", *lines])
    if "\n" not in value and len(value) < _LONG:
        return None
    if _ESCAPED.search(value) or _FRAGILE.search(value) or not value.strip("\n"):
        return _quoted_lines(value, indent) if "\n" in value else None
    return _literal(value, indent)


def _literal(text: str, indent: str) -> str:
    kept = text.rstrip("\n")
    ends = len(text) - len(kept)
    chomping = "-" if ends == 0 else "" if ends == 1 else "+"
    # Without the width, the reader takes the first line's own spaces for indentation.
    width = "2" if text[0] in " \n" else ""
    lines = [f"{indent}  {line}" if line else "" for line in kept.split("\n")]
    return "\n".join([f"|{width}{chomping}", *lines, *[""] * (ends - 1)])


def _quoted_lines(text: str, indent: str) -> str:
    """Return a double-quoted scalar with a line for each line of the text."""
    first, *rest = (_escaped(line) for line in re.split(r"(?<=\n)", text) if line)
    lines = [f"{indent}  " + ("\\" if line[0] == " " else "") + line for line in rest]
    return '"' + "\\\n".join([first, *lines]) + '"'


def _escaped(text: str) -> str:
    return _QUOTED.sub(lambda match: _escape(match[0]), text)


def _escape(character: str) -> str:
    short = _SHORT_ESCAPES.get(character)
    if short is not None:
        return short
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:  # noqa: PLR2004 - half a character has no form in YAML
        return "\\uFFFD"
    if code <= 0xFF:  # noqa: PLR2004 - as many digits as the escape holds
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"  # noqa: PLR2004


def _inline_text(text: str) -> str:
    if _PLAIN.fullmatch(text) and not text.endswith((" ", ":")) and text.lower() not in _WORDS:
        return text
    if "\n" in text or _ESCAPED.search(text):
        return f'"{_escaped(text)}"'
    return "'" + text.replace("'", "''") + "'"


def _float(value: float) -> str:
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    text = repr(value)
    # YAML 1.1 takes 1e+20 for text.
    return text if "." in text else text.replace("e", ".0e")


#: In this order: a boolean is an integer too, and a moment a date.
_INLINE: Final[tuple[tuple[type, Callable[[Any], str]], ...]] = (
    (str, _inline_text),
    (bool, lambda value: "true" if value else "false"),
    (NoneType, lambda _: "null"),
    (int, str),
    (float, _float),
    (datetime, lambda value: value.isoformat(" ")),
    (date, lambda value: value.isoformat()),
)


def yaml_text(document: Any) -> str:
    """Return a mapping or a list as YAML, in the order of its keys, each line ended.

    Raises:
        TypeError: it holds what a cassette has no form for.
        RecursionError: it is nested too deeply.
    """
    return "\n".join(_lines(document, "")) + "\n"


def _lines(value: Any, indent: str) -> Iterator[str]:
    """Yield the lines of a mapping or a list that is not empty."""
    if isinstance(value, dict):
        for key, item in value.items():
            text = _inline(key)
            start = f"{text}:" if len(text) <= _LONGEST_KEY else f"? {text}\n{indent}:"
            yield from _entry(f"{indent}{start}", item, indent, within_list=False)
    else:
        for item in value:
            yield from _entry(f"{indent}-", item, indent, within_list=True)


def _entry(start: str, value: Any, indent: str, *, within_list: bool) -> Iterator[str]:
    """Yield a value after its key or its dash."""
    if not isinstance(value, dict | list | tuple):
        text = _block(value, indent) if isinstance(value, str | bytes) else None
        yield f"{start} {_inline(value) if text is None else text}"
    elif not value:
        yield f"{start} {'{}' if isinstance(value, dict) else '[]'}"
    elif within_list:
        first, *rest = _lines(value, f"{indent}  ")
        yield f"{start} {first.lstrip(' ')}"
        yield from rest
    else:
        yield start
        yield from _lines(value, f"{indent}  " if isinstance(value, dict) else indent)
