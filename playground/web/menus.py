"""Menus of all kinds, in messages and in modals alike: what one offers to somebody."""

from collections.abc import Iterator
from dataclasses import replace

from playground.web import candidates as choosable
from playground.web.emoji import shown
from playground.web.fields import Choice
from standins.discord.model.channels import Channel
from standins.discord.model.users import User
from standins.discord.payload import Payload
from standins.discord.rules import component_rules as kind


def choices_of(menu: Payload, channel: Channel, user: User) -> tuple[Choice, ...]:
    """Return what a select, a radio group or a checkbox group (Discord's JSON) offers to a user in a channel."""
    if "options" in menu:
        return tuple(_named(option) for option in menu["options"])
    preset = {str(one["id"]) for one in menu.get("default_values") or ()}
    return tuple(replace(choice, chosen=choice.value in preset) for choice in _there(menu, channel, user))


def _named(option: Payload) -> Choice:
    words = [shown(option["emoji"]), option["label"]] if option.get("emoji") else [option["label"]]
    about = option.get("description") or ""
    return Choice(option["value"], " ".join(words), option["value"], about, bool(option.get("default")))


def _there(menu: Payload, channel: Channel, user: User) -> Iterator[Choice]:
    match menu["type"]:
        case kind.USER_SELECT:
            return choosable.people(channel)
        case kind.ROLE_SELECT:
            return choosable.roles(channel)
        case kind.MENTIONABLE_SELECT:
            return choosable.mentionables(channel)
        case _:
            return choosable.channels(channel, user, menu.get("channel_types") or ())
