"""What secrets are called, and what their values look like."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from ._spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Headers whose value is a secret, names in lower case.
SECRET_HEADERS: Final = (
    *("authorization", "x-api-key", "api-key", "x-goog-api-key", "ocp-apim-subscription-key"),
    *("proxy-authorization", "cookie", "set-cookie", "x-amz-security-token", "x-auth-token"),
    *("x-access-token", "x-goog-iam-authorization-token"),
)

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NAMES: Final = frozenset(
    {
        *("access_key", "access_key_id", "access_token", "account_key", "api_key", "api_secret"),
        *("api_token", "apikey", "app_secret", "assertion", "auth_token", "authorization"),
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
#: In a query and a form shorter names are keys too: nothing is counted there.
_PARAMETERS: Final = frozenset(
    {
        *("auth", "goog_access_id", "key", "sig", "signature", "token", "x_amz_credential"),
        *("x_amz_security_token", "x_amz_signature", "x_goog_credential", "x_goog_signature"),
    }
)
#: As names of environment variables end; counts and file names are told by their values.
_VARIABLE: Final = re.compile(
    r"(?:^|_)(?:API_?KEY|KEY|SECRET|SECRETS|TOKEN|PASSWORD|PASSWD|PASSPHRASE|PAT|CREDENTIALS?"
    r"|SECRET_?KEY|ACCESS_?KEY(?:_ID)?|PRIVATE_?KEY|CONNECTION_?STRING|JWT|COOKIE)(?:_\d+)?$"
)
#: The kind of a secret that is known by its value.
KNOWN_VALUE: Final = "value of a secret in use"
#: A shorter word may stand in any text by chance.
_SHORTEST: Final = 8
_LONG: Final = 20
#: What is left of a real key without the words of stand-ins (`your-api-key`, `test-token-1`).
_LEAST_OWN: Final = 6
_WORDS_OF_STAND_INS: Final = re.compile(
    r"tests?|testing|dummy|fake|example|placeholder|change|redacted|filtered|your|mock|sample|secret"
    r"|api|key|token|password|credentials?|understudy|unused|invalid|none|null|undefined|value|here"
    r"|openai|anthropic|azure|google|gemini|not|real|my|the|sk|me|x{3,}|\*+|[^a-z0-9]+",
    re.IGNORECASE,
)
_PLACE: Final = re.compile(r"^(?:[~./]|[A-Za-z]:\\)|://")


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


def looks_real(value: str) -> bool:
    """Tell whether a value may be a secret: no word, no stand-in, no path, no number."""
    if len(value) < _SHORTEST or any(letter.isspace() for letter in value):
        return False
    if _PLACE.search(value) or len(_WORDS_OF_STAND_INS.sub("", value)) < _LEAST_OWN:
        return False
    has_letter = any(letter.isalpha() for letter in value)
    return has_letter and (len(value) >= _LONG or any(letter.isdigit() for letter in value))


def secret_values(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the secrets that an environment holds, each with the name of its variable."""
    return {
        value.strip(): name
        for name, value in environment.items()
        if is_secret_variable(name) and looks_real(value.strip())
    }


def values_in(text: str, values: Iterable[str]) -> list[Span]:
    """Return where `values` stand in `text`, as they are and as a URL quotes them."""
    return [
        Span(match.start(), match.end(), KNOWN_VALUE)
        for value in values
        for form in _forms(value)
        if form in text
        for match in re.finditer(re.escape(form), text)
    ]


@lru_cache(maxsize=256)
def _forms(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((value, quote(value, safe=""))))
