"""Every setting, typed, with its bounds; read once by the command line and passed on."""

import re
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, Field, HttpUrl, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.picture.shards import Shards
from bot.role import Role

ENV_FILE: Final = ".env"

NonNegative = Annotated[int, Field(ge=0)]
Seconds = Annotated[float, Field(gt=0)]


class ServerCeilings(BaseModel, frozen=True, extra="forbid"):
    """The limits of one server in total; 0 means none at all, and an unset limit doesn't apply."""

    images_per_hour: NonNegative | None = 600
    images_per_day: NonNegative | None = 2000
    credits_per_month: NonNegative | None = None
    concurrent: NonNegative | None = 50
    max_megapixels: Annotated[float, Field(ge=0)] | None = None
    max_references: NonNegative | None = None
    pictures_per_request: Annotated[int, Field(ge=1)] | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_the_default(cls, value: object, field: ValidationInfo) -> object:
        # Not "unlimited": an emptied line must not allow unlimited spending.
        return cls.model_fields[field.field_name or ""].default if value == "" else value


class MemberCeilings(ServerCeilings, frozen=True, extra="forbid"):
    """The limits of one member, unless a server sets less; `cooldown` is seconds between two requests."""

    images_per_hour: NonNegative | None = 60
    images_per_day: NonNegative | None = 200
    concurrent: NonNegative | None = 5
    cooldown: NonNegative | None = None


class LimitSettings(BaseModel, frozen=True, extra="forbid"):
    """The operator's limits: the default of every server, and the maximum that its moderators can set."""

    member: MemberCeilings = MemberCeilings()
    server: ServerCeilings = ServerCeilings()
    estimated_credits: NonNegative = 10


class GenerationSettings(BaseModel, frozen=True, extra="forbid"):
    """Concurrency of pictures, and the timeouts of each step."""

    concurrency: Annotated[int, Field(ge=1, le=500)] = 20
    concurrency_per_server: Annotated[int, Field(ge=1, le=500)] = 10
    starts_per_minute: Annotated[int, Field(ge=1)] = 120
    poll_seconds: Seconds = 2.5
    safety_poll_seconds: Seconds = 30
    submit_timeout_seconds: Seconds = 600
    job_timeout_seconds: Seconds = 1200
    fetch_timeout_seconds: Seconds = 90
    queue_poll_seconds: Seconds = 1.0
    progress_seconds: Seconds = 3.0


_CUSTOM_EMOJI = re.compile(r"<a?:\w{2,32}:\d{17,20}>|(?:a:)?\w{2,32}:\d{17,20}")
_REROLL_EMOJI: Final = ("🎲", "🔁")
_SECRETS = ("discord_token", "apiframe_api_key", "aws_access_key_id", "aws_secret_access_key", "aws_session_token")
_MAY_BE_EMPTY = (*_SECRETS, "shard_count", "shard_ids", "public_url", "aws_endpoint_url", "locale_dir")


