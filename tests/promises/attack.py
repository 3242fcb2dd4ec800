"""Attacks and invalid input, and a promise for each."""

from enum import unique

from tests.promises.fault import Fault


@unique
class Attack(Fault):
    """Hostile members, events, images and links."""

    HOSTILE_EVENTS = (
        "1,000 hostile events (5,000 at night): wrong types, missing fields, foreign ids, huge strings",
        "Nothing breaks, pings, leaks or costs anything that isn't recorded. The next picture works.",
    )
    HOSTILE_OPTIONS = (
        "Options that no client would send",
        "A private error message. Nothing is spent.",
    )
    FOREIGN_IDS = (
        "Ids of another server's pictures in buttons, menus and reactions",
        "The same error as for a picture that doesn't exist. Nothing is drawn.",
    )
    REJECTED_IMAGES = (
        "A rejected or blocked member attaches images repeatedly",
        "No image is stored. Images of blocked members aren't even downloaded.",
    )
    DECOMPRESSION_BOMB = (
        "An image that would take hours or all memory to decode",
        "It's rejected by name before it's decoded. Nothing is spent.",
    )
    SLOW_DECODING = (
        "An image still takes too long to decode",
        "It's given up and the next one is handled.",
    )
    ODD_METADATA = (
        "An image with large, broken or cut-off metadata",
        "Only its pixels are used.",
    )
    LARGE_PHOTO = (
        "A photo above 4 MP, or an image with too many pixels",
        "A 4 MP copy is stored and sent. Too many pixels are rejected with the number and the maximum.",
    )
    ANY_IMAGE = (
        "Any image file",
        "A picture or one of our error messages, never a decoder's error.",
    )
    DAMAGED_COPY = (
        "A stored picture's file is damaged",
        "The history page shows the others and says that one is damaged. An unposted picture is downloaded again.",
    )
    LOWERED_BOUND = (
        "A bound on requests is lowered in a new version",
        "Old rows are read as they were stored. New requests are checked.",
    )
    POLYGLOT = (
        "A damaged image, or a file that is an image and something else",
        "It's used as an image only, or rejected.",
    )
    PRIVATE_ADDRESS = (
        "A link into a private network, also by redirect",
        "It's rejected before anything is sent.",
    )
    DELETE_TO_RESET = (
        "A member deletes their data to reset their limits",
        "Usage still counts and a block stays.",
    )
    FOREIGN_DELETE = (
        "Another person presses the button of `/privacy delete`",
        "Nothing is deleted.",
    )
    PRIVATE_SHOWN = (
        "Stars for a picture that is private, age-restricted, or of a hidden channel",
        "Pictures that not everybody may see are never shown. Age-restricted ones only are in such a channel.",
    )
