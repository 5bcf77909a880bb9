"""Secrets in texts: what they look like, what they are called, and what stands in their place."""

from ._carried import carried_secrets, redacted
from ._known_keys import KEY_SHAPES
from ._names import (
    SECRET_HEADERS,
    is_chosen_by_people,
    is_key,
    is_secret_header,
    is_secret_key,
    is_secret_parameter,
    is_secret_variable,
    may_be_secret_key,
    may_be_secret_parameter,
    words_of_name,
)
from ._shapes import (
    TOLD_BY_CONTEXT,
    keys_in,
    looks_real,
    may_hold_keys,
    secret_values,
    without_keys,
)
from ._spans import REDACTED, KeyShape, Span, merged, without_spans
from ._values import KNOWN_VALUE, is_no_word, is_passphrase, looks_random, may_be_real, values_in

__all__ = [
    "KEY_SHAPES",
    "KNOWN_VALUE",
    "REDACTED",
    "SECRET_HEADERS",
    "TOLD_BY_CONTEXT",
    "KeyShape",
    "Span",
    "carried_secrets",
    "is_chosen_by_people",
    "is_key",
    "is_no_word",
    "is_passphrase",
    "is_secret_header",
    "is_secret_key",
    "is_secret_parameter",
    "is_secret_variable",
    "keys_in",
    "looks_random",
    "looks_real",
    "may_be_real",
    "may_be_secret_key",
    "may_be_secret_parameter",
    "may_hold_keys",
    "merged",
    "redacted",
    "secret_values",
    "values_in",
    "without_keys",
    "without_spans",
    "words_of_name",
]
