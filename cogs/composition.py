"""The Discord side of the bot: what the services post through, built before them, and the cogs, built with them."""

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from discord.ext import commands

from bot.gateway.client import ImagineBot
from bot.generation.discord_port import BatchCards, DiscordPort
from bot.limits.prices import PriceList
from bot.limits.rulebook import Rulebook
from bot.picture.generation import Generation
from bot.services import Services
from cogs.defaults.commands import DefaultsButton, DefaultStyleButton, MemberDefaults
from cogs.delivery.cog import DiscordDelivery
from cogs.delivery.showcase import DiscordShowcase
from cogs.help.commands import Help
from cogs.help.greeting import Greeting
from cogs.limits.audit_log import AuditLog
from cogs.limits.block_form import BlockMenu
from cogs.limits.buttons import ChangeButton, SectionButton
from cogs.limits.changes import LimitsCog
from cogs.limits.commands import Limits
from cogs.limits.defaults import ServerDefaultsButton
from cogs.limits.delete_pictures import DeletePictures, DeletePicturesButton
from cogs.limits.history import ChangesPageButton, MemberChangesButton, UndoButton
from cogs.limits.pausing import Pausing
from cogs.limits.quota import Quota
from cogs.limits.review import Review
from cogs.limits.setup import ApplyButton, FiguresButton, Setup, SetupMenu
from cogs.limits.usage import Usage
from cogs.limits.weekly_summary import DiscordSummaries
from cogs.operator_alerts import OperatorMessages
from cogs.pictures.actions import PictureActions
from cogs.pictures.cancel import Cancel
from cogs.pictures.delete import Delete
from cogs.pictures.details import PictureDetails
from cogs.pictures.download import DownloadButton, Downloads
from cogs.pictures.examples import Examples
from cogs.pictures.favourite import Favourite
from cogs.pictures.first_response import PictureStarter
from cogs.pictures.history import History, PageButton, PictureMenu
from cogs.pictures.imagine import Imagine
from cogs.pictures.mention import Mention
from cogs.pictures.more import More
from cogs.pictures.publish import Publish
from cogs.pictures.queue import Queue, QueueCancelButton
from cogs.pictures.remix import Remix
from cogs.pictures.replies import Replies
from cogs.pictures.reply_edits import ReplyEdits
from cogs.pictures.reroll import Reroll
from cogs.pictures.typed_requests import TypedRequests
from cogs.pictures.undo import Undo
from cogs.privacy.cog import ForgetButton, Privacy
from cogs.privacy.message_deleter import DiscordMessageDeleter
from cogs.review.buttons import ReviewButton
from cogs.review.cog import ReviewCog
from cogs.review.poster import DiscordReviews
from cogs.shared.batch_buttons import BatchMenu
from cogs.shared.cancel import CancelButton
from cogs.shared.command_errors import Errors
from cogs.shared.command_permissions import CommandPermissions
from cogs.shared.examples import ExampleButton
from cogs.shared.help_page import HelpPage
from cogs.shared.picture_buttons import PictureButton
from cogs.styles.buttons import CopyStyleButton, DeleteStyleButton
from cogs.styles.commands import StyleCommands
from cogs.styles.save import SaveAsStyle

PERSISTENT: Final = (
    *(PictureButton, BatchMenu, PageButton, DownloadButton, PictureMenu, CancelButton, QueueCancelButton),
    *(ChangeButton, SectionButton, UndoButton, ChangesPageButton, MemberChangesButton),
    *(SetupMenu, ApplyButton, FiguresButton),
    *(ForgetButton, ExampleButton, DefaultsButton, DefaultStyleButton, ServerDefaultsButton),
    *(CopyStyleButton, DeleteStyleButton, DeletePicturesButton, ReviewButton),
)
"""What is pressed on messages of any age."""


class DiscordSide:
    """Builds the parts of the port, and later the cogs, each with the services that it uses."""

    def __init__(
        self,
        bot: ImagineBot,
        look_up: Callable[[UUID], Awaitable[Generation]],
        batch_cards: BatchCards,
        rulebook: Callable[[str], Awaitable[Rulebook]],
        prices: PriceList,
    ) -> None:
        self._bot = bot
        self._price_of = prices.price_of
        self._delivery = DiscordDelivery(bot, look_up, batch_cards, prices.price_of)
        self._audit_log = AuditLog(bot, rulebook)
        self.port = DiscordPort(
            self._delivery,
            OperatorMessages(bot),
            DiscordMessageDeleter(bot),
            rule_listener=self._audit_log,
            budget_listener=self._audit_log,
            showcase_poster=DiscordShowcase(bot),
            summary_poster=DiscordSummaries(bot),
            review_poster=DiscordReviews(bot),
            review_listener=self._audit_log,
        )

    async def add(self, services: Services) -> None:
        """Add every cog to the bot."""
        bot, moderation = self._bot, services.moderation
        save = SaveAsStyle(bot, services.styles, services.library)
        cogs = (
            Errors(bot),
            self._delivery,
            *self._pictures(services, save),
            save,
            StyleCommands(services.styles, services.library, services.generations),
            LimitsCog(moderation),
            BlockMenu(bot, moderation),
            DeletePictures(bot, services.picture_removal),
            ReviewCog(services.reviews),
            Pausing(moderation),
            Setup(moderation),
            Quota(moderation),
            Usage(moderation, services.styles),
            self._audit_log,
            Help(HelpPage(bot)),
            Greeting(bot, moderation),
            Privacy(services.exporter, services.erasure),
            MemberDefaults(services.defaults, services.styles),
        )
        for cog in cogs:
            await bot.add_cog(cog)
        bot.tree.add_command(Limits(moderation, services.styles))
        bot.tree.add_command(Review(moderation, services.reviews))
        bot.add_dynamic_items(*PERSISTENT)

    def _pictures(self, services: Services, save: SaveAsStyle) -> tuple[commands.Cog, ...]:
        """Return every way to request a picture, and everything to do with one."""
        bot, library, price_of = self._bot, services.library, self._price_of
        permissions = CommandPermissions(bot)  # one for all, since it remembers what Discord said
        starter = PictureStarter(services.generations, permissions)
        replies = Replies(bot, services.generations, permissions)
        reroll, details = Reroll(bot, library, starter, replies), PictureDetails(bot, library)
        typed = TypedRequests(starter, replies, services.styles, price_of, services.defaults)
        remix = Remix(typed, permissions, price_of)
        publish = Publish(bot, library, services.generations, permissions, price_of)
        delete, cancel = Delete(bot, library, self._delivery), Cancel(services.cancellations, library)
        more = More(price_of)
        favourite = Favourite(bot, library, services.favourites, services.showcase, replies)
        actions = PictureActions(library, reroll, remix, more, details, delete, publish, cancel, favourite, save)
        queue = Queue(library, cancel, self._delivery.progress_of)
        undo = Undo(bot, library, services.generations, permissions, price_of)
        reply_edits = ReplyEdits(library, services.moderation, replies, typed, undo)
        mention = Mention(bot, typed, replies, reply_edits, permissions, HelpPage(bot), price_of)
        examples = Examples(typed, permissions, price_of)
        downloads = Downloads(services.history_archive)
        history = History(library, downloads, services.styles, price_of)
        looking = (details, history, downloads, queue)
        return Imagine(typed, services.styles.names), reroll, mention, *looking, actions, favourite, examples
