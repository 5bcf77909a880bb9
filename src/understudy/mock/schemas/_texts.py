"""Texts of a format, of a pattern, of a length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ._patterns import sample_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping

_FORMATS: Final = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "time": "12:00:00Z",
    "duration": "PT1H",
    "email": "someone@example.com",
    "idn-email": "someone@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "ipvanyaddress": "192.0.2.1",
    "json-string": "{}",
    "uri": "https://example.com/",
    "uri-reference": "https://example.com/",
    "url": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000001",
    "binary": "text",
    "byte": "dGV4dA==",
    "base64url": "dGV4dA==",
}


def sample_text(schema: Mapping[str, Any], name: str) -> str:
    """Return a text that the schema accepts: its name, where nothing else is wanted."""
    wanted = schema.get("format")
    if isinstance(wanted, str) and wanted in _FORMATS:
        return _FORMATS[wanted]
    pattern = schema.get("pattern")
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    if isinstance(pattern, str):
        return sample_pattern(pattern, least=least)
    text = name if len(name) >= least else name.ljust(least, ".")
    return text if most is None else text[:most]
