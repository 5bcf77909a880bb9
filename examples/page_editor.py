"""An application that lets a model edit pages, line by line, and tells what it does.

Its whole path: a model or its understudy, a tracker, lines that stream, the first content,
accepted and rejected lines, the end. Around it stands an operation: an edit that fails its check
is asked for once more, then another provider is asked.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from anthropic import Anthropic
from openai import OpenAI

from understudy import LLMCallTracker, lifecycle

if TYPE_CHECKING:
    from collections.abc import Iterator

PROMPT: Final = "Edit the page. Answer with one JSON object a line: op, target and value."
UNKNOWN: Final = "unknown_op"
KNOWN: Final = frozenset({"edit.begin", "edit.end", "card.add", "row.update", "text.set"})


class Model(Protocol):
    """A real model, which is told a wish; or MockLLM, which plays the scenario of that name."""

    def stream_sync(self, wish: str, /) -> Iterator[str]: ...


class Claude:
    def stream_sync(self, wish: str, /) -> Iterator[str]:
        with (
            Anthropic() as client,
            client.messages.stream(
                model="claude-sonnet-4-6",
                max_tokens=400,
                system=PROMPT,
                messages=[{"role": "user", "content": wish}],
            ) as stream,
        ):
            yield from "".join(stream.text_stream).splitlines()


class Gpt:
    def stream_sync(self, wish: str, /) -> Iterator[str]:
        with OpenAI() as client:
            answer = client.responses.create(model="gpt-4o-mini", instructions=PROMPT, input=wish)
        yield from answer.output_text.splitlines()


@dataclass
class Edit:
    accepted: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)

    @property
    def is_valid(self) -> bool:
        return bool(self.accepted) and not self.rejected


def stream_edit(model: Model, wish: str, page: str) -> Edit:
    """Take an edit as it comes, and keep the lines that are one."""
    edit = Edit()
    tracker = LLMCallTracker(tier="L2", subject_id=page).start()
    for line in model.stream_sync(wish):
        tracker.mark_first_content()
        operation = _parsed(line)
        if operation.get("op") in KNOWN:
            edit.accepted.append(operation)
        else:
            edit.rejected.append(line)
    emitted = len(edit.accepted) + len(edit.rejected)
    tracker.set_reducer_stats(emitted, len(edit.accepted), len(edit.rejected))
    tracker.finish()
    return edit


def edit_page(wish: str, page: str, *, first: Model, second: Model) -> Edit:
    """Ask for an edit; where it fails its check ask once more, then the other provider."""
    with lifecycle.generation(provider="anthropic", tool_name="edit_page", repo="shop") as op:
        edit = stream_edit(first, wish, page)
        if not op.validated(edit.is_valid, error_category=UNKNOWN):
            op.repair(UNKNOWN)
            edit = stream_edit(first, f"{wish} Only these: {', '.join(sorted(KNOWN))}.", page)
            if not op.validated(edit.is_valid, error_category=UNKNOWN):
                op.failover("openai", "two edits failed their check")
                edit = stream_edit(second, wish, page)
                if not op.validated(edit.is_valid, error_category=UNKNOWN):
                    op.fail(UNKNOWN)
    return edit


def _parsed(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
