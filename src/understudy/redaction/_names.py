"""What secrets are called."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

#: Headers whose value is a secret, names in lower case.
SECRET_HEADERS: Final = (
    *("authorization", "x-api-key", "api-key", "x-goog-api-key", "ocp-apim-subscription-key"),
    *("proxy-authorization", "cookie", "set-cookie", "x-amz-security-token", "x-auth-token"),
    *("x-access-token", "x-goog-iam-authorization-token", "xi-api-key", "x-subscription-token"),
)

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NAMES: Final = frozenset(
    {
        *("access_key", "access_key_id", "access_token", "account_key", "api_key", "api_secret"),
        *("api_token", "apikey", "app_secret", "assertion", "auth_token", "authorization"),
        *("authorization_token", "github_token", "hapikey", "hf_token", "sas_token"),
        *("aws_session_token", "bearer_token", "bot_token", "client_assertion", "client_secret"),
        *("connection_string", "cookie", "cookies", "credential", "credentials", "csrf_token"),
        *("encryption_key", "id_token", "jwt", "master_key", "oauth_token", "passphrase"),
        *("passwd", "password", "private_key", "proxy_authorization", "pwd", "refresh_token"),
        *("secret", "secret_access_key", "secret_key", "secret_token", "security_token"),
        *("service_key", "session_key", "session_token", "set_cookie", "shared_access_key"),
        *("signing_key", "subscription_key", "webhook_secret", "x_api_key", "xsrf_token"),
    }
)
_LONG_NAMES: Final = tuple(
    f"_{name}" for name in _NAMES - {"cookie", "cookies", "assertion", "jwt", "pwd", "secret_token"}
)
_CHOSEN_BY_PEOPLE: Final = ("password", "passwd", "pwd", "passphrase", "secret", "credentials")
#: Names of keys and of much else: what was drawn is a secret under them, and nothing else.
_MAYBE: Final = frozenset({"token", "authorization_code", "device_token", "user_token"})
#: In a query and a form shorter names are keys too: nothing is counted there.
_PARAMETERS: Final = frozenset(
    {
        *("auth", "goog_access_id", "key", "sig", "signature", "token", "x_amz_credential"),
        *("x_amz_security_token", "x_amz_signature", "x_goog_credential", "x_goog_signature"),
    }
)
_PLACES_IN_A_LIST: Final = (
    *("page_token", "next_token", "continuation_token", "pagination_token", "sync_token"),
    *("cache_key", "primary_key", "partition_key", "sort_key", "idempotency_key", "start_key"),
)
#: What the names of environment variables say; counts and file names are told by their values.
_VARIABLE: Final = re.compile(
    r"(?:^|_)(?:\w*KEY|SECRETS?|TOKEN|PASSWORD|PASSWD|PASS|PWD|PASSPHRASE|PAT|CREDENTIALS?"
    r"|AUTH|AUTHORIZATION|CONNECTION_?STRING|BEARER|JWT|COOKIE)(?:_|$)"
)
_NO_SECRET_HEADERS: Final = ("sec-websocket-", "idempotency-", "x-idempotency-", "x-session-id")
#: What a header is called that holds a secret; and those that never do, drawn as they may be.
_HEADER: Final = re.compile(
    r"auth(?!or\b|ority)|key|token|secret|passw|passphrase|credential|cookie|session|signature|jwt|bearer"
)
_HARMLESS_HEADER: Final = re.compile(
    r"sec-websocket-|idempotency|(?:^|-)ids?$|trace|span|b3|request|correlation|version|date|agent"
    r"|host|length|type|encoding|accept|stainless|timestamp|etag|^if-|^content|baggage|client|sha256"
    r"|origin|referer|language|range|cache|connection|expect|forward|via|target|sdk|title|region"
    r"|model|beta|project|organi[sz]ation"
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


def may_be_secret_key(name: str) -> bool:
    """Tell whether a drawn text under this JSON key is a secret: `token`, no `page_token`."""
    return words_of_name(name) in _MAYBE or is_secret_key(name)


def is_chosen_by_people(name: str) -> bool:
    """Tell whether what stands under this name is often a word of a made-up story.

    Tools that ask for a password get one from the prompt, and send it on: `mellon`.
    """
    return words_of_name(name).endswith(_CHOSEN_BY_PEOPLE)


def is_key(name: str) -> bool:
    """Tell a name under which nothing but a key or a secret stands."""
    return words_of_name(name).endswith(("api_key", "apikey", "access_key", "_secret", "api_token"))


def is_secret_parameter(name: str) -> bool:
    """Tell whether the value of this parameter of a query or field of a form is a secret."""
    return words_of_name(name) in _PARAMETERS or is_secret_key(name)


def may_be_secret_parameter(name: str) -> bool:
    """Tell whether a drawn value of this parameter is a secret: `gateway_key`, no `page_token`."""
    words = words_of_name(name)
    return is_secret_parameter(name) or (
        f"_{words}".endswith(("_key", "_token", "_secret", "_auth", "_signature", "_code"))
        and not words.endswith(_PLACES_IN_A_LIST)
    )


def is_secret_header(name: str) -> bool:
    """Tell whether a header is named like one that holds a secret."""
    lowered = name.lower()
    if lowered in SECRET_HEADERS:
        return True
    return _HEADER.search(lowered) is not None and not lowered.startswith(_NO_SECRET_HEADERS)


def is_harmless_header(name: str) -> bool:
    """Tell whether what a header holds is no secret, however drawn it looks: ids, versions."""
    return _HARMLESS_HEADER.search(name.lower()) is not None


def is_secret_variable(name: str) -> bool:
    """Tell whether an environment variable is named like one that holds a secret."""
    return _VARIABLE.search(name.upper()) is not None
