"""What people may ask about what is stored of them."""

from dataclasses import dataclass

from bot.generation.export import Exporter
from bot.generation.forgetting import Forgetting


@dataclass(frozen=True, slots=True)
class Privacy:
    """A copy of everything, and its deletion."""

    exporter: Exporter
    forgetting: Forgetting
