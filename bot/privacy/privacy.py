"""What people may ask about what is stored of them."""

from dataclasses import dataclass

from bot.privacy.erasure import Erasure
from bot.privacy.export import Exporter


@dataclass(frozen=True, slots=True)
class Privacy:
    """A copy of everything, and its deletion."""

    exporter: Exporter
    erasure: Erasure
