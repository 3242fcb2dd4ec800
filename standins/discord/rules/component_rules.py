"""Components of messages: Discord's rules, and the JSON that it returns for them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol
from urllib.parse import urlsplit

from standins.discord.components import texts_of, walk
from standins.discord.errors import FormErrors, Place
from standins.discord.model.attachments import Attachment, StoredFile
from standins.discord.model.emoji import is_emoji
from standins.discord.payload import Payload
from standins.discord.rules import facts

ACTION_ROW, BUTTON, STRING_SELECT, TEXT_INPUT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = range(
    1, 9
)
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17
SELECTS = (STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)
LINK_STYLE, PREMIUM_STYLE = 5, 6
LINK_SCHEMES = ("http", "https", "discord")
MOST_COMPONENTS, MOST_TEXT, MOST_ROWS_V1 = 40, 4000, 5

Rule = Callable[[Payload, Place], Payload]


class Links(Protocol):
    """Knows the addresses by which Discord shows things: the CDN."""

    def link(self, file: StoredFile) -> str:
        """Return a link to a file."""

    def proxied(self, url: str) -> str:
        """Return the proxy's link to an external file."""


class ComponentRules:
    """Checks the components of one message and renders them; every complaint goes to `errors`."""

    def __init__(self, errors: FormErrors, attachments: Mapping[str, Attachment], links: Links, *, v2: bool) -> None:
        self._errors = errors
        self._attachments = attachments
        self._links = links
        self._v2 = v2
        self._custom_ids: set[str] = set()
        rules: dict[int, Rule] = dict.fromkeys(SELECTS, self._select)
        self._rules = rules | {
            ACTION_ROW: self._row,
            BUTTON: self._button,
            SECTION: self._section,
            TEXT: self._text,
            THUMBNAIL: self._medium,
            GALLERY: self._gallery,
            FILE: self._file,
            SEPARATOR: self._separator,
            CONTAINER: self._container,
        }

    def render(self, components: Sequence[Payload]) -> tuple[Payload, ...]:
        """Return what Discord shows for these top-level components, each with its number as `id`."""
        place: Place = ("components",)
        allowed = facts.IN_MESSAGE if self._v2 else (ACTION_ROW,)
        if not self._v2 and len(components) > MOST_ROWS_V1:
            self._errors.length(place, list(components), 0, MOST_ROWS_V1)
        rendered = self._each(components, place, allowed)
        self._check_totals(rendered, place)
        self._number(rendered)
        return tuple(rendered)

    def _check_totals(self, rendered: list[Payload], place: Place) -> None:
        count = sum(1 for _ in walk(rendered))
        if count > MOST_COMPONENTS:
            words = f"The maximum number of components is {MOST_COMPONENTS} (received {count})"
            self._errors.add(place, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", words)
        if sum(map(len, texts_of(rendered))) > MOST_TEXT:
            words = f"The total displayable text cannot exceed {MOST_TEXT} characters"
            self._errors.add(place, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", words)

    def _number(self, rendered: list[Payload]) -> None:
        taken = {part["id"] for part in walk(rendered) if part.get("id")}
        spare = (number for number in range(1, 1000) if number not in taken)
        for part in walk(rendered):
            part["id"] = part.get("id") or next(spare)

    def _each(self, components: Sequence[Payload], place: Place, allowed: Sequence[int]) -> list[Payload]:
        rendered = []
        for index, component in enumerate(components):
            if component.get("type") not in allowed:
                self._errors.add(
                    (*place, index, "type"), "UNION_TYPE_CHOICES", f'Value of field "type" must be one of {allowed}.'
                )
                continue
            rendered.append(self._one(component, (*place, index)))
        return rendered

    def _one(self, component: Payload, place: Place) -> Payload:
        rendered = self._rules[component["type"]](component, place)
        return {"type": component["type"], "id": component.get("id")} | rendered

    def _row(self, row: Payload, place: Place) -> Payload:
        inside = row.get("components", [])
        self._errors.fields(place, row, facts.ROW)
        if any(part.get("type") in SELECTS for part in inside) and len(inside) > 1:
            words = "A select menu fills a whole action row"
            self._errors.add((*place, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", words)
        return {"components": self._each(inside, (*place, "components"), facts.IN_ROW)}

    def _button(self, button: Payload, place: Place) -> Payload:
        style = button.get("style")
        self._errors.choice((*place, "style"), style, facts.BUTTON_STYLES)
        self._errors.fields(place, button, facts.BUTTON)
        if not button.get("label") and not button.get("emoji") and style != PREMIUM_STYLE:
            self._errors.add(place, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A button needs a label or an emoji")
        self._check_target(button, place)
        rendered = _present(button, "style", "label", "custom_id", "url", "sku_id")
        return rendered | _shown_emoji(self._errors, button, place) | {"disabled": bool(button.get("disabled"))}

    def _check_target(self, button: Payload, place: Place) -> None:
        if button.get("style") == LINK_STYLE:
            self._check_link(button.get("url"), (*place, "url"))
            if button.get("custom_id"):
                words = "A custom id and url cannot both be specified"
                self._errors.add((*place, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID_AND_URL", words)
        elif button.get("style") != PREMIUM_STYLE and button.get("custom_id") is None:
            self._errors.required((*place, "custom_id"))
        self._check_custom_id(button, place)

    def _check_link(self, url: object, place: Place) -> None:
        if not url:
            self._errors.required(place)
            return
        scheme = urlsplit(str(url)).scheme
        if scheme not in LINK_SCHEMES:
            words = f'Scheme "{scheme}" is not supported. Scheme must be one of {LINK_SCHEMES}.'
            self._errors.add(place, "URL_TYPE_INVALID_SCHEME", words)

    def _check_custom_id(self, component: Payload, place: Place) -> None:
        custom_id = component.get("custom_id")
        if custom_id is None:
            return
        if custom_id in self._custom_ids:
            words = "Component custom id cannot be duplicated"
            self._errors.add((*place, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", words)
        self._custom_ids.add(custom_id)

    def _select(self, select: Payload, place: Place) -> Payload:
        self._check_custom_id(select, place)
        self._errors.fields(place, select, facts.SELECT)
        self._check_values(select, place)
        rendered = _present(select, "custom_id", "placeholder", "channel_types", "default_values") | {
            "min_values": select.get("min_values", 1),
            "max_values": select.get("max_values", 1),
            "disabled": bool(select.get("disabled")),
        }
        if select["type"] == STRING_SELECT:
            rendered["options"] = check_select_options(self._errors, select, place)
        return rendered

    def _check_values(self, select: Payload, place: Place) -> None:
        """Complain about bounds that cross, and about default values that the menu couldn't be left with."""
        least, most = select.get("min_values", 1), select.get("max_values") or 1
        if least > most:
            words = f"max_values must be greater than or equal to min_values ({least})."
            self._errors.add((*place, "max_values"), "NUMBER_TYPE_MIN", words)
        defaults = select.get("default_values") or []
        if defaults and not least <= len(defaults) <= most:
            self._errors.length((*place, "default_values"), list(defaults), least, most)

    def _section(self, section: Payload, place: Place) -> Payload:
        texts = section.get("components", [])
        self._errors.fields(place, section, facts.SECTION)
        rendered: Payload = {"components": self._each(texts, (*place, "components"), facts.IN_SECTION)}
        accessory = section.get("accessory") or {}
        if accessory.get("type") not in facts.BESIDE_SECTION:
            self._errors.required((*place, "accessory"))
            return rendered
        return rendered | {"accessory": self._one(accessory, (*place, "accessory"))}

    def _text(self, text: Payload, place: Place) -> Payload:
        self._errors.fields(place, text, facts.TEXT_DISPLAY)
        return {"content": text.get("content") or ""}

    def _gallery(self, gallery: Payload, place: Place) -> Payload:
        items = gallery.get("items", [])
        self._errors.fields(place, gallery, facts.GALLERY)
        return {"items": [self._medium(item, (*place, "items", index)) for index, item in enumerate(items)]}

    def _medium(self, item: Payload, place: Place) -> Payload:
        description = item.get("description")
        self._errors.fields(place, item, facts.MEDIUM)
        return {
            "media": self._resolved(item.get("media", {}), (*place, "media")),
            "description": description,
            "spoiler": bool(item.get("spoiler")),
        }

    def _file(self, file: Payload, place: Place) -> Payload:
        url = str(file.get("file", {}).get("url", ""))
        if not url.startswith("attachment://"):
            self._errors.add((*place, "file", "url"), "URL_TYPE_INVALID_SCHEME", "Only attachment:// is supported")
        resolved = self._resolved(file.get("file", {}), (*place, "file"))
        attachment = self._shown_by(url)
        return {
            "file": resolved,
            "name": attachment.filename if attachment else None,
            "size": attachment.file.size if attachment else None,
            "spoiler": bool(file.get("spoiler")),
        }

    def _resolved(self, medium: Payload, place: Place) -> Payload:
        url = str(medium.get("url", ""))
        attachment = self._shown_by(url)
        if attachment is not None:
            return medium_of(attachment, self._links.link(attachment.file))
        if url.startswith("attachment://"):
            words = f"The referenced attachment {url} was not found"
            self._errors.add((*place, "url"), "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", words)
        elif not url.startswith(("https://", "http://")):
            self._errors.add((*place, "url"), "URL_TYPE_INVALID_URL", "Not a well formed URL.")
        proxied = self._links.proxied(url)
        return {"id": "0", "url": url, "proxy_url": proxied, "width": None, "height": None, "content_type": None}

    def _shown_by(self, url: str) -> Attachment | None:
        if url.startswith("attachment://"):
            return self._attachments.get(url.removeprefix("attachment://"))
        path = urlsplit(url).path
        return next((one for one in self._attachments.values() if one.file.path == path), None)

    def _separator(self, separator: Payload, place: Place) -> Payload:
        spacing = separator.get("spacing", 1)
        self._errors.choice((*place, "spacing"), spacing, facts.SPACINGS)
        return {"spacing": spacing, "divider": bool(separator.get("divider", True))}

    def _container(self, container: Payload, place: Place) -> Payload:
        inside = container.get("components", [])
        self._errors.fields(place, container, facts.CONTAINER)
        return {
            "accent_color": container.get("accent_color"),
            "spoiler": bool(container.get("spoiler")),
            "components": self._each(inside, (*place, "components"), facts.IN_CONTAINER),
        }


def medium_of(attachment: Attachment, link: str) -> Payload:
    """Return Discord's JSON of an attachment shown by a component."""
    return {
        "id": str(attachment.id),
        "url": link,
        "proxy_url": link,
        "width": attachment.width,
        "height": attachment.height,
        "content_type": attachment.file.content_type,
        "attachment_id": str(attachment.id),
    }


def check_select_options(errors: FormErrors, select: Payload, place: Place) -> list[Payload]:
    """Return the options of a string select, complaining unless they are 1 to 25, labelled, with values that differ."""
    options = select.get("options", [])
    errors.fields(place, select, facts.SELECT_OPTIONS)
    for index, option in enumerate(options):
        errors.fields((*place, "options", index), option, facts.SELECT_OPTION)
    if len({option.get("value") for option in options}) < len(options):
        errors.add((*place, "options"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The values must differ")
    return [option | _shown_emoji(errors, option, (*place, "options", index)) for index, option in enumerate(options)]


def _shown_emoji(errors: FormErrors, part: Payload, place: Place) -> Payload:
    """Return the emoji of a button or an option as Discord shows it: one of Unicode has no id, not even null.

    An error about an invalid emoji name has the wording for buttons, in menus too.
    """
    emoji: Payload = part.get("emoji") or {}
    if emoji and not emoji.get("id") and not is_emoji(str(emoji.get("name"))):
        errors.add((*place, "emoji", "name"), "BUTTON_COMPONENT_INVALID_EMOJI", "Invalid emoji")
    return {"emoji": _present(emoji, "id", "name", "animated")} if emoji else {}


def _present(component: Payload, *keys: str) -> Payload:
    return {key: component[key] for key in keys if component.get(key) is not None}
