"""Lifecycle events out of libraries that know the steps of an operation themselves.

A module for each: `stamina`, `tenacity`, `langchain`, `openai_agents`, `litellm`, `instructor`. Its
`install()` returns what undoes it; none imports a library before that, and none reads a prompt.
"""
