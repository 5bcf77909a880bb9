"""`/_understudy/`: a test in any language tells its mock what to answer, and what it heard."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qs

from pydantic import BaseModel, ValidationError

from ..errors import UnderstudyError, nearest
from ._control_data import FaultData, ReplyData, RuleData, ScriptData, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..mock import MockedCall, MockLLM, RuleMaker
    from ._answers import MockedTests, PerTest
    from ._wire import Exchange

CONTROL: Final = "/_understudy/"
_MOST_BYTES: Final = 4 << 20
_JSON: Final = "application/json"
_UNKNOWN: Final = "extra_forbidden"
#: How pydantic calls the forms that a value may have.
_FORMS: Final = frozenset({"str", "ReplyData", "JsonValue"})


class _Refused(Exception):  # noqa: N818 - what was told cannot be done
    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers


class _Route(NamedTuple):
    """What a path does: `data` is what is posted to it, None where it is asked."""

    run: Callable[[MockLLM, Any], Any]
    about: str
    data: type[BaseModel] | None = None


class Control:
    """Answers requests below `/_understudy/`, each for one test, which has something `beside`."""

    def __init__(self, tests: MockedTests, *beside: PerTest[Any]) -> None:
        self._tests = tests
        self._beside = beside

    def takes(self, path: str) -> bool:
        """Tell whether a path is one of these."""
        return path.startswith(CONTROL)

    async def handle(self, exchange: Exchange, test: str, path: str) -> None:
        """Do what is asked, or say in JSON why not."""
        try:
            found = await self._done(exchange, test, path.removeprefix(CONTROL))
        except _Refused as refused:
            error = {"error": {"message": str(refused)}}
            await exchange.respond_json(error, refused.status, **refused.headers)
        else:
            await exchange.respond_json(found, cache_control="no-store")

    async def _done(self, exchange: Exchange, test: str, name: str) -> Any:
        if "origin" in exchange.headers:
            raise _Refused(403, "no page in a browser may come here: Origin was sent.")
        if name == "openapi.json":
            _check_verb(exchange, "GET")
            return openapi()
        if name == "reset":
            _check_verb(exchange, "POST")
            await _body(exchange)
            self._tests.forget(test)
            for each in self._beside:
                each.forget(test)
            return {}
        route = _ROUTES.get(name)
        if route is None:
            near = nearest(name, known := [*_ROUTES, "openapi.json", "reset"])
            guess = f" Did you mean {near}?" if near else ""
            msg = f"{CONTROL}{name} is not there.{guess} Known: {', '.join(known)}."
            raise _Refused(404, msg)
        _check_verb(exchange, "GET" if route.data is None else "POST")
        told = exchange if route.data is None else _read(route.data, await _body(exchange))
        try:
            return route.run(self._tests.mock(test), told)
        except UnderstudyError as error:
            raise _Refused(400, str(error)) from None


def openapi() -> dict[str, Any]:
    """Describe the paths in OpenAPI 3.1."""
    schemas: dict[str, Any] = {}
    paths: dict[str, Any] = {
        f"{CONTROL}reset": {"post": _operation("Begin anew, with the rules of the command line.")}
    }
    for name, route in _ROUTES.items():
        operation = _operation(route.about)
        if route.data is not None:
            schema = route.data.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(schema.pop("$defs", {}))
            schemas[route.data.__name__] = schema
            place = {"$ref": f"#/components/schemas/{route.data.__name__}"}
            operation["requestBody"] = {"required": True, "content": {_JSON: {"schema": place}}}
        paths[CONTROL + name] = {"get" if route.data is None else "post": operation}
    return {
        "openapi": "3.1.0",
        "info": {"title": "understudy serve", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _operation(about: str) -> dict[str, Any]:
    test = {"name": "x-understudy-test", "in": "header", "schema": {"type": "string"}}
    return {
        "summary": about,
        "parameters": [test],
        "responses": {
            "200": {"description": "done", "content": {_JSON: {}}},
            "400": {"description": "says what is wrong", "content": {_JSON: {}}},
        },
    }


def _check_verb(exchange: Exchange, verb: str) -> None:
    if exchange.method != verb:
        raise _Refused(405, f"this takes {verb}, not {exchange.method}.", allow=verb)


async def _body(exchange: Exchange) -> bytes:
    kind = exchange.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _JSON:
        raise _Refused(415, f"send {_JSON}, not {kind or 'nothing'}.")
    return await exchange.body(_MOST_BYTES)


def _read(sort: type[BaseModel], body: bytes) -> BaseModel:
    try:
        return sort.model_validate_json(body)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        first = max(errors, key=lambda each: (each["type"] == _UNKNOWN, len(each["loc"])))
        place = ".".join(str(each) for each in first["loc"] if each not in _FORMS)
        said = first["msg"].removeprefix("Value error, ")
        if first["type"] == _UNKNOWN:
            near = nearest(str(first["loc"][-1]), _names(sort))
            said = "unknown key" + (f", did you mean {near}" if near else "")
        raise _Refused(400, f"{place}: {said}." if place else f"{said}.") from None


def _names(sort: type[BaseModel]) -> list[str]:
    models = (sort, Wanted, ReplyData)
    return [field.alias or name for one in models for name, field in one.model_fields.items()]


def _maker(mock: MockLLM, wanted: Wanted) -> RuleMaker:
    given = wanted.given()
    return mock.on(**given) if given else mock


def _add_rule(mock: MockLLM, rule: RuleData) -> dict[str, Any]:
    maker = _maker(mock, rule.on)
    if rule.replies is not None:
        maker.replies([_reply(each) for each in rule.replies])
    elif rule.auto_tools is not None:
        maker.auto_tools(*rule.auto_tools)
    else:
        maker.reply(None if rule.reply is None else _reply(rule.reply), times=rule.times)
    return {}


def _reply(data: str | ReplyData) -> Any:
    from ..mock import MockReply  # noqa: PLC0415 - the door is here with the first mock

    return data if isinstance(data, str) else MockReply(**data.given())


def _add_script(mock: MockLLM, script: ScriptData) -> dict[str, Any]:
    _maker(mock, script.on).script(script.scenario, anew=script.anew)
    return {}


def _add_fault(mock: MockLLM, fault: FaultData) -> dict[str, Any]:
    if "times" in fault.options:
        raise _Refused(400, "options.times: times stands beside options.")
    _maker(mock, fault.on).fail(fault.fault, times=fault.times, **fault.options)
    return {}


def _calls(mock: MockLLM, exchange: Exchange) -> dict[str, Any]:
    last = parse_qs(exchange.scope["query_string"].decode("latin-1")).get("last", [""])[-1]
    if last and not (last.isascii() and last.isdecimal()):
        raise _Refused(400, f"last is {last!r}: give how many calls, a whole number.")
    calls = mock.calls
    return {"calls": [_told(each) for each in calls[len(calls) - int(last or len(calls)) :]]}


def _told(call: MockedCall) -> dict[str, Any]:
    ended = call.ended_at
    return {
        "number": call.call.number,
        "provider": call.provider,
        "wire_api": call.call.wire_api,
        "model": call.model,
        "stream": call.stream,
        "turn": call.turn,
        "messages": [asdict(each) for each in call.messages],
        "tools": [each.name for each in call.tools],
        "text": call.text,
        "tool_calls": [asdict(each) for each in call.tool_calls],
        "usage": None if call.usage is None else asdict(call.usage),
        "status": call.status,
        "fault": call.fault,
        "scenario": call.scenario,
        "profile": call.profile,
        "is_over": ended is not None,
        "duration_ms": None if ended is None else round(1000 * (ended - call.began_at), 3),
    }


def _unmatched(mock: MockLLM, _: Exchange) -> dict[str, Any]:
    return {"unmatched": [str(each) for each in mock.unmatched]}


_ROUTES: Final = {
    "rules": _Route(_add_rule, "Say what answers.", RuleData),
    "scripts": _Route(_add_script, "Let a scenario answer.", ScriptData),
    "faults": _Route(_add_fault, "Let a fault befall calls.", FaultData),
    "calls": _Route(_calls, "The newest calls; with `?last=N` so many of them."),
    "unmatched": _Route(_unmatched, "The calls that nothing answered, and what would have."),
}
