"""`/review`: whose pictures moderators look at before they are posted, and how."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import discord
from discord import app_commands
from discord.app_commands import Choice, Range

from bot.errors import InvalidRequest
from bot.i18n import N_, _, ngettext
from bot.limits.bounds import REVIEW_HOURS_MAX, REVIEW_UNTIL_MAX
from bot.limits.moderation import Moderation
from bot.limits.rulebook import ReviewRule, Rulebook
from bot.reviews.reviews import Reviews
from cogs.limits.access import cannot_have, check_may_write
from cogs.limits.changes import ModeratorsGroup, make_change, say
from cogs.limits.review_places import existing, place_and_parent, review_warnings
from cogs.limits.review_view import review_card
from cogs.limits.review_words import DECISIONS, KINDS, review_settings
from cogs.shared.access import ImagineInteraction, known_guild, origin_of
from cogs.shared.answers import defer, show
from cogs.shared.command_links import command_link
from cogs.shared.moderators import INSTALLED_ON_SERVERS, MODERATORS, ON_SERVERS
from cogs.shared.places import MessagePlace, Place

_ON: Final = "on"
_KINDS: Final = [Choice(name=name, value=kind.value) for kind, name in KINDS.items()]
_DECISIONS: Final = [Choice(name=name, value=decision.value) for decision, name in DECISIONS.items()]


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of `/review on`; None keeps a setting, or takes its default if the review was off."""

    channel_id: int | None
    everyone: bool | None
    in_channel: int | None
    role_id: int | None
    settings: dict[str, Any]

    def applied(self, rules: Rulebook) -> Rulebook:
        """Return the rules with the review on; raise `InvalidRequest` if that makes no sense."""
        before = rules.review
        channel_id = self.channel_id or (None if before is None else before.channel_id)
        if channel_id is None:
            raise _refused(_("Fill in `channel` too: the channel in which moderators decide."))
        lists = (rules.review_channels, rules.review_roles) if before is not None else (frozenset(), frozenset())
        added = _only(self.in_channel), _only(self.role_id)
        if self.everyone and any(added):
            raise _refused(_("Leave out `in_channel` and `role` if everyone is reviewed."))
        everyone = (
            self.everyone if self.everyone is not None else not any(added) and (before is None or before.everyone)
        )
        kept = {"charge_rejected": True} if before is None else dict(before)
        review = ReviewRule.model_validate(kept | self.settings | {"channel_id": channel_id, "everyone": everyone})
        channels, roles = (old | new for old, new in zip(lists, added, strict=True))
        return rules.with_review(review).with_reviewed(channels, roles)


