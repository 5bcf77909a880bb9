"""The keys that are known by their shape: of providers of models, of clouds, of services."""

from __future__ import annotations

import re
from base64 import b64decode
from typing import Final

from ._spans import KeyShape
from ._values import is_stand_in, looks_random

#: A key does not begin inside a word; the letter of an escape (`\n`, `%3A`, `\u0026`) is no word.
_START: Final = r"(?:(?<![A-Za-z0-9_])|(?<=\\[nrtbf])|(?<=%[0-9A-Fa-f]{2})|(?<=\\u[0-9A-Fa-f]{4}))"
_KEY: Final = r"[\w-]{8,}[\w*]*"
_SHORTEST_PASSWORD: Final = 3
_NUMBER: Final = re.compile(r"(?<!\d)(?!(?:19|20)\d\d[01]\d)\d{8,}(?!\d)")


def is_drawn(key: str) -> bool:
    """Tell a key from words, versions and names of models that begin alike."""
    return looks_random(key) or _NUMBER.search(key) is not None


def _is_basic(credentials: str) -> bool:
    """Tell `user:password` in base64, but for the words that manuals write there."""
    try:
        told = b64decode(credentials + "=" * (-len(credentials) % 4), validate=True)
    except ValueError:
        return False
    return b":" in told and not all(map(is_stand_in, told.decode("utf-8", "replace").split(":")))


def _is_no_stand_in(key: str) -> bool:
    """Tell what follows a marker from the words of manuals: `your-key-here`."""
    return not is_stand_in(key)


def _is_password(word: str) -> bool:
    return len(word) >= _SHORTEST_PASSWORD and not is_stand_in(word)


def _shape(kind: str, *markers: str, then: str) -> KeyShape:
    """Return a shape whose key begins with a marker as no word does, and goes on with `then`."""
    heads = "|".join(re.escape(marker) for marker in markers)
    return KeyShape(kind, markers, f"{_START}(?:{heads}){then}", begins_word=True)


def _own(kind: str, *markers: str, then: str = _KEY) -> KeyShape:
    """Return a shape of which only the stand-ins of manuals begin alike."""
    heads = "|".join(re.escape(marker) for marker in markers)
    return KeyShape(kind, markers, f"({_START}(?:{heads})){then}", judge=_is_no_stand_in)


def _drawn(kind: str, *markers: str, then: str = r"[\w-]{16,}") -> KeyShape:
    """Return a shape of which words may begin alike: what follows the marker was drawn."""
    heads = "|".join(re.escape(marker) for marker in markers)
    return KeyShape(kind, markers, f"({_START}(?:{heads})){then}", judge=is_drawn, begins_word=True)


def _within(kind: str, *markers: str, pattern: str) -> KeyShape:
    """Return a shape that is told by what stands before the key, the first group."""
    return KeyShape(kind, markers, pattern, has_context=True)


