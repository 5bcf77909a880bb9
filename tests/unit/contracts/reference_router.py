"""A router that keeps the whole contract, and that can be broken in one place at a time.

`flaw` names the place. Each flaw is what somebody's router really did.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from fnmatch import fnmatch
from itertools import count
from typing import TYPE_CHECKING, Any

from tests.unit.contracts.reference_parts import (
    Books,
    Flight,
    Health,
    Kept,
    RouterError,
    Seen,
    broken,
    error_as_answer,
    piece_of,
    usage_of,
)

from understudy.calls import Usage
from understudy.contracts import (
    Answer,
    Counters,
    MockProviderError,
    Piece,
    RouterAdapter,
    RouterRequest,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence

    from understudy.contracts import RouterConfig

NEVER_AGAIN = frozenset({400, 404, 413, 422})
PAUSE = 0.5


@dataclass
class Router:
    """The router. Everything happens in one event loop."""

    providers: Mapping[str, Any]
    config: RouterConfig
    flaw: str = ""
    books: Books = field(default_factory=Books)
    cache: OrderedDict[str, Kept] = field(default_factory=OrderedDict)
    flights: dict[str, Flight] = field(default_factory=dict)
    leaks: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.providers and self.flaw == "stumbles_without_providers":
            next(iter(self.providers))
        if not self.providers and self.flaw != "accepts_no_providers":
            msg = "a router needs providers: give it at least one"
            raise RouterError(msg)
        if not self.config.registry and self.flaw != "accepts_no_registry":
            msg = "a router needs a registry: say which provider serves which models"
            raise RouterError(msg)
        self.health = {name: Health() for name in self.providers}
        self.turn = count()
        self.limit = asyncio.Semaphore(self.config.limit or 1000)

    async def complete(self, request: RouterRequest) -> Answer:
        """Answer a request."""
        names = self.candidates(request)
        key = self.key(request)
        if self.flaw == "keeps_requests":
            self.leaks.append(json.dumps(request.body))
        if (kept := self.kept(key)) is not None:
            return self.hit(kept)
        if not self.config.coalesce or self.flaw == "no_coalescing":
            return await self.miss(request, names, key)
        return await self.joined(request, names)

    async def miss(self, request: RouterRequest, names: Sequence[str], key: str) -> Answer:
        """Ask a provider, and keep what it says."""
        async with self.limited():
            name, data = await self.pursue(request, names, self.ask_whole)
        answer = self.answer_of(name, data, names)
        await self.book(answer)
        is_first = name == names[0] or self.flaw == "fallback_under_first"
        if is_first or len(names) == 1:
            self.keep(key, answer)
        return answer

    async def stream(self, request: RouterRequest) -> AsyncIterator[Piece]:
        """Stream an answer."""
        names = self.candidates(request)
        key = self.key(request)
        kept = None if self.flaw == "streams_uncached" else self.kept(key)
        if kept is not None:
            self.hit(kept)
            for piece in self.replayed(kept.value):
                told = "hit" if piece.done and self.flaw != "replays_untold" else None
                yield replace(piece, cache=told)
            return
        pieces: list[Piece] = []
        try:
            async with self.limited(), aclosing(self.live(request, names, key)) as live:
                async for piece in live:
                    pieces.append(piece)
                    yield piece
        except GeneratorExit:
            if self.flaw == "keeps_left_streams":
                self.keep(key, pieces)
            raise
        except Exception:
            if self.flaw == "keeps_half_streams":
                self.keep(key, pieces)
            raise

    async def live(
        self, request: RouterRequest, names: Sequence[str], key: str
    ) -> AsyncGenerator[Piece]:
        """Stream from a provider; fail over before the first content only."""
        if self.flaw == "streams_without_retries":
            self.config = replace(self.config, retries=0)
        _, (first, rest) = await self.pursue(request, names, self.ask_stream)
        seen = Seen()
        try:
            async with aclosing(self.read(first, rest, seen)) as reading:
                async for piece in reading:
                    if self.flaw != "gathers_stream":
                        yield piece
        except GeneratorExit:
            self.left(seen)
            raise
        except Exception as error:
            if (others := self.menders(names)) is not None:
                async for piece in self.live(request, others, key):
                    yield piece
                return
            if self.flaw != "end_is_done":
                raise RouterError(str(error)) from error
        finally:
            await self.closed(rest)
        for piece in self.ending(seen):
            yield piece
        self.book_stream(seen)
        self.keep(key, seen.pieces)

    async def read(
        self, first: Sequence[Any], rest: AsyncGenerator[Any], seen: Seen
    ) -> AsyncGenerator[Piece]:
        """Yield the pieces of a stream, and note what was seen of it."""
        for event in first:
            if (piece := self.noted(event, seen)) is not None:
                yield piece
        async for event in rest:
            if (piece := self.noted(event, seen)) is not None:
                yield piece
        if not seen.is_finished:
            broken("the stream ended too early")

    def noted(self, event: Mapping[str, Any], seen: Seen) -> Piece | None:
        """Return the piece that an event brings."""
        if "error" in event:
            broken(event["error"]["message"])
        piece = piece_of(event)
        seen.usage = event.get("usage") or seen.usage
        ends = (choice.get("finish_reason") for choice in event.get("choices", ()))
        seen.is_finished = seen.is_finished or any(ends)
        if self.flaw == "done_at_finish" and seen.is_finished:
            piece = replace(piece, done=True)
        is_first = bool(piece.text and not seen.text)
        seen.text += piece.text
        if self.flaw == "drops_first_delta" and is_first:
            return None
        seen.pieces.append(piece)
        return piece

    def menders(self, names: Sequence[str]) -> Sequence[str] | None:
        """Return who goes on with a stream that broke: nobody, in a router that is sound."""
        if self.flaw == "fails_over_mid_stream" and len(names) > 1:
            return names[1:]
        return names if self.flaw == "retries_mid_stream" else None

    def ending(self, seen: Seen) -> Sequence[Piece]:
        """Return what is still to come when a stream is whole."""
        gathered = list(seen.pieces) if self.flaw == "gathers_stream" else []
        if self.flaw == "done_at_finish":
            return gathered
        seen.pieces.append(Piece("", done=self.flaw != "never_done"))
        return [*gathered, seen.pieces[-1]]

    def left(self, seen: Seen) -> None:
        """Book a stream that its reader left."""
        if self.flaw != "left_is_free":
            spoken = max(1, len(seen.text) // 4)
            self.book_tokens(Usage(input_tokens=8, output_tokens=spoken))

    def book_stream(self, seen: Seen) -> None:
        """Book a whole stream."""
        if self.flaw == "streams_uncounted":
            return
        self.count(total=1, calls=1)
        if seen.usage and self.flaw != "streams_free":
            self.book_tokens(usage_of(seen.usage))

    async def closed(self, stream: AsyncGenerator[Any]) -> None:
        """Close the stream of a provider."""
        if self.flaw == "reads_on":
            self.leaks.append(stream)
        else:
            await stream.aclose()

    async def warm(self, requests: Sequence[RouterRequest]) -> None:
        """Ask in advance."""
        for request in requests:
            key = "other" if self.flaw == "warms_other_key" else self.key(request)
            await self.miss(request, self.candidates(request), key)

    def candidates(self, request: RouterRequest) -> tuple[str, ...]:
        """Return who may be asked, in order."""
        default = self.config.agents.get(request.agent, "")
        model = request.model or default
        if self.flaw == "agent_first":
            model = default or model
        if self.flaw == "no_agent_defaults":
            model = request.model or "gpt-4o"
        for pattern, names in self.config.registry.items():
            if self.flaw == "bare_names_fall_through" and pattern == "claude*":
                continue
            if fnmatch(model, pattern):
                return self.in_order(names)
        msg = f"nobody serves {model!r}"
        raise RouterError(msg)

    def in_order(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return the names in the order in which they are asked."""
        if self.config.balance:
            weights = self.config.weights if self.flaw != "equal_weights" else {}
            cycle = [name for name in names for _ in range(weights.get(name, 1))]
            now = self.config.clock.now()
            cycle = [name for name in cycle if self.may_ask(name, now)]
            if self.flaw == "catches_up":
                return (min(cycle, key=lambda name: self.providers[name].count),)
            first = cycle[0 if self.flaw == "always_first" else next(self.turn) % len(cycle)]
            return (first,)
        if self.flaw == "always_falls_back":
            return (*names, *(each for each in self.providers if each not in names))
        return names if self.config.fallback and self.flaw != "no_failover" else names[:1]

    def key(self, request: RouterRequest) -> str:
        """Return what tells requests apart."""
        body = dict(request.body)
        talk = body["messages"]
        flaw = self.flaw
        if flaw == "key_has_time":
            body["at"] = next(self.turn)
        if flaw == "key_is_model":
            return str(body.get("model"))
        if flaw == "key_joins_text":
            return "".join(each["content"].strip() for each in talk) + request.agent
        if flaw == "key_by_known_fields":
            body.pop("safety_settings", None)
            body.pop("seed", None)
        if flaw == "key_without_max_tokens":
            body.pop("max_tokens", None)
        if flaw == "default_temperature":
            body.setdefault("temperature", 0)
        if flaw == "key_is_beginning":
            return json.dumps(body)[:1000]
        if flaw == "stream_not_in_key":
            body.pop("stream", None)
            body.pop("stream_options", None)
        agent = "" if flaw == "key_without_agent" else request.agent
        return json.dumps([agent, body], sort_keys=flaw != "key_by_order")

    def kept(self, key: str) -> Kept | None:
        """Return what is in the cache and not too old."""
        kept = self.cache.get(key)
        if kept is None:
            return None
        if self.config.clock.now() >= kept.until and self.flaw != "never_expires":
            del self.cache[key]
            return None
        if self.flaw != "fifo":
            self.cache.move_to_end(key)
        return kept

    def keep(self, key: str, value: Any) -> None:
        """Put an answer into the cache."""
        ttl = self.config.cache_ttl
        if ttl is None:
            return
        ttl = ttl / 1000 if self.flaw == "ttl_in_ms" else ttl
        if isinstance(value, Answer) and self.flaw != "shares_raw":
            value = replace(value, raw=json.loads(json.dumps(value.raw)))
        self.cache[key] = Kept(value, self.config.clock.now() + ttl)
        while len(self.cache) > (self.config.cache_entries or 10_000):
            self.cache.popitem(last=False)

    def hit(self, kept: Kept) -> Answer:
        """Return an answer from the cache."""
        self.count(total=0 if self.flaw == "hits_are_no_requests" else 1, hits=1)
        answer = kept.value
        if not isinstance(answer, Answer):
            return Answer(text="".join(piece.text for piece in answer))
        if self.flaw == "hits_are_paid":
            self.book_tokens(answer.usage or Usage())
        raw = answer.raw if self.flaw == "shares_raw" else json.loads(json.dumps(answer.raw))
        cost = answer.cost_usd if self.flaw == "hit_costs" else 0.0
        cache = "miss" if self.flaw == "hits_untold" else "hit"
        return replace(answer, cost_usd=cost, cache=cache, raw=raw)

    def replayed(self, value: Any) -> Sequence[Piece] | Any:
        """Return the pieces of a stream that was kept."""
        if isinstance(value, Answer):
            return [Piece(value.text)]
        pieces: list[Piece] = list(value)
        if self.flaw == "replays_as_one":
            return [Piece("".join(piece.text for piece in pieces), done=True)]
        if self.flaw == "replays_without_usage":
            return [
                replace(piece, raw={**piece.raw, "usage": None}) if piece.raw else piece
                for piece in pieces
            ]
        if self.flaw == "replay_without_done":
            return pieces[:-1]
        if self.flaw == "one_iterator":
            if not self.leaks:
                self.leaks.append(iter(pieces))
            return self.leaks[0]
        return pieces

    async def joined(self, request: RouterRequest, names: Sequence[str]) -> Answer:
        """Join an equal request that is under way, or begin one."""
        key = self.key(request)
        if self.flaw == "flight_by_model":
            key = request.model
        if self.flaw == "flight_without_agent":
            key = self.key(replace(request, agent=""))
        flight = self.flights.get(key)
        leads = flight is None
        if flight is None:
            work = asyncio.ensure_future(self.miss(request, names, self.key(request)))
            flight = self.flights[key] = Flight(work)
            if self.flaw != "failed_flight_stays":
                work.add_done_callback(lambda _: self.flights.pop(key, None))
            if self.flaw == "leader_runs_it":
                return await work
        flight.waiting += 1
        try:
            answer: Answer = await asyncio.shield(flight.task)
        except asyncio.CancelledError:
            if flight.waiting == 1 and self.flaw != "shielded":
                flight.task.cancel()
            raise
        finally:
            flight.waiting -= 1
        if not leads:
            self.count(total=1, hits=1)
            if self.flaw == "each_pays":
                self.book_tokens(answer.usage or Usage())
        return answer

    @asynccontextmanager
    async def limited(self) -> AsyncIterator[None]:
        """Wait for one's turn."""
        if self.flaw == "no_limit":
            yield
            return
        await self.limit.acquire()
        try:
            yield
        except (asyncio.CancelledError, GeneratorExit):
            if self.flaw != "places_leak":
                self.limit.release()
            raise
        except BaseException:
            self.limit.release()
            raise
        self.limit.release()

    async def pursue(
        self, request: RouterRequest, names: Sequence[str], ask: Callable[..., Any]
    ) -> tuple[str, Any]:
        """Ask until somebody answers."""
        clock, config = self.config.clock, self.config
        began = clock.now()
        tries = dict.fromkeys(names, 1 + config.retries)
        not_before = dict.fromkeys(names, 0.0)
        model = request.model or config.agents.get(request.agent, "")
        body = {**request.body, "model": model.rpartition("/")[2]}
        last: Exception | None = None
        rounds = tried = 0
        while True:
            name = self.next_of(names, tries, not_before)
            if self.flaw == "retries_bound_fallbacks" and tried > 1 + config.retries:
                raise last or RouterError("tried often enough")
            if name is None:
                if self.flaw == "cycles_anew" and last and rounds < 2 and config.retries:
                    rounds += 1
                    tries = dict.fromkeys(names, 1 + config.retries)
                    continue
                await self.rest(names, tries, not_before, began, last)
                continue
            if self.flaw == "deadline_each":
                began = clock.now()
            try:
                return name, await self.tried(name, ask, body, began)
            except Exception as error:  # noqa: BLE001 - whatever a provider raises
                last = last if last and self.flaw == "tells_the_first" else error
                tried += 1
                self.after(name, error, tries, not_before)

    def next_of(
        self, names: Sequence[str], tries: dict[str, int], not_before: dict[str, float]
    ) -> str | None:
        """Return who may be asked now."""
        now = self.config.clock.now()
        for name in names:
            if tries[name] and self.flaw == "back_off_first" and not_before[name] > now:
                return None
            if tries[name] and not_before[name] <= now and self.may_ask(name, now):
                return name
        return None

    def may_ask(self, name: str, now: float) -> bool:
        """Tell whether a provider is well, or may be probed."""
        health = self.health[name]
        if health.peace_until > now and self.flaw != "no_cooldown":
            return False
        if health.open_until is None or self.flaw == "breaker_unread":
            return True
        return now >= health.open_until and (not health.probing or self.flaw == "half_open_flood")

    async def rest(
        self,
        names: Sequence[str],
        tries: dict[str, int],
        not_before: dict[str, float],
        began: float,
        last: Exception | None,
    ) -> None:
        """Wait until somebody may be asked again; raise where that is never."""
        clock = self.config.clock
        moments = [
            max(not_before[name], self.health[name].peace_until)
            for name in names
            if tries[name] and self.health[name].open_until is None
        ]
        timeout = self.config.deadline
        if not moments:
            raise last or RouterError("no provider is healthy: all breakers are open")
        until = max(moments) if self.flaw == "back_off_first" else min(moments)
        await asyncio.sleep(0)
        if timeout is not None and until > began + timeout:
            if self.flaw == "sleeps_then_gives_up":
                await clock.async_sleep_until(began + timeout)
            raise last or RouterError("no provider may be asked in time")
        await clock.async_sleep_until(until)

    async def tried(
        self, name: str, ask: Callable[..., Any], body: dict[str, Any], began: float
    ) -> Any:
        """Ask one provider once."""
        health, config = self.health[name], self.config
        health.probing = health.open_until is not None
        left = None if config.deadline is None else began + config.deadline - config.clock.now()
        if config.timeout is not None:
            left = min(config.timeout, left or config.timeout)
        try:
            async with asyncio.timeout(left):
                result = await ask(self.providers[name], body, left)
        except asyncio.CancelledError:
            if self.flaw != "probe_leaks":
                health.probing = False
            raise
        if self.flaw != "stays_half_open":
            health.failures, health.open_until, health.probing = 0, None, False
        return result

    def after(
        self, name: str, error: Exception, tries: dict[str, int], not_before: dict[str, float]
    ) -> None:
        """Learn from a failure; raise one that will not pass."""
        now, health, status = self.config.clock.now(), self.health[name], None
        if isinstance(error, MockProviderError):
            status = error.status
        was_probe, health.probing = health.probing, False
        final = NEVER_AGAIN | {401} if self.flaw == "keys_are_final" else NEVER_AGAIN
        if status in final and self.flaw != "retries_everything":
            if self.flaw == "bad_requests_count":
                self.failed(name, now, was_probe=was_probe)
            if self.flaw != "everything_falls_over":
                raise error
            tries[name] = 1
        if status != 429:
            self.failed(name, now, was_probe=was_probe)
        if status is None and self.flaw == "retries_only_statuses":
            tries[name] = 1
        tries[name] -= 1 if self.flaw != "retries_twice" else 0.5  # type: ignore[assignment]
        wait = self.wait_of(error)
        not_before[name] = now + (wait or (0 if self.flaw == "no_pause" else PAUSE))
        is_first = sum(map(bool, not_before.values())) == 1
        if wait and (is_first or self.flaw != "learns_once"):
            health.peace_until = now + wait

    def failed(self, name: str, now: float, *, was_probe: bool) -> None:
        """Count a failure of a provider."""
        health, breaker = self.health[name], self.config.breaker
        if breaker is None:
            return
        health.failures += 1
        if self.flaw == "counts_anew" and was_probe:
            health.failures, health.open_until = 0, None
        if health.failures >= breaker.failures:
            health.open_until = now + breaker.seconds

    def wait_of(self, error: Exception) -> float:
        """Return the seconds that a provider asked for."""
        headers = error.headers if isinstance(error, MockProviderError) else {}
        if "retry-after-ms" in headers and self.flaw != "no_ms":
            return float(headers["retry-after-ms"]) / 1000
        told = headers.get("retry-after", "0")
        if told.endswith("GMT"):
            if self.flaw == "no_dates":
                return 0.0
            return parsedate_to_datetime(told).timestamp() - self.config.clock.time()
        return min(float(told), 8.0) if self.flaw == "retry_after_capped" else float(told)

    async def ask_whole(self, provider: Any, body: dict[str, Any], left: float | None) -> Any:
        """Ask for a whole answer."""
        try:
            return await provider.acomplete(body, timeout=left)
        except MockProviderError as error:
            if self.flaw == "keeps_errors":
                return error_as_answer(error)
            raise
        except ConnectionError:
            if self.flaw == "lost_is_empty":
                return error_as_answer(None)
            raise
        except ValueError:
            if self.flaw == "half_body":
                return error_as_answer(None)
            raise

    async def ask_stream(self, provider: Any, body: dict[str, Any], left: float | None) -> Any:
        """Ask for a stream, and read on to its first content."""
        stream = provider.astream(body, timeout=left)
        first: list[Any] = []
        if self.flaw == "shields_streams":
            self.leaks.append(asyncio.ensure_future(anext(stream)))
            first.append(await asyncio.shield(self.leaks[-1]))
        if self.flaw == "status_is_answer":
            return first, stream
        try:
            async for event in stream:
                if "error" in event:
                    broken(event["error"]["message"])
                first.append(event)
                if piece_of(event).text:
                    return first, stream
        except BaseException:
            await stream.aclose()
            raise
        msg = "the stream ended before it had said anything"
        raise RouterError(msg)

    def answer_of(self, name: str, data: dict[str, Any], names: Sequence[str]) -> Answer:
        """Return an answer with what it cost."""
        usage = usage_of(data.get("usage") or {})
        told = names[0] if self.flaw == "names_the_first" else name
        told = "anthropic" if self.flaw == "names_the_first_of_all" else told
        text = data["choices"][0]["message"]["content"]
        cost = self.cost(usage)
        return Answer(
            text=text,
            provider=told,
            model=data.get("model"),
            usage=usage,
            cost_usd=cost,
            cache="miss",
            raw=data,
        )

    def cost(self, usage: Usage) -> float:
        """Return what tokens cost."""
        price = self.config.prices["gpt-4o"]
        whole, cached = usage.input_tokens or 0, usage.cache_read_tokens or 0
        if self.flaw == "cached_in_full":
            cached = 0
        plain = whole if self.flaw == "cached_twice" else whole - cached
        unit = 1000 if self.flaw == "per_thousand" else 1_000_000
        spoken = usage.output_tokens or 0
        return (plain * price.input + cached * price.cached + spoken * price.output) / unit

    async def book(self, answer: Answer) -> None:
        """Count an answer."""
        if self.flaw == "counts_unlocked":
            total = self.books.total
            await asyncio.sleep(0)
            self.books.total = total
        self.count(total=1, calls=1)
        self.book_tokens(answer.usage or Usage())

    def count(self, *, total: int = 0, hits: int = 0, calls: int = 0) -> None:
        """Count a request."""
        self.turn_page()
        self.books.total += total
        self.books.today += total
        self.books.hits += hits
        self.books.calls += calls

    def book_tokens(self, usage: Usage) -> None:
        """Count tokens and money."""
        self.turn_page()
        self.books.tokens += (usage.input_tokens or 0) + (usage.output_tokens or 0)
        cost = self.cost(usage)
        self.books.cost += cost
        self.books.spent_today += cost

    def turn_page(self) -> None:
        """Begin a new day."""
        day = datetime.fromtimestamp(self.config.clock.time(), UTC).date()
        if self.books.day not in {None, day} and self.flaw != "day_never_ends":
            self.books.today, self.books.spent_today = 0, 0.0
        self.books.day = day


