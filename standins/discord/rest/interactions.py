"""Interactions by their own token: the first answer, `@original`, and the follow-ups."""

from standins.discord.answers import answer, edit, follow_up, message_of
from standins.discord.errors import unknown
from standins.discord.model.interactions import Callback, CallbackType, Interaction
from standins.discord.model.messages import Message
from standins.discord.model.world import World
from standins.discord.payload import Payload
from standins.discord.rest.calls import NO_CONTENT, Answer, Call, Route

WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"
ORIGINAL, MESSAGE = WEBHOOK + "/messages/@original", WEBHOOK + "/messages/{message_id}"
WITH_MESSAGE = (CallbackType.MESSAGE, CallbackType.UPDATE)


class InteractionRoutes:
    """`/interactions/{id}/{token}/callback` and `/webhooks/{application}/{token}…`; the token is all one needs."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return what there is to call."""
        by_secret = {"needs_token": False, "counts_globally": False}
        return [
            Route("POST", "/interactions/{interaction_id}/{interaction_token}/callback", self.answer, **by_secret),
            Route("POST", WEBHOOK, self.follow_up, **by_secret),
            *(Route("GET", template, self.message, **by_secret) for template in (ORIGINAL, MESSAGE)),
            *(Route("PATCH", template, self.edit, **by_secret) for template in (ORIGINAL, MESSAGE)),
            *(Route("DELETE", template, self.delete, **by_secret) for template in (ORIGINAL, MESSAGE)),
        ]

    def answer(self, call: Call) -> Answer:
        """Take the first answer, and say what came of it if the app wants to know."""
        interaction = self._world.interactions.get(call.parameters["interaction_token"])
        if interaction is None or interaction.id != call.id("interaction_id"):
            raise unknown("interaction", 10062)
        callback = answer(self._world, interaction, call.body, call.uploads)
        wanted = call.query.get("with_response", "").lower() in ("1", "true")
        return Answer(_outcome(interaction, callback)) if wanted else NO_CONTENT

    def _interaction(self, call: Call) -> Interaction:
        interaction = self._world.interactions.get(call.parameters["webhook_token"])
        if interaction is None or call.id("webhook_id") != self._world.application_id:
            raise unknown("Webhook", 10015)
        return interaction

    def _message(self, call: Call) -> Message:
        wanted = call.id("message_id") if "message_id" in call.parameters else None
        return message_of(self._interaction(call), wanted)

    def follow_up(self, call: Call) -> Answer:
        """Post another message; an interaction's webhook always answers with it, `wait` or not."""
        return Answer(follow_up(self._world, self._interaction(call), call.body, call.uploads).payload())

    def message(self, call: Call) -> Answer:
        """Show a message of the interaction."""
        return Answer(self._message(call).payload())

    def edit(self, call: Call) -> Answer:
        """Change a message of the interaction."""
        interaction = self._interaction(call)
        message = self._message(call)
        return Answer(edit(self._world, interaction, message, call.body, call.uploads).payload())

    def delete(self, call: Call) -> Answer:
        """Delete a message of the interaction."""
        self._world.delete(self._message(call))
        return NO_CONTENT


def _outcome(interaction: Interaction, callback: Callback) -> Payload:
    about: Payload = {"id": str(interaction.id), "type": int(interaction.type)}
    about["channel_id"] = str(interaction.channel.id)
    if interaction.channel.guild is not None:
        about["guild_id"] = str(interaction.channel.guild.id)
    message = interaction.original
    if message is None:
        return {"interaction": about}
    about |= {
        "response_message_id": str(message.id),
        "response_message_loading": message.is_loading,
        "response_message_ephemeral": message.visible_only_to is not None,
    }
    if callback.type not in WITH_MESSAGE:
        return {"interaction": about}
    return {"interaction": about, "resource": {"type": int(callback.type), "message": message.payload()}}
