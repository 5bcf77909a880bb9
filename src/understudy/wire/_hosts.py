"""Who answers at a host."""

from __future__ import annotations

from types import MappingProxyType

_EXACT = MappingProxyType(
    {
        "ai-gateway.vercel.sh": "vercel",
        "ai.mongodb.com": "voyage",
        "api.ai21.com": "ai21",
        "api.anthropic.com": "anthropic",
        "api.braintrust.dev": "braintrust",
        "api.cerebras.ai": "cerebras",
        "api.cloudflare.com": "cloudflare",
        "api.cohere.ai": "cohere",
        "api.cohere.com": "cohere",
        "api.deepinfra.com": "deepinfra",
        "api.deepseek.com": "deepseek",
        "api.fireworks.ai": "fireworks",
        "api.friendli.ai": "friendli",
        "api.githubcopilot.com": "github",
        "api.groq.com": "groq",
        "api.hyperbolic.xyz": "hyperbolic",
        "api.inceptionlabs.ai": "inception",
        "api.jina.ai": "jina",
        "api.lambda.ai": "lambda",
        "api.llama.com": "meta",
        "api.minimax.chat": "minimax",
        "api.minimax.io": "minimax",
        "api.mistral.ai": "mistral",
        "api.moonshot.ai": "moonshot",
        "api.moonshot.cn": "moonshot",
        "api.novita.ai": "novita",
        "api.openai.com": "openai",
        "api.perplexity.ai": "perplexity",
        "api.portkey.ai": "portkey",
        "api.replicate.com": "replicate",
        "api.sambanova.ai": "sambanova",
        "api.scaleway.ai": "scaleway",
        "api.smith.langchain.com": "langsmith",
        "api.studio.nebius.ai": "nebius",
        "api.studio.nebius.com": "nebius",
        "api.together.ai": "together",
        "api.together.xyz": "together",
        "api.tokenfactory.nebius.com": "nebius",
        "api.upstage.ai": "upstage",
        "api.voyageai.com": "voyage",
        "api.writer.com": "writer",
        "api.x.ai": "xai",
        "api.z.ai": "zai",
        "chatgpt.com": "openai",
        "codestral.mistral.ai": "mistral",
        "gateway.ai.cloudflare.com": "cloudflare",
        "gateway.pydantic.dev": "gateway",
        "generativelanguage.googleapis.com": "google",
        "huggingface.co": "huggingface",
        "llm.chutes.ai": "chutes",
        "models.github.ai": "github",
        "ollama.com": "ollama",
        "open.bigmodel.cn": "zai",
        "openrouter.ai": "openrouter",
        "router.requesty.ai": "requesty",
        "www.braintrust.dev": "braintrust",
    }
)
# The first that fits wins.
_SUFFIXES = (
    (".openai.azure.com", "azure"),
    (".azure.com", "azure"),
    (".azure-api.net", "azure"),
    (".azure.us", "azure"),
    (".azuredatabricks.net", "databricks"),
    (".databricks.com", "databricks"),
    (".snowflakecomputing.com", "snowflake"),
    (".huggingface.co", "huggingface"),
    (".huggingface.cloud", "huggingface"),
    (".hf.space", "huggingface"),
    ("aiplatform.googleapis.com", "vertex"),
    (".rep.googleapis.com", "vertex"),
    (".api.openai.com", "openai"),
    (".anthropic.com", "anthropic"),
    (".cohere.ai", "cohere"),
    (".cohere.com", "cohere"),
    (".api.x.ai", "xai"),
    (".mistral.ai", "mistral"),
    (".nvidia.com", "nvidia"),
    (".nebius.com", "nebius"),
    (".aliyuncs.com", "alibaba"),
    (".volces.com", "volcengine"),
    (".heroku.com", "heroku"),
    (".cloud.ovh.net", "ovhcloud"),
    (".cloud.ibm.com", "watsonx"),
    (".oraclecloud.com", "oci"),
    (".gateway.pydantic.dev", "gateway"),
    (".pydantic.dev", "gateway"),
    (".portkey.ai", "portkey"),
    (".braintrust.dev", "braintrust"),
    (".moonshot.ai", "moonshot"),
)
_AWS = (("bedrock", "bedrock"), ("sagemaker", "sagemaker"))
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104
_OLLAMA_PORT = 11434
_VLLM_PORT = 8000


def provider_of(host: str, port: int | None) -> str | None:
    """Name who answers at `host` (in lower case); None for a stranger."""
    known = _EXACT.get(host) or _by_suffix(host)
    if known is not None:
        return known
    if port == _OLLAMA_PORT:
        return "ollama"
    return "local" if port == _VLLM_PORT and host in _LOOPBACK else None


def _by_suffix(host: str) -> str | None:
    if host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws")):
        return next((name for mark, name in _AWS if mark in host), None)
    return next((name for suffix, name in _SUFFIXES if host.endswith(suffix)), None)