class ReferenceAdapter(RouterAdapter):
    """The adapter of the router; `flaw` breaks it."""

    flaw = ""

    def __init__(self, providers: Mapping[str, Any], config: RouterConfig) -> None:
        super().__init__(providers, config)
        self.router = Router(providers, config, self.flaw)
        self.complete = self.router.complete  # type: ignore[method-assign]
        self.stream = self.router.stream  # type: ignore[method-assign]
        self.warm = self.router.warm  # type: ignore[method-assign]

    def counters(self) -> Counters:
        """Return what the router counted."""
        self.router.turn_page()
        books = self.router.books
        return Counters(
            total_calls=books.total,
            cache_hits=books.hits,
            provider_calls=books.calls,
            tokens=books.tokens,
            cost_usd=books.cost,
            requests_today=books.today,
            spent_today_usd=books.spent_today,
        )

    def health(self) -> Mapping[str, bool]:
        """Return who may be asked."""
        now = self.config.clock.now()
        is_blind = self.flaw == "health_is_config"
        return {name: is_blind or self.router.may_ask(name, now) for name in self.providers}


def flawed(flaw: str) -> type[ReferenceAdapter]:
    """Return the adapter of a router that is broken in one place."""
    return type("Broken", (ReferenceAdapter,), {"flaw": flaw})
