"""Papers: statements, letters, balance confirmations and evidence packs as PDF, in English and Chinese."""

from goodstanding.outbound.paper.letters import letter
from goodstanding.outbound.paper.press import picture, render
from goodstanding.outbound.paper.types import Letter

__all__ = ["Letter", "letter", "picture", "render"]
