"""What the suites inside call with: the application, which knows nothing of us."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

ASKING = """
import asyncio

MESSAGES = [{"role": "user", "content": "Hello?"}]


def by_openai(text="Hello?", **more):
    import openai

    messages = [{"role": "user", "content": text}]
    answer = openai.OpenAI().chat.completions.create(model="gpt-5", messages=messages, **more)
    return answer.choices[0].message.content


def by_openai_stream(text="Hello?"):
    import openai

    messages = [{"role": "user", "content": text}]
    asked = {"model": "gpt-5", "messages": messages, "stream": True}
    for chunk in openai.OpenAI().chat.completions.create(**asked):
        if chunk.choices and chunk.choices[0].delta.content:
            yield chunk.choices[0].delta.content


async def by_openai_async(text="Hello?"):
    import openai

    messages = [{"role": "user", "content": text}]
    async with openai.AsyncOpenAI() as client:
        answer = await client.chat.completions.create(model="gpt-5", messages=messages)
    return answer.choices[0].message.content


def by_openai_responses():
    import openai

    return openai.OpenAI().responses.create(model="gpt-5", input="Hello?").output_text


def by_anthropic():
    import anthropic

    asked = {"model": "claude-5", "max_tokens": 9, "messages": MESSAGES}
    return anthropic.Anthropic().messages.create(**asked).content[0].text


def by_anthropic_stream():
    import anthropic

    asked = {"model": "claude-5", "max_tokens": 9, "messages": MESSAGES}
    with anthropic.Anthropic().messages.stream(**asked) as stream:
        return "".join(stream.text_stream)


def by_genai():
    from google import genai

    with genai.Client() as client:
        return client.models.generate_content(model="gemini-3", contents="Hello?").text


async def asking_genai():
    from google import genai

    async with genai.Client().aio as client:
        answer = await client.models.generate_content(model="gemini-3", contents="Hello?")
        return answer.text


def by_genai_async():
    return asyncio.run(asking_genai())


def by_boto3():
    import boto3

    messages = [{"role": "user", "content": [{"text": "Hello?"}]}]
    client = boto3.client("bedrock-runtime")
    answer = client.converse(modelId="amazon.nova-pro-v1:0", messages=messages)
    return answer["output"]["message"]["content"][0]["text"]


def by_cohere():
    import cohere

    answer = cohere.ClientV2().chat(model="command-a", messages=MESSAGES)
    return answer.message.content[0].text


def by_mistral():
    import os
    from mistralai.client import Mistral

    with Mistral(api_key=os.environ["MISTRAL_API_KEY"]) as client:
        answer = client.chat.complete(model="mistral-large", messages=MESSAGES)
        return answer.choices[0].message.content


def by_ollama():
    import ollama

    client = ollama.Client(host="https://ollama.com")
    return client.chat(model="llama4", messages=MESSAGES).message.content


def by_requests(url="https://api.openai.com/v1/chat/completions"):
    import requests

    asked = {"model": "gpt-5", "messages": MESSAGES}
    answer = requests.post(url, json=asked, timeout=9)
    return answer.json()["choices"][0]["message"]["content"]


async def asking_aiohttp():
    import aiohttp

    asked = {"model": "gpt-5", "messages": MESSAGES}
    async with aiohttp.ClientSession() as session:
        url = "https://api.openai.com/v1/chat/completions"
        async with session.post(url, json=asked) as answer:
            return (await answer.json())["choices"][0]["message"]["content"]


def by_aiohttp():
    return asyncio.run(asking_aiohttp())


def by_litellm(maker="openai"):
    import litellm

    answer = litellm.completion(model=f"{maker}/unheard-of", messages=MESSAGES)
    return answer.choices[0].message.content


def by_litellm_stream(maker="openai"):
    import litellm

    answer = litellm.completion(model=f"{maker}/unheard-of", messages=MESSAGES, stream=True)
    return "".join(part.choices[0].delta.content or "" for part in answer)


async def asking_litellm(maker):
    import litellm

    answer = await litellm.acompletion(model=f"{maker}/unheard-of", messages=MESSAGES)
    return answer.choices[0].message.content


async def streaming_litellm(maker):
    import litellm

    asked = {"model": f"{maker}/unheard-of", "messages": MESSAGES, "stream": True}
    parts = await litellm.acompletion(**asked)
    return "".join([part.choices[0].delta.content or "" async for part in parts])


def by_litellm_async(maker="openai"):
    return asyncio.run(asking_litellm(maker))


def by_litellm_async_stream(maker="openai"):
    return asyncio.run(streaming_litellm(maker))


def by_litellm_anthropic():
    return by_litellm("anthropic")


def by_litellm_anthropic_stream():
    return by_litellm_stream("anthropic")


def by_litellm_anthropic_async():
    return by_litellm_async("anthropic")


def by_litellm_anthropic_async_stream():
    return by_litellm_async_stream("anthropic")
"""

_WAYS: Final = {
    "by_openai": "openai",
    "by_openai_responses": "openai",
    "by_anthropic": "anthropic",
    "by_anthropic_stream": "anthropic",
    "by_genai": "google.genai",
    "by_genai_async": "google.genai",
    "by_boto3": "boto3",
    "by_cohere": "cohere",
    "by_mistral": "mistralai.client",
    "by_ollama": "ollama",
    "by_requests": "requests",
    "by_aiohttp": "aiohttp",
    "by_litellm": "litellm",
    "by_litellm_stream": "litellm",
    "by_litellm_async": "litellm",
    "by_litellm_async_stream": "litellm",
    "by_litellm_anthropic": "litellm",
    "by_litellm_anthropic_stream": "litellm",
    "by_litellm_anthropic_async": "litellm",
    "by_litellm_anthropic_async_stream": "litellm",
}


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


#: The ways of calling, of which what they need is installed.
POSSIBLE: Final = [way for way, needed in _WAYS.items() if _is_there(needed)]
