"""Requests to the bot's webhook endpoint, by Apiframe or by somebody else."""

import hashlib
import hmac
import json
from contextlib import AbstractAsyncContextManager

import aiohttp

from bot.runner import BotRunner
from tests.stage import Stage

PATH = "/webhooks/apiframe"


def signature(stage: Stage, body: bytes) -> str:
    """Return what only who knows the key can write."""
    secret = hashlib.sha256(stage.apiframe.api_key.encode()).digest()
    return "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()


def told(stage: Stage, bot: BotRunner, document: object) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
    """Tell the bot something with the right signature."""
    body = json.dumps(document).encode()
    return knocked(stage, bot, body, {"X-Webhook-Signature": signature(stage, body)})


def knocked(
    stage: Stage, bot: BotRunner, body: object, headers: dict[str, str]
) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
    """Post any body to the bot."""
    return stage.browser.post(bot.web_address + PATH, data=body, headers=headers)
