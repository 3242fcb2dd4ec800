"""The kinds of channels."""

from enum import IntEnum


class ChannelType(IntEnum):
    """The kinds of channels that Discord has, with its numbers."""

    TEXT = 0
    DIRECT = 1
    VOICE = 2
    GROUP = 3
    CATEGORY = 4
    NEWS = 5
    NEWS_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    STAGE = 13
    DIRECTORY = 14
    FORUM = 15
    MEDIA = 16


THREADS = (ChannelType.NEWS_THREAD, ChannelType.PUBLIC_THREAD, ChannelType.PRIVATE_THREAD)
VOCAL = (ChannelType.VOICE, ChannelType.STAGE)
WITHOUT_MESSAGES = (ChannelType.CATEGORY, ChannelType.DIRECTORY, ChannelType.FORUM, ChannelType.MEDIA)
