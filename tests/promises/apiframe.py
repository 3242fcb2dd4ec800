"""Faults of Apiframe, and a promise for each."""

from enum import unique

from tests.promises.fault import Fault


@unique
class ApiframeFault(Fault):
    """Faults of Apiframe: orders, jobs, downloads and webhooks."""

    RATE_LIMITED = (
        "429, once or many times in a row",
        "The bot waits as long as `Retry-After` says and probes with one request. Then the pictures come.",
    )
    RATE_LIMITED_POLLS = (
        "429 while a picture is drawn, with a long `Retry-After`",
        "The pause is kept, unless a webhook reports the result or the job times out first.",
    )
    SERVER_ERROR = (
        "5xx, or HTML instead of JSON",
        "The request is retried with growing pauses. The picture comes late.",
    )
    ORDER_INTERRUPTED = (
        "The connection breaks before or after the order is accepted",
        "One job and one charge: the retry uses the same idempotency key.",
    )
    REPEATED_ORDER = (
        "An order is repeated after a crash",
        "The body is the same byte for byte, even if links, `PUBLIC_URL` or the wire format have changed since.",
    )
    KEY_CONFLICT = (
        "409: the idempotency key belongs to another body",
        "The job is looked for in Apiframe's list. If not found, nothing is reordered and the cost stays open.",
    )
    ORDER_IN_PROGRESS = (
        "409: an earlier request with the key is still in progress",
        "The same order is repeated for about a minute, and its job is looked for in between.",
    )
    LISTED_JOB_UNREADABLE = (
        "One of the listed jobs can't be read during the search for another",
        "The search skips it. If Apiframe is down, the search ends and runs again later.",
    )
    ORDER_IN_DOUBT = (
        "No response to an order until it times out",
        'The job is looked for in Apiframe\'s list. The card says "not charged" only if that is certain.',
    )
    PROXY_PAGE = (
        "A page from a proxy, captive portal or Cloudflare (302, 401, 403, 404, 520 to 530) instead of JSON",
        "It's treated as an outage and retried. No message says that the key was rejected.",
    )
    RETRYABLE_STATUS = (
        "408, 409 or 425; `Retry-After` as a date",
        "The request is retried after the requested pause.",
    )
    FORBIDDEN = (
        "403 for another reason than the key, such as images disabled for the team",
        "The card and the log quote Apiframe's reason.",
    )
    ODD_FIELDS = (
        "Price as text, images as objects, `expired: null`, `error` as an object",
        "The picture is posted. Fields that can't be read count as unknown.",
    )
    ESCAPED_LINK = (
        "Signed link with `%2F`, `%3A`, `%27` or `%7E`",
        "It's requested exactly as written, also after a redirect and from Discord's embeds.",
    )
    CONTENT_TYPE = (
        "Image with a wrong or missing `Content-Type`",
        "The format is detected from the bytes.",
    )
    DOWN_FOR_MINUTES = (
        "Apiframe is down for minutes",
        "After three failures, one order probes for all. Cards say the place is kept. Later, orders are spaced out.",
    )
    DOWN_TOO_LONG = (
        "Apiframe is down for longer than `GENERATION__SUBMIT_TIMEOUT_SECONDS`",
        "The card says so. The picture isn't charged and doesn't count.",
    )
    NO_RESPONSE = (
        "A request gets no response",
        "It times out after 30 s and is retried.",
    )
    ENDLESS_JOB = (
        "A job never ends",
        "The card says so after `GENERATION__JOB_TIMEOUT_SECONDS`. It doesn't count unless a charge is known.",
    )
    LATE_JOB = (
        "A job ends after the bot has stopped waiting",
        "Its price is recorded, and counts, at a later check within a day.",
    )
    UNKNOWN_JOB = (
        "404 for a job: just ordered, or from another team's key",
        "The bot keeps polling, as for a running job. If it stays unknown, it times out like one.",
    )
    UNKNOWN_STATUS = (
        "Unknown status or unknown fields",
        "An unknown status counts as still running. Unknown fields are ignored.",
    )
    ODD_RESULT = (
        "No image, three images, or a bare address as the result",
        "Without an image, the card says so and it counts. Otherwise the first image is posted.",
    )
    SIZE_IGNORED = (
        "The picture has another size than was ordered",
        "The card, details and log give both sizes. The next order uses the other wire format.",
    )
    SLOW_DOWNLOAD = (
        "A picture downloads very slowly",
        "Other pictures continue. After `GENERATION__FETCH_TIMEOUT_SECONDS`, the card says it couldn't be downloaded.",
    )
    DAMAGED_PICTURE = (
        "The picture is cut off, or the file is something else",
        "It's downloaded again. If it stays damaged, the card says so.",
    )
    NOT_THERE_YET = (
        "404 for the picture, then 200",
        "The download is retried until the picture is there.",
    )
    EXPIRED_PICTURE = (
        "The picture has expired or never existed",
        "The card says so. It was charged, so it counts.",
    )
    JOB_FAILED = (
        "The prompt is rejected or the model fails",
        "The card says which. Apiframe refunds the credits, and the ledger does too.",
    )
    REFERENCE_GONE = (
        "A reference image's link is dead, or its stored copy is gone, or both",
        "Either one is enough. Without both, a message names the image, and nothing is charged.",
    )
    REFERENCE_UNREACHABLE = (
        "Apiframe can't fetch a reference image that the bot could",
        "The card says so. Apiframe refunds the credits, and the ledger does too.",
    )
    KEY_REJECTED = (
        "The API key is rejected",
        "Only the operator learns which setting to change. Paid pictures are still waited for.",
    )
    OUT_OF_CREDITS = (
        "The account is out of credits",
        "The card and the log give the required and the remaining credits.",
    )
    WEBHOOK_UNRELIABLE = (
        "Webhooks are lost, duplicated, late, out of order or forged",
        "One picture is posted. Polling finds it if necessary.",
    )
    LAST_WEBHOOK_LOST = (
        "The last webhook is lost after others arrived",
        "Slow polling finds the result.",
    )
    WEBHOOK_INVALID = (
        "A webhook is too long, wrongly signed, or malformed",
        "413, 401 or 400, checked in this order. No job is read, and an oversized body isn't read to its end.",
    )
    WEBHOOK_UNKNOWN_JOB = (
        "A webhook for a job that nobody waits for",
        "204, so Apiframe doesn't send it again.",
    )
    WEBHOOK_OTHER_PROCESS = (
        "A webhook reaches another process than the one that waits",
        "The waiting process is woken, even on another machine.",
    )
    WEBHOOK_DEAD_PROCESS = (
        "A webhook for a process that is dead or stopping",
        "The next process finds the picture with or without another webhook.",
    )
    WEBHOOK_NO_DATABASE = (
        "A webhook arrives while the database is down",
        "503. The picture still comes.",
    )
    PUBLIC_URL_WRONG = (
        "`PUBLIC_URL` is wrong, or was set while a picture was drawn",
        "Pictures come as without it. The operator gets an alert about a wrong one.",
    )
