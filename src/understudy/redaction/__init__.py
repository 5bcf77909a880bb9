"""Secrets in texts: what they look like, what they are called, and what stands in their place."""

from ._names import (
    KNOWN_VALUE,
    SECRET_HEADERS,
    is_chosen_by_people,
    is_secret_key,
    is_secret_parameter,
    is_secret_variable,
    looks_real,
    secret_values,
    values_in,
    words_of_name,
)
from ._shapes import KEY_SHAPES, TOLD_BY_CONTEXT, KeyShape, keys_in, redacted
from ._spans import REDACTED, Span, merged, without_spans

__all__ = [
    "KEY_SHAPES",
    "KNOWN_VALUE",
    "REDACTED",
    "SECRET_HEADERS",
    "TOLD_BY_CONTEXT",
    "KeyShape",
    "Span",
    "is_chosen_by_people",
    "is_secret_key",
    "is_secret_parameter",
    "is_secret_variable",
    "keys_in",
    "looks_real",
    "merged",
    "redacted",
    "secret_values",
    "values_in",
    "without_spans",
    "words_of_name",
]
