"""What every server, channel and interaction uses of Discord itself."""

from standins.clock import Clock
from standins.discord.events import News
from standins.discord.model.cdn import Cdn
from standins.discord.model.snowflake import Snowflakes
from standins.discord.model.users import User


class Platform:
    """The clock, the ids, the events, the files and the accounts; it knows nothing of what is made with them."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.snowflakes = Snowflakes(clock)
        self.news = News(clock)
        self.cdn = Cdn(clock, self.snowflakes)
        self.users: dict[int, User] = {}
        self.bot = self.add_user("Imagine", bot=True)
        self.names_channels_by_id_alone = False  # in interactions, as Discord may: their `channel` is optional

    @property
    def application_id(self) -> int:
        """Return the application's snowflake, which is the bot user's too."""
        return self.bot.id

    def add_user(self, name: str, *, bot: bool = False) -> User:
        """Let somebody have an account."""
        user = User(self.snowflakes.next(), name, bot)
        self.users[user.id] = user
        return user
