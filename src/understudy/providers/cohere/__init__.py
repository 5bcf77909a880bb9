"""Cohere."""

from __future__ import annotations

from typing import Final

from ...wire import Needed, OtherPath, Provider
from ._prompts import read_v1, read_v2
from ._read_v1 import CohereChatV1, CohereGenerateV1, read_cohere_usage
from ._read_v2 import CohereChatV2, CohereEmbed, CohereRerank, Rerank

__all__ = [
    "COHERE",
    "CohereChatV1",
    "CohereChatV2",
    "CohereEmbed",
    "CohereGenerateV1",
    "CohereRerank",
    "Rerank",
    "read_cohere_usage",
]

COHERE: Final = Provider(
    name="cohere",
    hosts=("api.cohere.ai", "api.cohere.com"),
    suffixes=(".cohere.ai", ".cohere.com"),
    other_paths=(
        OtherPath.of(
            "cohere.{method}.{version}",
            r"/(?P<version>v\d)/(?P<method>chat|generate|embed|rerank|classify|summarize)$",
            anywhere=False,
        ),
        OtherPath.of("rerank", r"/rerank"),
    ),
    needs=(Needed.key("CO_API_KEY"), Needed.key("COHERE_API_KEY")),
    key_variables=("CO_API_KEY",),
    price_list="cohere",
    apis=(
        CohereChatV1(),
        CohereChatV2(),
        CohereGenerateV1(),
        CohereEmbed("v1"),
        CohereEmbed("v2"),
        CohereRerank("v1"),
        CohereRerank("v2"),
        Rerank(),
    ),
    prompts={"cohere.chat.v1": read_v1, "cohere.chat.v2": read_v2},
    writers="understudy.providers.cohere.writers",
)
