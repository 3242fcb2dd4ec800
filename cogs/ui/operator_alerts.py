"""Direct messages to the operator: the problem and the next step, and the end."""

from bot.alerts.alert import Alert, AlertMessage

_BEGAN = {
    Alert.KEY_REFUSED: (
        "**Apiframe does not accept the bot's key.** No picture can be made until it does. Look in your Apiframe "
        "dashboard whether the key is active and your team may make images. If you need a new one, set it as "
        "`APIFRAME_API_KEY` and restart the bot."
    ),
    Alert.OUT_OF_CREDITS: (
        "**Your Apiframe account is out of credits.** Members are told so, and nothing is charged. Add credits in your "
        "Apiframe dashboard; the bot need not be restarted."
    ),
    Alert.CREDITS_LOW: (
        "**Your Apiframe credits are running low.** Add some in your Apiframe dashboard before they are gone. When you "
        "are told this is set by `CREDITS_WARNING_BELOW`."
    ),
    Alert.APIFRAME_DOWN: (
        "**Apiframe has taken no order for five minutes, or answered nothing at all.** Members see that their pictures "
        "wait. If Apiframe works from elsewhere, check this machine's network and `APIFRAME_BASE_URL`; otherwise there "
        "is nothing to do but wait."
    ),
    Alert.IMAGE_STORE_DOWN: (
        "**The bot's image store has failed for a minute.** Finished pictures are still posted, and are saved once the "
        "store is back. Requests with new images are refused, and nothing is charged for them. Check the folder or "
        "bucket of `IMAGE_STORE_URL`, its free space and its credentials. The log has the reason, as "
        "`image_store_still_failing`."
    ),
    Alert.WEBHOOKS_SILENT: (
        "**Apiframe does not reach the bot at `PUBLIC_URL`.** Pictures still come, some seconds later, since the bot "
        "asks for them. Check that the address is right, that it can be reached from outside, and that whatever stands "
        "in front of the bot passes `/webhooks/apiframe` on."
    ),
    Alert.PROCESS_GONE: (
        "**A process of the bot has died.** The others carry on with its pictures, but nobody answers in the servers "
        "of its shards. Start it again, or spread its `SHARD_IDS` over the other processes."
    ),
}
_OVER = {
    Alert.KEY_REFUSED: "Apiframe accepts the bot's key again.",
    Alert.OUT_OF_CREDITS: "Your Apiframe account has credits again.",
    Alert.CREDITS_LOW: "Your Apiframe credits are no longer low.",
    Alert.APIFRAME_DOWN: "Apiframe answers again. What was waiting goes on by itself.",
    Alert.IMAGE_STORE_DOWN: "The bot's image store works again. Pictures that it missed are being saved.",
    Alert.WEBHOOKS_SILENT: "Apiframe reaches the bot at `PUBLIC_URL` again.",
    Alert.PROCESS_GONE: "All shards of the bot are served again.",
}


def alert_text(message: AlertMessage) -> str:
    """Return the message of a notice, in Discord's markdown."""
    words = f"✅ {_OVER[message.alert]}" if message.resolved else f"⚠️ {_BEGAN[message.alert]}"
    words = words if message.detail is None or message.resolved else f"{words} It is the one named `{message.detail}`."
    return words if message.credits_left is None else f"{words} Left now: {message.credits_left} credits."
