"""What the gate says: for a terminal, as JSON, as Markdown, as annotations of GitHub."""

from ._markdown import markdown
from ._programs import judgement_as_json, workflow_commands
from ._terminal import GATE_TITLE, render_judgement

__all__ = ["GATE_TITLE", "judgement_as_json", "markdown", "render_judgement", "workflow_commands"]
