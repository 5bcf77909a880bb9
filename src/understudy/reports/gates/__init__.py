"""What the gate says: for a terminal, as JSON, as Markdown, as annotations of GitHub."""

from ._annotations import workflow_commands
from ._json import judgement_as_json
from ._markdown import markdown
from ._terminal import GATE_TITLE, render_judgement

__all__ = [
    "GATE_TITLE",
    "judgement_as_json",
    "markdown",
    "render_judgement",
    "workflow_commands",
]
