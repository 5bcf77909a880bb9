"""Keys that are known by their shape, whoever wrote them wherever, and texts without them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ._names import SECRET_HEADERS
from ._spans import REDACTED, Span, without_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: A key does not begin inside a word; the letter of an escape (`\n`, `%3A`, `\u0026`) is no word.
_START: Final = r"(?:(?<![A-Za-z0-9_])|(?<=\\[nrtbf])|(?<=%[0-9A-Fa-f]{2})|(?<=\\u[0-9A-Fa-f]{4}))"
_compiled: Final = lru_cache(maxsize=None)(re.compile)
#: Addresses and header values: the same few again and again.
_SHORT: Final = 200
#: Looser than the shapes of keys: in a message, a word too much does no harm.
_LOOSE: Final = re.compile(
    r"\b(?:sk|pk|rk)-[\w-]{8,}[\w*]*|\b(?:xai|gsk|hf|r8|csk|pplx|fw|tgp)[_-][\w-]{12,}"
    r"|(?<=[Bb]earer\s)[\w.~+/-]{8,}=*"
)
#: A shorter word may stand in any text by chance.
_SHORTEST: Final = 8


@dataclass(frozen=True, slots=True, eq=False)
class KeyShape:
    """One kind of key.

    A text that holds none of `markers` holds no such key: that is looked up first, because it
    costs a tenth. `expression` is compiled when it is first needed: all of them take 30 ms. With
    `has_context`, what its first group matches is no part of the secret.
    """

    kind: str
    markers: tuple[str, ...]
    expression: str
    has_context: bool = False

    def spans(self, text: str) -> Iterator[Span]:
        """Yield where such keys stand, without looking for the markers."""
        for match in _compiled(self.expression).finditer(text):
            start = match.end(1) if self.has_context else match.start()
            yield Span(start, match.end(), self.kind)


def _shape(kind: str, *markers: str, then: str) -> KeyShape:
    """Return a shape whose key begins with a marker, and goes on with `then`."""
    heads = "|".join(re.escape(marker) for marker in markers)
    return KeyShape(kind, markers, f"{_START}(?:{heads}){then}")


def _within(kind: str, *markers: str, pattern: str) -> KeyShape:
    """Return a shape that is told by what stands before the key, the first group."""
    return KeyShape(kind, markers, pattern, has_context=True)


#: Specific shapes first: each takes what it knows out of the text before the next one looks.
KEY_SHAPES: Final = (
    KeyShape(
        "private key",
        ("PRIVATE KEY-----",),
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:(?!\n\n|\r\n\r\n)[^-])*"
        r"(?:-----END [A-Z ]*PRIVATE KEY-----)?",
    ),
    _shape("Anthropic key", "sk-ant-", then=r"[\w-]{8,}[\w*]*"),
    _shape("OpenRouter key", "sk-or-", then=r"[\w-]{8,}[\w*]*"),
    _shape(
        "OpenAI key", "sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-", then=r"[\w-]{8,}[\w*]*"
    ),
    # OpenAI's first keys, DeepSeek's, Langfuse's and those of most gateways. Words joined by
    # hyphens are none: there is a digit, a capital letter or a long run of letters.
    _shape("API key (sk-)", "sk-", then=r"(?=[\w-]*[A-Z0-9]|[a-z]{12})[\w-]{8,}[\w*]*"),
    _shape("Google API key", "AIza", then=r"[\w-]{20,}"),
    _shape("Google OAuth token", "ya29.", then=r"[\w.-]{10,}"),
    _shape("Google OAuth secret", "GOCSPX-", then=r"[\w-]{10,}"),
    _shape("Google refresh token", "1//0", then=r"[\w-]{20,}"),
    _shape("AWS access key", "AKIA", "ASIA", then=r"[A-Z0-9]{16}(?![A-Za-z0-9])"),
    _within(
        "AWS signature",
        "Signature=",
        "Security-Token=",
        pattern=r"((?:X-Amz-)?(?:Signature|Security-Token)=)(?!\[redacted\])[\w%/+=-]{16,}",
    ),
    _shape("xAI key", "xai-", then=r"[\w-]{12,}"),
    _shape("Groq key", "gsk_", then=r"[A-Za-z0-9]{12,}"),
    _shape("Hugging Face token", "hf_", then=r"(?=\w*\d|\w{30})[A-Za-z0-9]{12,}"),
    _shape("Perplexity key", "pplx-", then=r"[\w-]{12,}"),
    _shape("Replicate token", "r8_", then=r"[A-Za-z0-9]{12,}"),
    _shape("Cerebras key", "csk-", then=r"[A-Za-z0-9]{12,}"),
    _shape("Fireworks key", "fw_", then=r"(?=\w*\d)[A-Za-z0-9]{12,}"),
    _shape("Together key", "tgp_", then=r"[\w-]{12,}"),
    _shape("NVIDIA key", "nvapi-", then=r"[\w-]{12,}"),
    _shape("Voyage key", "pa-", then=r"(?=[\w-]*\d)[\w-]{40,}"),
    _shape("Tavily key", "tvly-", then=r"[\w-]{12,}"),
    _shape("Jina key", "jina_", then=r"(?=\w*\d)[\w]{24,}"),
    _shape("LangSmith key", "lsv2_pt_", "lsv2_sk_", "ls__", then=r"[\w]{16,}"),
    _shape("OpenAI client secret", "ek_", then=r"(?=\w*\d)[A-Za-z0-9]{16,}"),
    _shape("Databricks token", "dapi", then=r"[0-9a-f]{32}"),
    _shape("GitHub token", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", then=r"[A-Za-z0-9]{16,}"),
    _shape("GitHub token", "github_pat_", then=r"\w{16,}"),
    _shape("GitLab token", "glpat-", then=r"[\w-]{16,}"),
    _shape("Slack token", "xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", then=r"[\w-]{10,}"),
    _shape("Stripe key", "sk_live_", "sk_test_", "rk_live_", then=r"[A-Za-z0-9]{10,}"),
    KeyShape(
        "Azure key",
        ("JQQJ9",),
        r"(?<![A-Za-z0-9])[A-Za-z0-9]{52}JQQJ9[A-Za-z0-9]{27}(?![A-Za-z0-9])",
    ),
    _within(
        "Azure connection string",
        "AccountKey=",
        "SharedAccessKey=",
        pattern=r"((?:Account|SharedAccess)Key=)[\w+/=]{16,}",
    ),
    _shape("JSON web token", "eyJ", then=r"[\w-]{8,}\.[\w-]{8,}\.[\w-]*"),
    _within(
        "bearer token",
        "earer ",
        "earer%20",
        "EARER ",
        pattern=r"((?i:bearer)(?:\s|%20)+)(?=\S*\d|\S{24})[\w.~+/-]{8,}=*",
    ),
    _within(
        "basic credentials", "Basic ", pattern=r"(\bBasic )(?=\S*[0-9=])[A-Za-z0-9+/]{12,}={0,2}"
    ),
    _within(
        "key in a URL",
        "key=",
        "_token=",
        "sig=",
        "signature=",
        "Key=",
        pattern=r"((?:[?&]|\\u0026)(?:[Kk]ey|api[_-]?[Kk]ey|access_token|auth_token|sig|signature)=)"
        r"(?!\[redacted\])[^&\s\"'\\<>]+",
    ),
    _within(
        "password in a URL",
        "://",
        pattern=r"(\b[a-z][a-z0-9+.-]{0,20}://[^\s/:@\"'\\<>{}\[\]]*:)(?!\[redacted\])"
        r"[^\s/:@\"'\\<>{}\[\]]+(?=@[\w.-])",
    ),
    _shape("organisation id", "org-", then=r"(?=\w*\d|\w*[A-Z])[A-Za-z0-9]{16,}"),
    _shape("project id", "proj_", then=r"(?=\w*\d|\w*[A-Z])[A-Za-z0-9]{16,}"),
)


#: Kinds that are told by what stands around them: there a stand-in may stand as well.
TOLD_BY_CONTEXT: Final = frozenset(shape.kind for shape in KEY_SHAPES if shape.has_context)

_MARKED: Final = tuple((marker, shape) for shape in KEY_SHAPES for marker in shape.markers)


def keys_in(text: str) -> Sequence[Span]:
    """Return where keys stand in `text`; several shapes may claim the same one."""
    return _in_short_text(text) if len(text) <= _SHORT else _in_text(text)


def _in_text(text: str) -> tuple[Span, ...]:
    shapes = dict.fromkeys([shape for marker, shape in _MARKED if marker in text])
    return tuple(span for shape in shapes for span in shape.spans(text))


_in_short_text: Final = lru_cache(maxsize=512)(_in_text)


def redacted(text: str, headers: Mapping[str, str] | None = None) -> str:
    """Return a message without keys, and without the secrets that `headers` hold."""
    for value in ((headers or {}).get(name, "").strip() for name in SECRET_HEADERS):
        for secret in (value, value.rpartition(" ")[2]):
            text = text.replace(secret, REDACTED) if len(secret) >= _SHORTEST else text
    return _LOOSE.sub(REDACTED, without_spans(text, keys_in(text)))