class Settings(BaseSettings):
    """Settings from the environment, `.env` and flags, in the names of `.env.example`."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE,
        env_file_encoding="utf-8-sig",  # some editors begin a file with a mark of their own
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        cli_kebab_case=True,
        cli_hide_none_type=True,
        cli_avoid_json=True,
        cli_prog_name="imagine-bot",
    )

    discord_token: SecretStr | None = Field(None, description="The bot's token, from the Discord developer portal.")
    discord_api_url: HttpUrl = Field(
        HttpUrl("https://discord.com/api/v10"),
        description="Address of Discord's API; another one for a proxy or the playground.",
    )
    apiframe_api_key: SecretStr | None = Field(None, description="The Apiframe key, `afk_...`.")
    apiframe_base_url: HttpUrl = Field(HttpUrl("https://api.apiframe.ai"), description="Address of Apiframe's API.")
    database_url: str = Field("sqlite:///data/imagine.db", description="`sqlite:///...` or `postgresql://...`.")
    database_direct_url: str = Field(
        "", description="The same PostgreSQL database without its pooler, if DATABASE_URL goes through one."
    )
    data_dir: Path = Field(Path("data"), description="The folder for the bot's files.")
    image_store_url: str = Field(
        "", description="Where images are stored: `file://...` or `s3://...`; empty = a folder in DATA_DIR."
    )
    aws_access_key_id: SecretStr | None = Field(None, description="The access key of the bucket, for `s3://`.")
    aws_secret_access_key: SecretStr | None = Field(None, description="The secret key that belongs to the access key.")
    aws_session_token: SecretStr | None = Field(None, description="The token of temporary credentials.")
    aws_region: str = Field("", description="The bucket's region; empty = us-east-1.")
    aws_endpoint_url: HttpUrl | None = Field(
        None, description="Address of an S3 server other than Amazon's; `http://` isn't encrypted."
    )
    apiframe_result_hosts: Annotated[list[str], NoDecode] = Field(
        ["*.apiframe.ai"], description="Hosts that pictures may be downloaded from, comma separated."
    )
    discord_cdn_hosts: Annotated[list[str], NoDecode] = Field(
        ["cdn.discordapp.com", "media.discordapp.net", "images-ext-1.discordapp.net", "images-ext-2.discordapp.net"],
        description="Hosts that reference images may be downloaded from, comma separated.",
    )
    reroll_emoji: Annotated[list[str], NoDecode] = Field(
        [*_REROLL_EMOJI], description="Reactions that reroll, comma separated; the bot adds the first to its pictures."
    )
    allow_direct_messages: bool = Field(False, description="Whether members may use the bot in direct messages.")
    allow_user_install: bool = Field(False, description="Whether people may install the bot for themselves.")
    operator_contact: Annotated[str, Field(max_length=200)] = Field(
        "", description="How members reach you: a link, an address or a few words, shown in `/help`; empty = not shown."
    )
    locale_dir: Path | None = Field(
        None, description="A folder with language files of your own; empty = only those that ship with the bot."
    )
    retention_days: Annotated[int, Field(ge=1)] = Field(
        30, description="How many days pictures and reference images are stored."
    )
    public_url: HttpUrl | None = Field(
        None, description="The bot's address on the internet, for webhooks from Apiframe; empty = polling only."
    )
    credits_warning_below: NonNegative = Field(
        500, description="You get an alert below this many Apiframe credits; 0 = only when none are left."
    )
    http_host: str = Field("127.0.0.1", description="The address for health checks, metrics and webhooks.")
    http_port: Annotated[int, Field(ge=0, le=65535)] = Field(8080, description="Its port; 0 = any free one.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="The lowest level that is logged."
    )
    log_format: Literal["auto", "console", "json"] = Field(
        "auto", description="`auto` is console on a terminal, JSON otherwise."
    )
    role: Role = Field(
        Role.ALL, description="`all`; on PostgreSQL, `gateway` answers members and `worker` makes their pictures."
    )
    shard_count: Annotated[int, Field(ge=1)] | None = Field(
        None, description="The number of shards in total; empty = as many as Discord recommends."
    )
    shard_ids: Annotated[list[int] | None, NoDecode] = Field(
        None, description="The shards of this process, comma separated; needs SHARD_COUNT."
    )
    generation: GenerationSettings = GenerationSettings()
    limits: LimitSettings = LimitSettings()

    @field_validator("apiframe_result_hosts", "discord_cdn_hosts", "reroll_emoji", "shard_ids", mode="before")
    @classmethod
    def _split(cls, words: object) -> object:
        return [word.strip() for word in words.split(",") if word.strip()] if isinstance(words, str) else words

    @field_validator(*_MAY_BE_EMPTY, mode="before")
    @classmethod
    def _empty_is_absent(cls, value: object) -> object:
        stripped = value.strip() if isinstance(value, str) else value  # a secrets file ends in a line break
        return None if stripped == "" else stripped

    @field_validator(*_SECRETS)
    @classmethod
    def _is_one_word(cls, secret: SecretStr | None) -> SecretStr | None:
        # It goes into the header of a request, which anything else would break.
        if secret is not None and not re.fullmatch(r"[!-~]+", secret.get_secret_value()):
            raise ValueError("It contains a space, a line break or a special character. Copy it again, on one line.")
        return secret

    @field_validator("reroll_emoji")
    @classmethod
    def _are_emoji(cls, each: list[str]) -> list[str]:
        for word in each:
            if word not in _REROLL_EMOJI and not _is_emoji(word):
                raise ValueError(
                    f"{word!r} is not an emoji. Use one such as 🎲, or <:name:id> for one of a server's own."
                )
        return each

    @model_validator(mode="after")
    def _shards_are_counted(self) -> Self:
        if self.shard_ids and (self.shard_count is None or max(self.shard_ids) >= self.shard_count):
            raise ValueError("SHARD_IDS needs SHARD_COUNT, and each id must be below it.")
        return self

    @model_validator(mode="after")
    def _roles_share_a_database(self) -> Self:
        if self.role is not Role.ALL and not self.database_url.startswith("postgres"):
            raise ValueError(
                f"ROLE={self.role} needs PostgreSQL, because SQLite is for one process. Set DATABASE_URL to "
                "`postgresql://…`, or leave ROLE empty to run everything in one process."
            )
        return self

    @property
    def s3(self) -> dict[str, str]:
        """Return the bucket's credentials and address that are set, in obstore's names, secrets included."""
        secrets = {
            "access_key_id": self.aws_access_key_id,
            "secret_access_key": self.aws_secret_access_key,
            "session_token": self.aws_session_token,
        }
        # Without the slash that pydantic adds, which would stand twice in each request.
        others = {"region": self.aws_region, "endpoint": str(self.aws_endpoint_url or "").rstrip("/")}
        found = {name: secret.get_secret_value() for name, secret in secrets.items() if secret is not None}
        return found | {name: said for name, said in others.items() if said}

    @property
    def shards(self) -> Shards:
        """Return which shards this process serves."""
        return Shards.chosen(self.shard_count, self.shard_ids)

    @property
    def executor_id(self) -> str:
        """Return the name under which this process owns running work: its shards."""
        return self.shards.executor_id


def _is_emoji(word: str) -> bool:
    from emoji import is_emoji  # noqa: PLC0415  (its table takes 3 MB)

    return is_emoji(word) or _CUSTOM_EMOJI.fullmatch(word) is not None
