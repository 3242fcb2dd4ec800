"""Switches for faults: off, armed for the next time, or on until switched off."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from standins.apiframe import faults as apiframe
from standins.discord import faults as discord

F = TypeVar("F", apiframe.Fault, discord.Fault)


class Setting(StrEnum):
    """A position of a switch. The value is the one that the form sends."""

    OFF = "off"
    NEXT = "next"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Switch(Generic[F]):
    """One thing that can go wrong: its name in addresses and on the screen, what to expect, and the fault itself.

    The fault's `times` is left to the setting.
    """

    slug: str
    label: str
    about: str
    fault: F

    def means(self, armed: F) -> bool:
        """Return True if a fault came from this setting, however often it's still to happen."""
        return replace(armed, times=None) == replace(self.fault, times=None)


class Armoury(Protocol[F]):
    """The faults of a stand-in."""

    armed: list[F]

    def arm(self, fault: F) -> None:
        """Make `fault` happen from now on, as often as it says."""


class Switchboard(Generic[F]):
    """The switches of one stand-in. Their positions are read from its armed faults and stored nowhere else."""

    def __init__(self, faults: Armoury[F], switches: Iterable[Switch[F]]) -> None:
        self._faults: Armoury[F] = faults
        self._switches: dict[str, Switch[F]] = {switch.slug: switch for switch in switches}

    def settings(self) -> list[tuple[Switch[F], Setting]]:
        """Return every switch with its setting."""
        return [(switch, self._setting(switch)) for switch in self._switches.values()]

    def set(self, slug: str, setting: Setting) -> None:
        """Set a switch; KeyError if there is none of that name."""
        switch = self._switches[slug]
        self._faults.armed = [fault for fault in self._faults.armed if not switch.means(fault)]
        if setting is not Setting.OFF:
            self._faults.arm(replace(switch.fault, times=1 if setting is Setting.NEXT else None))

    def all_off(self) -> None:
        """Switch everything off."""
        for slug in self._switches:
            self.set(slug, Setting.OFF)

    def _setting(self, switch: Switch[F]) -> Setting:
        times = [fault.times for fault in self._faults.armed if switch.means(fault)]
        return Setting.ALWAYS if None in times else Setting.NEXT if times else Setting.OFF
