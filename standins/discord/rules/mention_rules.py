"""Whom a message mentions and whom it disturbs, under `allowed_mentions`."""

import re

from standins.discord.components import texts_of
from standins.discord.errors import FormErrors
from standins.discord.model.channels import Channel
from standins.discord.model.messages import Draft, Mentions, Message, MessageFlag
from standins.discord.model.permissions import Permission
from standins.discord.model.roles import Role
from standins.discord.model.users import User
from standins.discord.payload import Payload
from standins.discord.rules.facts import ALLOWED_MENTIONS

USER, ROLE, EVERYONE = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>"), re.compile(r"@(everyone|here)\b")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
EVERYTHING: Payload = {"parse": ["users", "roles", "everyone"], "replied_user": True}


def mentions_in(
    draft: Draft, channel: Channel, author: User, allowed: Payload | None, answered: Message | None
) -> Mentions:
    """Return the mentions that Discord makes of a draft; code, and roles that are not mentionable, ping nobody."""
    rules = EVERYTHING if allowed is None else {name: part for name, part in allowed.items() if part is not None}
    _check(rules)
    text = CODE.sub("", _text_of(draft))
    users = _users(text, channel, rules)
    if answered is not None and rules.get("replied_user", False) and answered.author not in users:
        users.append(answered.author)
    everyone = bool(EVERYONE.search(text)) and "everyone" in rules.get("parse", ())
    may = bool(channel.permissions_of(author) & Permission.MENTION_EVERYONE)
    pinged = frozenset(user.id for user in users if user is not author)
    if draft.flags & MessageFlag.EPHEMERAL:
        return Mentions(tuple(users))
    return Mentions(tuple(users), _roles(text, channel, rules, may_all=may), everyone and may, pinged)


def _text_of(draft: Draft) -> str:
    return "\n".join([draft.content, *texts_of(draft.components)])


def _users(text: str, channel: Channel, rules: Payload) -> list[User]:
    named = dict.fromkeys(int(found) for found in USER.findall(text))
    listed = {int(one) for one in rules.get("users", ())}
    wanted = [one for one in named if "users" in rules.get("parse", ()) or one in listed]
    known = channel.platform.users
    return [known[one] for one in wanted if one in known]


def _roles(text: str, channel: Channel, rules: Payload, *, may_all: bool) -> tuple[int, ...]:
    roles: dict[int, Role] = channel.guild.roles if channel.guild else {}
    named = dict.fromkeys(int(found) for found in ROLE.findall(text))
    listed = {int(one) for one in rules.get("roles", ())}
    wanted = [one for one in named if "roles" in rules.get("parse", ()) or one in listed]
    return tuple(one for one in wanted if one in roles and (may_all or roles[one].mentionable))


def _check(rules: Payload) -> None:
    errors = FormErrors()
    for kind in ("users", "roles"):
        if kind in rules.get("parse", ()) and rules.get(kind):
            words = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            errors.add(("allowed_mentions",), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", words)
    errors.fields(("allowed_mentions",), rules, ALLOWED_MENTIONS)
    errors.refuse_if_any()
