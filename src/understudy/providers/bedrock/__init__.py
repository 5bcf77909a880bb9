"""Amazon Bedrock: its own API, and one way to the models of many. And SageMaker, which has none."""

from __future__ import annotations

from typing import Final

from ...wire import Needed, OtherPath, Provider
from ._prompts import read_converse
from ._read_converse import BedrockConverse, read_bedrock_usage
from ._read_invoke import BedrockInvoke

__all__ = ["BEDROCK", "SAGEMAKER", "BedrockConverse", "BedrockInvoke", "read_bedrock_usage"]

_SUFFIXES = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")
_DUMMY = "understudy-dummy"

BEDROCK: Final = Provider(
    name="bedrock",
    suffixes=_SUFFIXES,
    host_word="bedrock",
    other_paths=(
        OtherPath.of("bedrock.converse", r"/model/.+/converse"),
        OtherPath.of("bedrock.invoke", r"/model/.+/invoke"),
        OtherPath.of(
            "bedrock.agent",
            r"^/(?:agents|knowledgebases|retrieveAndGenerate|flows)",
            anywhere=False,
        ),
        OtherPath.of("bedrock.other", r"", anywhere=False),
    ),
    needs=(
        Needed(
            names=(
                "AWS_ACCESS_KEY_ID",
                "AWS_BEARER_TOKEN_BEDROCK",
                "AWS_PROFILE",
                "AWS_ROLE_ARN",
                "AWS_SECRET_ACCESS_KEY",
            ),
            dummies=(("AWS_ACCESS_KEY_ID", _DUMMY), ("AWS_SECRET_ACCESS_KEY", _DUMMY)),
        ),
        Needed(
            names=("AWS_DEFAULT_REGION", "AWS_REGION"),
            dummies=(("AWS_DEFAULT_REGION", "us-east-1"),),
        ),
    ),
    is_signed=True,
    price_list="aws",
    apis=(BedrockConverse(), BedrockInvoke()),
    prompts={"bedrock.converse": read_converse},
    writers="understudy.providers.bedrock.writers",
)
SAGEMAKER: Final = Provider(
    name="sagemaker",
    suffixes=_SUFFIXES,
    host_word="sagemaker",
    other_paths=(OtherPath.of("sagemaker.invoke", r"", anywhere=False),),
    is_signed=True,
)
