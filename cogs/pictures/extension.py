"""The pictures of the bot: the commands, reactions, mentions and buttons that request one or look back at one."""

from bot.gateway.client import ImagineBot
from cogs.pictures.actions import PictureActions
from cogs.pictures.delete import Delete
from cogs.pictures.details import PictureDetails
from cogs.pictures.history import History
from cogs.pictures.imagine import Imagine
from cogs.pictures.mention import Mention
from cogs.pictures.publish import Publish
from cogs.pictures.reroll import Reroll


async def setup(bot: ImagineBot) -> None:
    """Add the cogs of this feature."""
    reroll, details = Reroll(bot), PictureDetails(bot)
    actions = PictureActions(reroll, details, Delete(bot), Publish(bot))
    for cog in (Imagine(), reroll, details, Mention(bot), History(bot), actions):
        await bot.add_cog(cog)
