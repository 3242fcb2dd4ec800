"""A picture that is shown a second time."""

from pydantic import BaseModel, ConfigDict


class Repost(BaseModel):
    """Another message that shows a picture; `message_id` is None until it is known to be posted.

    `request_id` is the message of the member who asked for it: it gets one repost, however often Discord tells of it.
    """

    model_config = ConfigDict(frozen=True)

    request_id: int
    channel_id: int
    message_id: int | None = None
