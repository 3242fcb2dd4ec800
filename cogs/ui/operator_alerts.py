"""Direct messages to the operator: a problem with its remedy, or its end."""

from typing import Final

from bot.alerts.alert import Alert, AlertMessage
from bot.i18n import N_, _, ngettext, sentences

_BEGAN: Final = {
    Alert.KEY_REFUSED: N_(
        "**Apiframe rejects the bot's API key.** No pictures can be made. In your Apiframe dashboard, check that the "
        "key is active and that your team may make images. If you need a new key, set it as `APIFRAME_API_KEY` and "
        "restart the bot."
    ),
    Alert.OUT_OF_CREDITS: N_(
        "**Your Apiframe account is out of credits.** Members see a message about it, and nothing is charged. Add "
        "credits in your Apiframe dashboard. You don't need to restart the bot."
    ),
    Alert.CREDITS_LOW: N_(
        "**Your Apiframe credits are running low.** Add some in your Apiframe dashboard before they run out. "
        "`CREDITS_WARNING_BELOW` sets when you get this alert."
    ),
    Alert.APIFRAME_DOWN: N_(
        "**Apiframe has accepted no orders for five minutes, or hasn't responded at all.** Members see that their "
        "pictures are waiting. If Apiframe works from elsewhere, check this machine's network and `APIFRAME_BASE_URL`. "
        "Otherwise, you can only wait."
    ),
    Alert.IMAGE_STORE_DOWN: N_(
        "**The bot's image store has been failing for a minute.** Finished pictures are still posted, and they are "
        "saved once the store works again. Requests with new images are refused without a charge. Check the folder or "
        "bucket in `IMAGE_STORE_URL`, its free space and its credentials. The log shows the reason under "
        "`image_store_still_failing`."
    ),
    Alert.WEBHOOKS_SILENT: N_(
        "**Apiframe can't reach the bot at `PUBLIC_URL`.** Pictures still arrive a few seconds later, because the bot "
        "also polls. Check that the address is right, that it can be reached from the internet, and that your proxy "
        "forwards `/webhooks/apiframe`."
    ),
    Alert.PROCESS_GONE: N_(
        "**One of the bot's processes has died.** The others finish its pictures, but nobody responds in the servers "
        "of its shards. Start it again, or move its `SHARD_IDS` to the other processes."
    ),
    Alert.NO_WORKERS: N_(
        "**No worker is running.** Requests are accepted, but their pictures wait. Start a worker with "
        "`imagine-bot run --role worker`."
    ),
}
_OVER: Final = {
    Alert.KEY_REFUSED: N_("Apiframe accepts the bot's API key again."),
    Alert.OUT_OF_CREDITS: N_("Your Apiframe account has credits again."),
    Alert.CREDITS_LOW: N_("Your Apiframe credits are no longer low."),
    Alert.APIFRAME_DOWN: N_("Apiframe responds again. Waiting pictures continue automatically."),
    Alert.IMAGE_STORE_DOWN: N_("The bot's image store works again. Pictures that weren't saved are being saved now."),
    Alert.WEBHOOKS_SILENT: N_("Apiframe can reach the bot at `PUBLIC_URL` again."),
    Alert.PROCESS_GONE: N_("All of the bot's shards are served again."),
    Alert.NO_WORKERS: N_("A worker is running again. Waiting pictures continue automatically."),
}


def alert_text(message: AlertMessage) -> str:
    """Return the message of an alert, in Discord's markdown."""
    words = [f"✅ {_(_OVER[message.alert])}" if message.resolved else f"⚠️ {_(_BEGAN[message.alert])}"]
    if message.detail is not None and not message.resolved:
        words.append(_("Its name is `{name}`.", name=message.detail))
    if message.credits_left is not None:
        words.append(ngettext("{count:,} credit left.", "{count:,} credits left.", message.credits_left))
    return sentences(words)
