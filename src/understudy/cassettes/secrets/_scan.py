"""Looks for secrets in what was written: the second pair of eyes after the redactor."""

from __future__ import annotations

import re
from binascii import a2b_base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ...errors import CassetteError
from ...redaction import TOLD_BY_CONTEXT, may_be_real, merged
from ...wire import decoded_body

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ._finder import SecretFinder
    from ._redactor import SecretsRedactor

_GZIP_MAGIC: Final = b"\x1f\x8b"
#: Base64, on one line or, as YAML writes binary scalars, on several.
_BLOB: Final = re.compile(
    r"[A-Za-z0-9+/_-]{24,}={0,2}(?:\r?\n[ \t]+[A-Za-z0-9+/]{4,}={0,2}(?=\s|$))*"
)
_DEEPEST: Final = 3


@dataclass(frozen=True, slots=True)
class FoundSecret:
    """Something that looks like a secret; `inside` says how it was wrapped there.

    Line 0 is the name of the file, which `path` then tells without it.
    """

    path: Path
    line: int
    kind: str
    inside: str = ""

    def __str__(self) -> str:
        if not self.line:
            return f"{self.path}: its name looks like a secret ({self.kind})"
        wrapped = f", {self.inside}" if self.inside else ""
        return f"{self.path}, line {self.line}: looks like a secret ({self.kind}{wrapped})"


class SecretsFoundError(CassetteError):
    """A cassette holds secrets although it was redacted: names their places, not their values."""

    slug = "secrets-found"

    def __init__(self, findings: Sequence[FoundSecret]) -> None:
        self.findings = tuple(findings)
        places = "\n".join(f"  {finding}" for finding in self.findings)
        super().__init__(
            f"secrets were written to a cassette:\n{places}\n"
            "Revoke what is real, run `understudy cassettes scrub` on the file, and name the key or"
            " the pattern in [tool.understudy.cassettes.redaction]."
        )


class SecretScan:
    """Scans each file that is saved; `findings` are those of all files so far.

    Call it as `Treatment.after_save`, or for a journal. The same rules as the redactor's are
    applied to the file as it is, and to what is compressed or in base64 inside it.
    """

    def __init__(self, redactor: SecretsRedactor) -> None:
        self._finder = redactor.finder
        self.findings: list[FoundSecret] = []

    def __call__(self, path: Path, content: bytes) -> None:
        """Scan what was written.

        Raises:
            SecretsFoundError: something looks like a secret.
        """
        found = scan(path, content, self._finder)
        if found:
            self.findings += found
            raise SecretsFoundError(found)


def scan(path: Path, content: bytes, finder: SecretFinder) -> list[FoundSecret]:
    """Return what looks like a secret in the content of a file, in the order of its lines."""
    named = list(finder.in_text(path.name))
    path = path.with_name(finder.without(path.name, named)) if named else path
    text = _unzipped(content).decode("utf-8", "replace")
    places = dict.fromkeys(
        (text.count("\n", 0, at) + 1, kind, inside) for at, kind, inside in _places(text, finder, 0)
    )
    in_name = [FoundSecret(path, 0, span.kind) for span in merged(named)]
    return in_name + [FoundSecret(path, *place) for place in sorted(places)]


def _places(text: str, finder: SecretFinder, depth: int) -> Iterator[tuple[int, str, str]]:
    """Yield where a secret is, its kind, and how it is wrapped."""
    # Stand-ins may stand where keys do.
    spans = merged(
        span
        for span in finder.in_json(text)
        if span.kind not in TOLD_BY_CONTEXT or may_be_real(text[span.start : span.end])
    )
    yield from ((span.start, span.kind, "") for span in spans)
    if depth < _DEEPEST:
        for match in _BLOB.finditer(text):
            for _, kind, _ in _places(_unwrapped(match[0]), finder, depth + 1):
                yield match.start(), kind, "inside base64"


def _unwrapped(blob: str) -> str:
    """Return the text in a piece of base64, unzipped; empty where there is none."""
    letters = "".join(blob.split()).rstrip("=").replace("-", "+").replace("_", "/")
    whole = letters[: len(letters) - (len(letters) % 4 == 1)]
    try:
        data = a2b_base64(whole + "=" * (-len(whole) % 4))
    except ValueError:  # pragma: no cover - only letters of the alphabet reach this
        return ""
    return _unzipped(data).decode("latin-1").replace("\0", "")  # wide letters, too


def _unzipped(data: bytes) -> bytes:
    return decoded_body({}, data) if data.startswith(_GZIP_MAGIC) else data