class Review(ModeratorsGroup):
    """The commands that turn the review on and off; see `bot.limits.review` for whom it applies to."""

    def __init__(self, moderation: Moderation, reviews: Reviews) -> None:
        super().__init__(
            moderation,
            name="review",
            description=N_("Look at pictures before they are posted"),
            default_permissions=MODERATORS,
            allowed_contexts=ON_SERVERS,
            allowed_installs=INSTALLED_ON_SERVERS,
        )
        self._reviews = reviews
        self.put_in_order(("show", "on", "add", "remove", "off"))

    @app_commands.command()
    async def show(self, interaction: ImagineInteraction) -> None:
        """Show whose pictures are reviewed before they're posted, and how."""
        await defer(interaction)
        server_key = origin_of(interaction).server_key
        rules, waiting = await self._moderation.rulebook(server_key), await self._reviews.waiting(server_key)
        warnings = await review_warnings(await known_guild(interaction), rules)
        link = command_link(interaction.client, f"review {_ON}")
        await show(interaction, review_card(rules, waiting, warnings, link))

    @app_commands.command(name=_ON)
    @app_commands.describe(
        channel="Channel in which moderators decide",
        everyone="True: review all members. False: only listed channels and roles",
        in_channel="Review only pictures in this channel and its threads. Add more with /review add",
        role="Review only pictures of this role's members. Add more with /review add",
        what="What moderators look at. Default: finished pictures",
        until="Approved pictures after which a member isn't reviewed any more. 0 = never",
        hours="Hours to decide. Default 24",
        at_deadline="Pictures that nobody has decided about by then. Default: rejected",
        charge_rejected="True, the default: rejected pictures count against limits. False: they're refunded",
    )
    @app_commands.choices(what=_KINDS, at_deadline=_DECISIONS)
    async def on(
        self,
        interaction: ImagineInteraction,
        channel: MessagePlace | None = None,
        everyone: bool | None = None,
        in_channel: Place | None = None,
        role: discord.Role | None = None,
        what: str | None = None,
        until: Range[int, 0, REVIEW_UNTIL_MAX] | None = None,
        hours: Range[int, 1, REVIEW_HOURS_MAX] | None = None,
        at_deadline: str | None = None,
        charge_rejected: bool | None = None,
    ) -> None:
        """Review pictures before they're posted, or change how. Options that you leave out stay as they are."""
        await defer(interaction)
        if channel is not None:
            await check_may_write(interaction, channel, "attach_files")
        chosen = {"of": what, "hours": hours, "at_deadline": at_deadline, "charge_rejected": charge_rejected}
        settings: dict[str, Any] = {name: value for name, value in chosen.items() if value is not None}
        if until is not None:
            settings["until_approved"] = until or None
        asked = Asked(channel, everyone, in_channel, await _checked(interaction, role), settings)
        await self._change(interaction, asked.applied)

    @app_commands.command()
    @app_commands.describe(channel="Channel, with its threads", role="Role whose members are reviewed everywhere")
    async def add(
        self, interaction: ImagineInteraction, channel: Place | None = None, role: discord.Role | None = None
    ) -> None:
        """Review pictures in one more channel, or of one more role."""
        await defer(interaction)
        added = _listed(channel, await _checked(interaction, role))

        def edit(rules: Rulebook) -> Rulebook:
            if _review_of(rules).everyone:
                raise _refused(_("Everyone is reviewed already. To review less, use `/review on everyone:False`."))
            return rules.with_reviewed(rules.review_channels | added[0], rules.review_roles | added[1])

        await self._change(interaction, edit)

    @app_commands.command()
    @app_commands.describe(
        channel="Channel to take off the list",
        role="Role to take off the list",
        deleted="True: take off all channels and roles that were deleted",
    )
    async def remove(
        self,
        interaction: ImagineInteraction,
        channel: Place | None = None,
        role: discord.Role | None = None,
        deleted: bool = False,
    ) -> None:
        """Take channels and roles off the list of those that are reviewed."""
        await defer(interaction)
        if deleted:
            rules = await self._moderation.rulebook(origin_of(interaction).server_key)
            roles, channels = await existing(await known_guild(interaction), rules)
            removed = (rules.review_channels - channels, rules.review_roles - roles)
        else:
            removed = _listed(channel, None if role is None else role.id)

        def edit(rules: Rulebook) -> Rulebook:
            _review_of(rules)
            return rules.with_reviewed(rules.review_channels - removed[0], rules.review_roles - removed[1])

        await self._change(interaction, edit)

    @app_commands.command()
    async def off(self, interaction: ImagineInteraction) -> None:
        """Post all new pictures without a review."""
        words = [await make_change(self._moderation, interaction, lambda rules: rules.with_review(None))]
        waiting = await self._reviews.waiting(origin_of(interaction).server_key)
        if waiting:
            words.append(
                ngettext(
                    "{count} request still waits for a moderator and keeps its review, as it was when it was made.",
                    "{count} requests still wait for a moderator and keep their review, as it was when they were made.",
                    waiting,
                )
            )
        await say(interaction, "\n".join(words))

    async def _change(self, interaction: ImagineInteraction, edit: Callable[[Rulebook], Rulebook]) -> None:
        """Change the rules if somebody is reviewed then, and answer with the settings and their problems."""
        guild = await known_guild(interaction)
        after: list[Rulebook] = []

        def checked(rules: Rulebook) -> Rulebook:
            changed = edit(rules)
            _check(guild, changed)
            after[:] = [changed]
            return changed

        words = await make_change(self._moderation, interaction, checked)
        settings = [] if after[0].review is None else review_settings(after[0].review)
        await say(interaction, "\n".join([words, *settings, *await review_warnings(guild, after[0])]))


async def _checked(interaction: ImagineInteraction, role: discord.Role | None) -> int | None:
    """Return a role's id; raise `InvalidRequest` for @everyone, and for a role that no member can have."""
    if role is None:
        return None
    if role.id == interaction.guild_id:
        raise _refused(_("@everyone is every member: use `/review on everyone:True`."))
    sentence = cannot_have(await known_guild(interaction), role.id)
    if sentence:
        raise _refused(sentence)
    return role.id


def _listed(channel_id: int | None, role_id: int | None) -> tuple[frozenset[int], frozenset[int]]:
    if channel_id is None and role_id is None:
        raise _refused(_("Choose a channel or a role."))
    return _only(channel_id), _only(role_id)


def _only(id_: int | None) -> frozenset[int]:
    return frozenset() if id_ is None else frozenset({id_})


def _review_of(rules: Rulebook) -> ReviewRule:
    if rules.review is None:
        raise _refused(_("Nothing is reviewed yet. Use `/review on` first."))
    return rules.review


def _check(guild: discord.Guild, rules: Rulebook) -> None:
    """Raise `InvalidRequest` for a review of nobody, and for one of the channel in which it takes place."""
    review = _review_of(rules)
    if not (review.everyone or rules.review_channels or rules.review_roles):
        message = _("Nobody would be reviewed. Add a channel or a role, or use `/review off`.")
        raise _refused(message)
    if place_and_parent(guild, review.channel_id) & rules.review_channels:
        message = _(
            "Moderators decide in {channel}, so it can't be reviewed itself. Choose another channel.",
            channel=f"<#{review.channel_id}>",
        )
        raise _refused(message)


def _refused(sentence: str) -> InvalidRequest:
    return InvalidRequest("\n".join([sentence, _("Nothing was changed.")]))
