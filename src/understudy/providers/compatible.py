"""Providers that speak the wire APIs of others, nearly all OpenAI's: a line each."""

from __future__ import annotations

from typing import Final

from ..wire import Needed, OtherPath, Provider


def _host(
    name: str,
    *hosts: str,
    suffixes: tuple[str, ...] = (),
    prices: str | None = None,
    wants_key: bool = False,
    is_free: bool = False,
    reports_cost: bool = False,
) -> Provider:
    """Return a provider; `prices` names its price list, and SDKs may want `<NAME>_API_KEY`."""
    return Provider(
        name=name,
        hosts=hosts,
        suffixes=suffixes,
        needs=(Needed.key(f"{name.upper()}_API_KEY"),) if wants_key else (),
        price_list=prices,
        is_free=is_free,
        reports_cost=reports_cost,
    )


COMPATIBLE: Final = (
    _host("ai21", "api.ai21.com"),
    _host("alibaba", suffixes=(".aliyuncs.com",)),
    _host("arcee", prices="arcee"),
    _host("avian", prices="avian"),
    _host("baseten", prices="baseten"),
    _host("braintrust", "api.braintrust.dev", "www.braintrust.dev", suffixes=(".braintrust.dev",)),
    _host("cerebras", "api.cerebras.ai", prices="cerebras"),
    _host("chutes", "llm.chutes.ai"),
    _host("cloudflare", "api.cloudflare.com", "gateway.ai.cloudflare.com", prices="cloudflare"),
    _host("databricks", suffixes=(".azuredatabricks.net", ".databricks.com"), prices="databricks"),
    _host("deepinfra", "api.deepinfra.com"),
    _host("deepseek", "api.deepseek.com", prices="deepseek", wants_key=True),
    _host("fireworks", "api.fireworks.ai", prices="fireworks", wants_key=True),
    _host("friendli", "api.friendli.ai"),
    _host("gateway", "gateway.pydantic.dev", suffixes=(".gateway.pydantic.dev", ".pydantic.dev")),
    _host("github", "api.githubcopilot.com", "models.github.ai"),
    _host("groq", "api.groq.com", prices="groq", wants_key=True),
    _host("heroku", suffixes=(".heroku.com",)),
    Provider(
        name="huggingface",
        hosts=("huggingface.co",),
        suffixes=(".huggingface.co", ".huggingface.cloud", ".hf.space"),
        other_paths=(
            OtherPath.of("hf.inference", r"^/hf-inference/", anywhere=False, is_billed=True),
            OtherPath.of("hf.", r"", anywhere=False),
        ),
        key_variables=("HF_TOKEN",),
    ),
    _host("hyperbolic", "api.hyperbolic.xyz"),
    _host("inception", "api.inceptionlabs.ai"),
    _host("jina", "api.jina.ai"),
    _host("lambda", "api.lambda.ai"),
    _host("langsmith", "api.smith.langchain.com"),
    _host("llamacpp", is_free=True),
    Provider(name="local", local_ports=(8000,)),  # vLLM's port
    _host("meta", "api.llama.com", prices="meta"),
    _host("minimax", "api.minimax.chat", "api.minimax.io", prices="minimax"),
    _host(
        "moonshot",
        "api.moonshot.ai",
        "api.moonshot.cn",
        suffixes=(".moonshot.ai",),
        prices="moonshotai",
    ),
    _host(
        "nebius",
        "api.studio.nebius.ai",
        "api.studio.nebius.com",
        "api.tokenfactory.nebius.com",
        suffixes=(".nebius.com",),
    ),
    _host("novita", "api.novita.ai", prices="novita"),
    _host("nvidia", suffixes=(".nvidia.com",)),
    _host("oci", suffixes=(".oraclecloud.com",)),
    _host(
        "openrouter", "openrouter.ai", prices="openrouter", wants_key=True, reports_cost=True
    ),  # https://openrouter.ai/docs/use-cases/usage-accounting
    _host("ovhcloud", suffixes=(".cloud.ovh.net",), prices="ovhcloud"),
    Provider(
        name="perplexity",
        hosts=("api.perplexity.ai",),
        other_paths=(
            OtherPath.of("perplexity.search", r"^/search$", anywhere=False, is_billed=True),
        ),
        price_list="perplexity",
        reports_cost=True,
    ),
    _host("portkey", "api.portkey.ai", suffixes=(".portkey.ai",)),
    Provider(
        name="replicate",
        hosts=("api.replicate.com",),
        other_paths=(
            OtherPath.of("replicate.predictions", r"/predictions", anywhere=False, is_billed=True),
        ),
    ),
    _host("requesty", "router.requesty.ai"),
    _host("sambanova", "api.sambanova.ai"),
    _host("scaleway", "api.scaleway.ai"),
    _host("snowflake", suffixes=(".snowflakecomputing.com",)),
    _host("tgi", is_free=True),
    _host("together", "api.together.ai", "api.together.xyz", prices="together", wants_key=True),
    _host("upstage", "api.upstage.ai"),
    _host("vercel", "ai-gateway.vercel.sh", reports_cost=True),
    _host("vllm", is_free=True),
    _host("volcengine", suffixes=(".volces.com",)),
    _host("voyage", "ai.mongodb.com", "api.voyageai.com", prices="voyageai"),
    _host("watsonx", suffixes=(".cloud.ibm.com",)),
    _host("writer", "api.writer.com"),
    _host(
        "xai",
        "api.x.ai",
        suffixes=(".api.x.ai",),
        prices="x-ai",
        wants_key=True,
        reports_cost=True,
    ),
    _host("zai", "api.z.ai", "open.bigmodel.cn", prices="zai"),
)
