"""The parts of Discord that every server, channel and interaction uses."""

from collections.abc import Callable

from standins.clock import Clock
from standins.discord.events import News
from standins.discord.model.cdn import Cdn
from standins.discord.model.snowflake import Snowflakes
from standins.discord.model.users import User


class Platform:
    """The clock, the ids, the events, the files and the accounts; it doesn't know the objects that use them."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.snowflakes = Snowflakes(clock)
        self.news = News(clock)
        self.cdn = Cdn(clock, self.snowflakes)
        self.locale = "en-US"  # of new people and servers
        self.reads: Callable[[str], str] = str  # how people read the app's texts; tests of translations replace it
        self.users: dict[int, User] = {}
        self.bot = self.add_user("Imagine", bot=True)
        self.names_channels_by_id_alone = False  # in interactions, as Discord may: their `channel` is optional

    @property
    def application_id(self) -> int:
        """Return the application's snowflake, which is the bot user's too."""
        return self.bot.id

    def add_user(self, name: str, *, bot: bool = False) -> User:
        """Add a user's account."""
        user = User(self.snowflakes.next(), name, bot, self.locale)
        self.users[user.id] = user
        return user
