"""The commands that an app registered, globally and for single servers."""

from collections import deque
from dataclasses import dataclass
from typing import Any

from standins.discord.errors import Place, Refusal, invalid_form, unknown
from standins.discord.model.localized import shown
from standins.discord.model.permissions import Permission
from standins.discord.model.platform import Platform
from standins.discord.payload import Payload
from standins.discord.rules.command_rules import check_command

CREATES_A_DAY = 200
DAY_SECONDS = 24 * 3600
MOST_OF_A_TYPE = {1: 100, 2: 15, 3: 15}
GUILD_INSTALL, USER_INSTALL = 0, 1


@dataclass(frozen=True, slots=True)
class Command:
    """A registered command: `registered` is Discord's JSON of it."""

    registered: Payload

    @property
    def id(self) -> int:
        """Return the command's snowflake."""
        return int(self.registered["id"])

    @property
    def name(self) -> str:
        """Return the name, without a slash."""
        return str(self.registered["name"])

    @property
    def type(self) -> int:
        """Return 1 for a slash command, 2 for one upon users, 3 for one upon messages."""
        return int(self.registered["type"])

    def shown(self, field: str, locale: str) -> str:
        """Return the name or the description as a client in some language shows it."""
        return shown(self.registered, field, locale)

    @property
    def key(self) -> tuple[int, str]:
        """Return what no two commands of a scope share."""
        return self.type, self.name

    @property
    def default_permissions(self) -> Permission | None:
        """Return the default permissions to see the command; None for everybody, 0 for administrators only."""
        spelt = self.registered["default_member_permissions"]
        return None if spelt is None else Permission(int(spelt) & int(sum(Permission)))


class Commands:
    """Registers commands under Discord's rules, and finds what a person may type where."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self.offers_user_install = True  # the box "User Install" in the developer portal
        self._scopes: dict[int | None, dict[tuple[int, str], Command]] = {}
        self._created_at: dict[int | None, deque[float]] = {}

    def all(self, guild_id: int | None = None) -> list[Command]:
        """Return the commands of one server, or the global ones."""
        return list(self._scopes.get(guild_id, {}).values())

    def get(self, command_id: int, guild_id: int | None) -> Command:
        """Return one command by its id; 10063 if there is none."""
        for command in self.all(guild_id):
            if command.id == command_id:
                return command
        raise unknown("application command", 10063)

    def usable(self, name: str, kind: int, guild_id: int | None) -> Command | None:
        """Return the command that a person in a server (None in direct messages) means by `name`, if there is one."""
        scopes = ([guild_id] if guild_id else []) + [None]
        found = (self._scopes.get(scope, {}).get((kind, name)) for scope in scopes)
        return next((command for command in found if command), None)

    def known(self, kind: int, guild_id: int | None) -> list[Command]:
        """Return the commands of a kind in a server (None in direct messages) by name, a server's own before global."""
        scopes = [None] + ([guild_id] if guild_id else [])
        by_name = {command.name: command for scope in scopes for command in self.all(scope) if command.type == kind}
        return [by_name[name] for name in sorted(by_name)]

    def named(self, name: str, guild_id: int) -> Command:
        """Return the command of any kind that is called `name` in a server; LookupError if there is none."""
        found = (self.usable(name, kind, guild_id) for kind in MOST_OF_A_TYPE)
        command = next((command for command in found if command), None)
        if command is None:
            raise LookupError(f"the app has registered no command {name!r}")
        return command

    def register(self, body: Payload, guild_id: int | None) -> tuple[Command, bool]:
        """Create a command, or overwrite the one of the same name; say also whether it is new."""
        self._check(body)
        scope = self._scopes.setdefault(guild_id, {})
        key = (int(body.get("type", 1)), str(body["name"]))
        before = scope.get(key)
        if before is None:
            self._count_create(guild_id)
            self._refuse_too_many(guild_id, key[0])
        scope[key] = self._registered(body, guild_id, before.id if before else self._platform.snowflakes.next())
        self._platform.news.note("COMMAND_REGISTERED", scope[key])
        return scope[key], before is None

    def change(self, command_id: int, body: Payload, guild_id: int | None) -> Command:
        """Change some fields of a command."""
        before = self.get(command_id, guild_id)
        merged = before.registered | body
        self._check(merged)
        after = self._registered(merged, guild_id, before.id)
        del self._scopes[guild_id][before.key]
        self._scopes[guild_id][after.key] = after
        self._platform.news.note("COMMAND_REGISTERED", after)
        return after

    def replace(self, bodies: list[Payload], guild_id: int | None) -> list[Command]:
        """Make these the only commands of the scope; ones with a name that exists keep their id."""
        for index, body in enumerate(bodies):
            self._check(body, (index,))
        wanted = {(int(body.get("type", 1)), str(body["name"])) for body in bodies}
        scope = self._scopes.setdefault(guild_id, {})
        self._scopes[guild_id] = {key: command for key, command in scope.items() if key in wanted}
        return [self.register(body, guild_id)[0] for body in bodies]

    def remove(self, command_id: int, guild_id: int | None) -> None:
        """Take a command away."""
        command = self.get(command_id, guild_id)
        del self._scopes[guild_id][command.key]
        self._platform.news.note("COMMAND_REMOVED", command)

    def _check(self, body: Payload, place: Place = ()) -> None:
        check_command(body, place)
        if USER_INSTALL in (body.get("integration_types") or ()) and not self.offers_user_install:
            words = "This application does not support this integration type"
            raise invalid_form((*place, "integration_types"), "APPLICATION_INTEGRATION_TYPE_NOT_SUPPORTED", words)

    def _registered(self, body: Payload, guild_id: int | None, command_id: int) -> Command:
        permissions = body.get("default_member_permissions")
        registered: Payload = {
            "id": str(command_id),
            "application_id": str(self._platform.application_id),
            "version": str(self._platform.snowflakes.next()),
            "type": int(body.get("type", 1)),
            "name": body["name"],
            "name_localizations": body.get("name_localizations"),
            "description": body.get("description") or "",
            "description_localizations": body.get("description_localizations"),
            "default_member_permissions": None if permissions is None else str(permissions),
            "nsfw": bool(body.get("nsfw")),
            "integration_types": body.get("integration_types") or [GUILD_INSTALL],
            "contexts": body.get("contexts"),
        }
        if body.get("options"):
            registered["options"] = _without_nulls(body["options"])
        return Command(registered | ({"guild_id": str(guild_id)} if guild_id else {}))

    def _count_create(self, guild_id: int | None) -> None:
        now = self._platform.clock.now()
        created = self._created_at.setdefault(guild_id, deque())
        while created and created[0] < now - DAY_SECONDS:
            created.popleft()
        if len(created) >= CREATES_A_DAY:
            raise Refusal(
                400, 30034, f"Max number of daily application command creates has been reached ({CREATES_A_DAY})"
            )
        created.append(now)

    def _refuse_too_many(self, guild_id: int | None, kind: int) -> None:
        most = MOST_OF_A_TYPE[kind]
        if sum(command.type == kind for command in self.all(guild_id)) >= most:
            raise Refusal(400, 30032, f"Maximum number of application commands reached ({most})")


def _without_nulls(value: Any) -> Any:  # noqa: ANN401  (JSON)
    """Return JSON without the fields that are null, which Discord doesn't store in options."""
    match value:
        case dict():
            return {name: _without_nulls(each) for name, each in value.items() if each is not None}
        case list():
            return [_without_nulls(each) for each in value]
        case _:
            return value
