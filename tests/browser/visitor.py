"""A visitor of the page: they find things by their labels, click and type."""

import base64
import re
from collections.abc import Mapping, Sequence

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.images import image_bytes

OF_PICTURES_MS = 60_000  # ends a test that cannot pass any more; how long a picture takes is the machine's affair
_DROPS = """(target, files) => {
    const transfer = new DataTransfer();
    for (const file of files) {
        const bytes = Uint8Array.from(atob(file.content), (each) => each.charCodeAt(0));
        transfer.items.add(new File([bytes], file.name, { type: file.type }));
    }
    for (const kind of ["dragenter", "dragover", "drop"]) {
        target.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }
}"""


class Visitor:
    """One browser window on the playground, and what its person does in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(60_000)

    @property
    def channel(self) -> Locator:
        """The messages that the person sees."""
        return self.page.get_by_role("log", name="Messages")

    @property
    def messages(self) -> Locator:
        return self.channel.get_by_role("article")

    @property
    def pictures(self) -> Locator:
        """The messages with a picture in them."""
        return self.messages.filter(has=self.page.get_by_role("link").get_by_role("img"))

    @property
    def curtain(self) -> Locator:
        return self.page.get_by_role("complementary", name="Behind the scenes: log, jobs, faults")

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def becomes(self, name: str) -> None:
        """Switch to another person, in the same channel where they see it."""
        people = self.page.get_by_role("navigation", name="Who am I")
        people.get_by_role("link", name=re.compile(rf"^\W*\w?\s*{name}\b")).click()
        self.page.wait_for_url(f"**/as/{name}/**")

    def speaks(self, locale: str) -> None:
        """Choose the language of the person's client."""
        people = self.page.get_by_role("navigation", name="Who am I")
        people.get_by_role("combobox").select_option(locale)
        people.get_by_role("button", name="Use").click()
        expect(people.get_by_role("combobox")).to_have_value(locale)

    def goes_to(self, channel: str) -> None:
        self.page.get_by_role("navigation", name="Channels").get_by_role("link", name=channel).click()

    def begins(self, command: str) -> Locator:
        """Choose a command from the list that `/` opens, and return its form."""
        box = self.page.get_by_role("textbox", name="Message")
        box.click()
        box.press_sequentially(f"/{command}")
        self.page.get_by_role("option", name=f"/{command}").first.click()
        return self.page.get_by_role("form", name=f"/{command}")

    def types(self, command: str, **options: str) -> None:
        """Fill in a command and send it; options that are not required are added first."""
        form = self.begins(command)
        for name, value in options.items():
            self.fills(form, name, value)
        form.get_by_role("button", name="Send").click()

    def fills(self, form: Locator, name: str, value: str) -> None:
        """Fill in one option of a command's form."""
        field = form.get_by_label(name, exact=True)
        field.wait_for(state="attached")
        if not field.is_visible():
            form.get_by_role("button", name=f"+ {name}", exact=True).click()
        if field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)

    def imagines(self, prompt: str = "a red boat at dawn", **options: str) -> None:
        self.types("imagine", prompt=prompt, **options)

    def presses(self, button: str) -> None:
        """Press the newest button with this name."""
        self.channel.get_by_role("button", name=button).last.click()

    def reacts(self, message: Locator, emoji: str) -> None:
        """Add a reaction to a message."""
        message.get_by_role("button", name="Add a reaction").click()
        self.page.get_by_role("dialog", name="Add a reaction").get_by_label("Any other emoji").fill(emoji)
        self.page.keyboard.press("Enter")

    def sees_pictures(self, count: int) -> Locator:
        """Wait until this many messages show a picture, and return the newest of them."""
        expect(self.pictures).to_have_count(count, timeout=OF_PICTURES_MS)
        return self.pictures.last

    def sees(self, words: str | re.Pattern[str], timeout_ms: int = OF_PICTURES_MS) -> Locator:
        """Wait until a message says these words, and return it."""
        message = self.messages.filter(has_text=words).last
        expect(message).to_be_visible(timeout=timeout_ms)
        return message

    def draws_the_curtain(self) -> None:
        self.page.get_by_role("button", name="Behind the scenes: log, jobs, faults", exact=True).click()
        expect(self.curtain).to_be_visible()

    def unfolds(self, section: str) -> Locator:
        """Open a section behind the curtain, and return it."""
        group = self.curtain.get_by_role("group").filter(has=self.page.get_by_role("heading", name=section, exact=True))
        if group.get_attribute("open") is None:
            group.get_by_role("heading", name=section, exact=True).click()
        return group

    def lets_go_wrong(self, side: str, mishap: str, setting: str = "Next time") -> None:
        """Switch on something that goes wrong behind the curtain."""
        section = self.unfolds(f"Faults at {side}")
        choice = section.get_by_role("group", name=mishap, exact=True).get_by_role("button", name=setting, exact=True)
        choice.click()
        expect(choice).to_have_attribute("aria-pressed", "true")

    def makes_pictures_take(self, seconds: float) -> None:
        self.curtain.get_by_label("Seconds per picture").fill(str(seconds))
        self.curtain.get_by_role("button", name="Set seconds").click()

    def drops(self, target: Locator, files: Sequence[FilePayload]) -> None:
        """Drag files from outside the browser and let go of them on something."""
        target.evaluate(_DROPS, [_carried(file) for file in files])


def _carried(file: FilePayload) -> Mapping[str, str]:
    return {"name": file["name"], "type": file["mimeType"], "content": base64.b64encode(file["buffer"]).decode()}


def png(name: str, colour: str) -> FilePayload:
    """Return a picture of one colour, as a file manager hands it over."""
    return {"name": name, "mimeType": "image/png", "buffer": image_bytes(colour)}
