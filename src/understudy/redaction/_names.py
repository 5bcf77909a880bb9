"""Names under which secrets stand: of headers, JSON keys, form fields, query parameters."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

#: Headers whose value is a secret, names in lower case.
SECRET_HEADERS: Final = (
    "authorization",
    "x-api-key",
    "api-key",
    "x-goog-api-key",
    "ocp-apim-subscription-key",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "x-amz-security-token",
    "x-auth-token",
    "x-access-token",
    "x-goog-iam-authorization-token",
)

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NAMES: Final = frozenset(
    {
        "access_key",
        "access_key_id",
        "access_token",
        "account_key",
        "api_key",
        "api_secret",
        "api_token",
        "apikey",
        "app_secret",
        "assertion",
        "auth_token",
        "authorization",
        "aws_session_token",
        "bearer_token",
        "bot_token",
        "client_assertion",
        "client_secret",
        "connection_string",
        "cookie",
        "cookies",
        "credential",
        "credentials",
        "csrf_token",
        "encryption_key",
        "id_token",
        "jwt",
        "master_key",
        "oauth_token",
        "passphrase",
        "passwd",
        "password",
        "private_key",
        "proxy_authorization",
        "pwd",
        "refresh_token",
        "secret",
        "secret_access_key",
        "secret_key",
        "secret_token",
        "security_token",
        "service_key",
        "session_key",
        "session_token",
        "set_cookie",
        "shared_access_key",
        "signing_key",
        "subscription_key",
        "webhook_secret",
        "x_api_key",
        "xsrf_token",
    }
)
_LONG_NAMES: Final = tuple(
    f"_{name}" for name in _NAMES - {"cookie", "cookies", "assertion", "jwt", "pwd", "secret_token"}
)
_CHOSEN_BY_PEOPLE: Final = ("password", "passwd", "pwd", "passphrase", "secret", "credentials")
#: In a query and a form shorter names are keys too: nothing is counted there.
_PARAMETERS: Final = frozenset(
    {
        "auth",
        "goog_access_id",
        "key",
        "sig",
        "signature",
        "token",
        "x_amz_credential",
        "x_amz_security_token",
        "x_amz_signature",
        "x_goog_credential",
        "x_goog_signature",
    }
)
#: As names of environment variables end; counts and file names are told by their values.
_VARIABLE: Final = re.compile(
    r"(?:^|_)(?:API_?KEY|KEY|SECRET|SECRETS|TOKEN|PASSWORD|PASSWD|PASSPHRASE|PAT|CREDENTIALS?"
    r"|SECRET_?KEY|ACCESS_?KEY(?:_ID)?|PRIVATE_?KEY|CONNECTION_?STRING|JWT|COOKIE)(?:_\d+)?$"
)


@lru_cache(maxsize=1024)
def words_of_name(name: str) -> str:
    """Return a name in snake case, however it was written: `apiKey`, `API-Key`, `api.key`."""
    return _CAMEL.sub("_", name).replace("-", "_").replace(".", "_").lower()


def is_secret_key(name: str) -> bool:
    """Tell whether the text under this JSON key is a secret.

    Never true of token counts, `token_type` and page tokens.
    """
    words = words_of_name(name)
    return words in _NAMES or words.endswith(_LONG_NAMES)


def is_chosen_by_people(name: str) -> bool:
    """Tell whether what stands under this name is often a word of a made-up story.

    Tools that ask for a password get one from the prompt, and send it on: `mellon`.
    """
    return words_of_name(name).endswith(_CHOSEN_BY_PEOPLE)


def is_secret_parameter(name: str) -> bool:
    """Tell whether the value of this parameter of a query or field of a form is a secret."""
    return words_of_name(name) in _PARAMETERS or is_secret_key(name)


def is_secret_variable(name: str) -> bool:
    """Tell whether an environment variable is named like one that holds a secret."""
    return _VARIABLE.search(name.upper()) is not None
