"""Secrets: taken out before anything is written, and looked for in what was."""

from ._bodies import without_split_secrets
from ._headers import OTHER_HEADER, REQUEST_HEADERS, RESPONSE_HEADERS, kind_of_header
from ._redactor import SecretsRedactor, plain_body
from ._rules import RedactionRules, read_redaction
from ._scan import FoundSecret, SecretScan, SecretsFoundError, scan
from ._scrub import Scrubbed, scrub

__all__ = [
    "OTHER_HEADER",
    "REQUEST_HEADERS",
    "RESPONSE_HEADERS",
    "FoundSecret",
    "RedactionRules",
    "Scrubbed",
    "SecretScan",
    "SecretsFoundError",
    "SecretsRedactor",
    "kind_of_header",
    "plain_body",
    "read_redaction",
    "scan",
    "scrub",
    "without_split_secrets",
]
