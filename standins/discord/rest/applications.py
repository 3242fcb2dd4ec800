"""The application itself, and the way to the gateway."""

from standins.discord.gateway.gateway import Gateway
from standins.discord.model.world import World
from standins.discord.payload import Payload
from standins.discord.rest.calls import Answer, Call, Route


class ApplicationRoutes:
    """`/applications/@me`, `/oauth2/applications/@me` and `/gateway…`."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world = world
        self._gateway = gateway

    def routes(self) -> list[Route]:
        """Return what there is to call."""
        return [
            Route("GET", "/applications/@me", self.application),
            Route("GET", "/oauth2/applications/@me", self.application),
            Route("GET", "/gateway", self.gateway, needs_token=False),
            Route("GET", "/gateway/bot", self.gateway_for_bots),
            Route("GET", "/soundboard-default-sounds", self.no_sounds),
            Route("GET", "/sticker-packs", self.no_sticker_packs),
        ]

    def application(self, _: Call) -> Answer:
        """Describe the application that the token belongs to."""
        world, flags = self._world, self._gateway.application_flags
        described: Payload = {
            "id": str(world.application_id),
            "name": world.bot.name,
            "icon": None,
            "description": "",
            "summary": "",
            "type": None,
            "verify_key": "0" * 64,
            "flags": flags,
            "flags_new": str(flags),
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
            "owner": world.team.as_owner() if world.team else world.developer.payload(),
            "bot": world.bot.payload(),
            "bot_public": True,
            "bot_require_code_grant": False,
            "approximate_guild_count": len(world.guilds),
            "approximate_user_install_count": sum(user.has_installed_the_app for user in world.users.values()),
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "team": world.team.payload() if world.team else None,
            "eligible_oauth2_scopes": ["bot", "applications.commands"],
            "integration_types_config": {"0": {}} | ({"1": {}} if world.commands.offers_user_install else {}),
        }
        return Answer(described)

    def gateway(self, _: Call) -> Answer:
        """Say where the gateway is."""
        return Answer({"url": self._gateway.address})

    def gateway_for_bots(self, _: Call) -> Answer:
        """Say where the gateway is, how many shards to open, and how often one may still identify today."""
        shards, limit = self._gateway.shards_advised, self._gateway.identifies.payload()
        return Answer({"url": self._gateway.address, "shards": shards, "session_start_limit": limit})

    def no_sounds(self, _: Call) -> Answer:
        """List the sounds that everybody has: this world is silent."""
        return Answer([])

    def no_sticker_packs(self, _: Call) -> Answer:
        """List the sticker packs that everybody has: there are none."""
        return Answer({"sticker_packs": []})
