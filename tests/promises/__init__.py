"""Each fault with its promise. `make reliability` writes them, and the tests that show them, to docs/reliability.md."""

from tests.promises.apiframe import ApiframeFault
from tests.promises.attack import Attack
from tests.promises.deletion import DeletionFault
from tests.promises.discord import DiscordFault
from tests.promises.fault import Fault
from tests.promises.monitoring import MonitoringFault
from tests.promises.process import ProcessFault
from tests.promises.storage import StorageFault

SECTIONS: tuple[type[Fault], ...] = (
    ApiframeFault,
    DiscordFault,
    StorageFault,
    ProcessFault,
    Attack,
    DeletionFault,
    MonitoringFault,
)

__all__ = [
    "SECTIONS",
    "ApiframeFault",
    "Attack",
    "DeletionFault",
    "DiscordFault",
    "Fault",
    "MonitoringFault",
    "ProcessFault",
    "StorageFault",
]