#: Specific shapes first: each takes what it knows out of the text before the next one looks.
KEY_SHAPES: Final = (
    KeyShape(
        "private key",
        ("PRIVATE KEY",),
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----"
        r"(?=(?:\s|\\+[nr])*(?!(?:[A-Z]?[a-z]+|[A-Z]+)[ ,.;])"  # no words about such keys
        r"(?:[A-Za-z0-9+/=]{6}|[A-Z][A-Za-z-]+: ))"
        r"(?:(?!\r?\n\r?\n(?![A-Za-z0-9+/=]{16}))[^-]|-(?!----))*"
        r"(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----)?",
    ),
    _shape("private key", "AGE-SECRET-KEY-1", then=r"[A-Z0-9]{20,}"),
    _own("Anthropic key", "sk-ant-"),
    _own("OpenRouter key", "sk-or-"),
    _own("OpenAI key", "sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-"),
    _own("Helicone key", "sk-helicone-", "pk-helicone-"),
    # OpenAI's first keys, DeepSeek's, Langfuse's, Helicone's and those of most gateways.
    _drawn("API key (sk-)", "sk-", then=_KEY),
    _drawn("OpenAI session", "sess-"),
    _drawn("OpenAI client secret", "ek_", then=r"[A-Za-z0-9]{16,}"),
    _shape("Google API key", "AIza", then=r"[\w-]{20,}"),
    _drawn("Google API key", "AQ.", then=r"[\w-]{20,}"),
    _shape("Google OAuth token", "ya29.", then=r"[\w.-]{10,}"),
    _shape("Google OAuth secret", "GOCSPX-", then=r"[\w-]{10,}"),
    _shape("Google refresh token", "1//0", then=r"[\w-]{20,}"),
    _shape("AWS access key", "AKIA", "ASIA", "ABIA", then=r"[A-Z0-9]{16}(?![A-Za-z0-9])"),
    _shape("Bedrock key", "ABSK", then=r"[A-Za-z0-9+/]{24,}={0,2}"),
    _shape("Bedrock key", "bedrock-api-key-", then=r"[A-Za-z0-9+/_-]{16,}={0,2}"),
    _shape(
        "AWS session token",
        "IQoJb3JpZ2lu",
        "FwoGZXIvYXdz",
        then=r"(?:[A-Za-z0-9+/]|%2[BbFf]){24,}(?:=|%3[Dd]){0,2}",
    ),
    _within(
        "AWS signature",
        "Signature=",
        "Security-Token=",
        pattern=r"((?:X-Amz-)?(?:Signature|Security-Token)=)(?!\[redacted\])[\w%/+=-]{16,}",
    ),
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
    _drawn("xAI key", "xai-", then=r"[\w-]{12,}"),
    _drawn("Groq key", "gsk_", then=r"[A-Za-z0-9]{12,}"),
    _drawn("Hugging Face token", "hf_", "api_org_", then=r"[A-Za-z0-9]{12,}"),
    _drawn("Perplexity key", "pplx-", then=r"[\w-]{12,}"),
    _drawn("Replicate token", "r8_", then=r"[A-Za-z0-9]{12,}"),
    _drawn("Cerebras key", "csk-", then=r"[A-Za-z0-9]{12,}"),
    _drawn("Fireworks key", "fw_", "fpk_", then=r"[A-Za-z0-9]{12,}"),
    _drawn("Together key", "tgp_", then=r"[\w-]{12,}"),
    _drawn("NVIDIA key", "nvapi-", then=r"[\w-]{12,}"),
    _drawn("Voyage key", "pa-", "al-", then=r"[\w-]{40,}"),
    _drawn("Tavily key", "tvly-", then=r"[\w-]{12,}"),
    _drawn("Jina key", "jina_", then=r"\w{24,}"),
    _drawn("LangSmith key", "lsv2_pt_", "lsv2_sk_", "ls__", then=r"\w{16,}"),
    _drawn("Langfuse key", "pk-lf-"),
    _drawn("Pinecone key", "pcsk_", then=r"\w{20,}"),
    _drawn("Firecrawl key", "fc-"),
    _drawn("Brave key", "BSA", then=r"[\w-]{20,}"),
    _drawn("LlamaCloud key", "llx-"),
    _drawn("RunPod key", "rpa_"),
    _drawn("Upstage key", "up_"),
    _drawn("Luma key", "luma-"),
    _drawn("Runway key", "key_", "crsr_", then=r"[A-Za-z0-9]{56,}"),  # Cursor's, too
    _drawn("Weights & Biases key", "wandb_v1_"),
    _drawn("Chroma key", "ck-", then=r"[A-Za-z0-9]{24,}"),
    _drawn("Mem0 key", "m0-", then=r"[A-Za-z0-9]{24,}"),
    _drawn("Modal token", "ak-", "as-", then=r"[A-Za-z0-9]{18,}"),
    _drawn("Arize key", "ak-", then=r"[0-9a-f]{8}-[\w-]{40,}"),
    _drawn("Composio key", "ak_", then=r"[A-Za-z0-9]{16,}"),
    _drawn("Chutes key", "cpk_", then=r"[\w.]{24,}"),
    _drawn("Friendli token", "flp_"),
    _drawn("Featherless key", "rc_", then=r"[0-9a-f]{32,}"),
    _drawn("You.com key", "ydc-sk-"),
    _drawn("Nebius key", "v1.", then=r"[\w-]{40,}"),
    _drawn("Baidu key", "bce-v3/ALTAK-", then=r"[\w/-]{16,}"),
    _drawn("Tencent key", "AKID", "AKLT", then=r"[A-Za-z0-9]{24,}"),
    _drawn("Alibaba access key", "LTAI", then=r"[A-Za-z0-9]{12,}"),
    _drawn("Yandex key", "AQVN", then=r"[\w-]{32,}"),
    _drawn("Yandex token", "t1.", then=r"[\w-]{16,}={0,2}\.[\w-]{40,}"),
    KeyShape(
        "Zhipu key",
        tuple(f"{digit}." for digit in "0123456789abcdef"),
        r"(?<![A-Za-z0-9])[0-9a-f]{32}\.[\w-]{16,24}(?![\w-])",  # Ollama's, too
    ),
    _within(
        "fal key",
        *(f"{digit}:" for digit in "0123456789abcdef"),
        pattern=r"(-[0-9a-f]{12}:)[0-9a-f]{32}(?![A-Za-z0-9])",
    ),
    _shape("Llama key", "LLM|", then=r"\d{9,}\|[\w-]{16,}"),
    _shape("GitHub Copilot token", "tid=", then=r"[0-9a-f]{32};[^\s,\"'\\<>]{20,}"),
    _drawn("Lambda key", "secret_", then=r"\w+_[0-9a-f]{32}\.[A-Za-z0-9]{24,}"),
    _drawn("Requesty key", "rqsty-sk-", then=r"[\w+/-]{16,}={0,2}"),
    _drawn("Anyscale key", "esecret_", then=r"[A-Za-z0-9]{20,}"),
    _drawn("Parasail key", "psk-"),
    _drawn("Coze token", "pat_", "sat_", then=r"[A-Za-z0-9]{40,}"),
    _drawn("Dify key", "app-", then=r"(?=[a-z0-9]*[A-Z])(?=[A-Z0-9]*[a-z])[A-Za-z0-9]{24}\b(?!-)"),
    _drawn("Cloudflare token", "cfut_", "cfat_", "cfk_", then=r"[A-Za-z0-9]{32,}"),
    _drawn("Glama key", "glama_"),
    _drawn("Nscale key", "nscale_"),
    _drawn("Targon key", "sn4_"),
    _drawn("ZeroEntropy key", "ze_"),
    _drawn("Inference.net key", "inference-", then=r"[0-9a-f]{32}"),
    _drawn("Browser Use key", "bu_", then=r"[\w-]{32,}"),
    _drawn("Steel key", "ste-", then=r"[A-Za-z0-9]{32,}"),
    _drawn("Logfire token", "pylf_v1_", "pylf_v2_"),
    _drawn("PostHog key", "phx_", then=r"[A-Za-z0-9]{32,}"),
    _drawn("Heroku key", "HRKU-", then=r"[\w-]{32,}"),
    KeyShape(
        "v0 key",
        ("v1:",),
        r"(v1:)(?<![A-Za-z0-9]v1:)[A-Za-z0-9]{20,}:[A-Za-z0-9]{20,}",
        judge=is_drawn,
    ),
    _drawn("Predibase token", "pb_", then=r"[A-Za-z0-9_-]{20,}"),
    _drawn("Docker token", "dckr_pat_", "dckr_oat_"),
    _drawn("Tailscale key", "tskey-"),
    _drawn("Neon key", "napi_"),
    _drawn("Render key", "rnd_"),
    _drawn("Resend key", "re_", then=r"\w{24,}"),
    _shape("Fly token", "fm2_", then=r"[\w+/-]{40,}={0,2}"),
    _shape("1Password token", "ops_eyJ", then=r"[\w-]{40,}"),
    _drawn("Airtable token", "pat", then=r"[A-Za-z0-9]{14}\.[0-9a-f]{64}"),
    _drawn("Vercel key", "vck_", "vcp_"),
    _drawn("E2B key", "e2b_"),
    _drawn("Browserbase key", "bb_live_", "bb_test_"),
    _drawn("Apify token", "apify_api_"),
    _shape("Databricks token", "dapi", then=r"[0-9a-f]{32}"),
    _drawn("GitHub token", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", then=r"[A-Za-z0-9]{16,}"),
    _drawn("GitHub token", "github_pat_", then=r"\w{16,}"),
    _own("GitLab token", "glpat-", "gldt-", "glrt-", "glptt-"),
    _shape("Slack token", *(f"xox{kind}-" for kind in "bparse"), "xapp-", then=r"[\w-]{10,}"),
    _within("Slack hook", "hooks.slack.com/", pattern=r"(hooks\.slack\.com/services/)[\w/-]{20,}"),
    _shape("Stripe key", "sk_live_", "sk_test_", "rk_live_", "rk_test_", then=r"[A-Za-z0-9]{10,}"),
    _drawn("API key (sk_)", "sk_", then=r"[\w-]{24,}"),  # ElevenLabs', Cartesia's, Novita's
    _drawn("webhook secret", "whsec_", then=r"[A-Za-z0-9+/]{16,}={0,2}"),
    _drawn("SendGrid key", "SG.", then=r"[\w-]{16,}\.[\w-]{16,}"),
    _drawn("Mailgun key", "key-", then=r"[0-9a-f]{32}"),
    _drawn("npm token", "npm_"),
    _shape("PyPI token", "pypi-AgE", then=r"[\w-]{16,}"),
    _drawn("Notion token", "ntn_", "secret_", then=r"[A-Za-z0-9]{24,}"),
    _drawn("Linear key", "lin_api_"),
    _drawn("Figma token", "figd_"),
    _drawn("Postman key", "PMAK-"),
    _own("New Relic key", "NRAK-"),
    _drawn("Sentry token", "sntrys_", "sntryu_"),
    _drawn("Grafana token", "glsa_", "glc_"),
    _drawn("Supabase key", "sbp_", "sb_secret_"),
    _drawn("PlanetScale token", "pscale_tkn_", "pscale_pw_"),
    _drawn("DigitalOcean token", "dop_v1_", "doo_v1_"),
    _drawn("Shopify token", "shpat_", "shpss_", "shpca_", "shppa_"),
    _drawn("Vault token", "hvs.", "hvb."),
    _drawn("Doppler token", "dp.pt.", "dp.st."),
    KeyShape("Telegram token", (":AA",), r"(?<!\d)\d{8,10}:AA[\w-]{32,}"),
    _shape("Atlassian token", "ATATT3", then=r"[\w=-]{20,}"),
    _shape("JSON web token", "eyJ", then=r"[\w-]{8,}\.[\w-]{8,}\.[\w-]*"),
    KeyShape(
        "bearer token",
        ("earer ", "earer%20", "EARER "),
        r"((?i:bearer)(?:\s|%20)+)[\w.~+/-]{8,}=*",
        has_context=True,
        judge=is_drawn,
    ),
    KeyShape(
        "basic credentials",
        ("Basic ",),
        r"(\bBasic )[A-Za-z0-9+/]{8,}={0,2}",
        has_context=True,
        judge=_is_basic,
    ),
    KeyShape(
        "key in a URL",
        ("key=", "token=", "Key=", "secret="),
        r"((?:[?&#]|\\u0026)(?:(?:api[_-]?|subscription-)?[Kk]ey"
        r"|(?:(?:access|auth|id|refresh)_)?token|client_secret)=)"
        r"[^&\s\"'\\<>#]+",
        has_context=True,
        judge=is_drawn,
    ),
    KeyShape(
        "key in a URL",
        ("sig=", "signature="),
        r"((?:[?&]|\\u0026)(?:sig|signature)=)[^&\s\"'\\<>`]+",
        has_context=True,
        judge=_is_password,
    ),
    KeyShape(
        "key that is assigned",
        ("_KEY", "_TOKEN", "_SECRET", "PASSWORD", "api_key", "api-key"),
        r"((?:(?:KEY|TOKEN|SECRET|PASSWORD)(?:_ID)?|api[_-]key)"
        r"\\*[\"']?\s{0,3}[=:]\s{0,3}\\*[\"']?)(?=[!-~]{16})[^\s\"'\\,;&<>]{16,}",
        has_context=True,
        judge=is_drawn,
    ),
    KeyShape(
        "password in a URL",
        ("://",),
        r"(\b[a-z][a-z0-9+.-]{0,20}://[^\s/:@\"'\\<>{}\[\]]*:)"
        r"[^\s/:@\"'\\<>{}\[\]]+(?=@[\w.-])",
        has_context=True,
        judge=_is_password,
    ),
    _shape("organisation id", "org-", then=r"(?=\w*\d|\w*[A-Z])[A-Za-z0-9]{16,}"),
    _shape("project id", "proj_", then=r"(?=\w*\d|\w*[A-Z])[A-Za-z0-9]{16,}"),
)
