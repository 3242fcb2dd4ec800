"""Extract the messages, update every language and compile it: `make messages`."""

import asyncio
import sys

from tests.messages.checks import forms_of
from tests.messages.extraction import of_code_and_commands
from tests.messages.files import LANGUAGES, TEMPLATE, as_mo, as_po, po_of, read, updated


def main() -> None:
    """Write the template and the files of each language, and print how many messages each one lacks."""
    found, _ = asyncio.run(of_code_and_commands())
    TEMPLATE.write_bytes(as_po(found))
    for language in LANGUAGES:
        path = po_of(language)
        if path.exists():
            messages = updated(found, read(path, language), language)
            path.write_bytes(as_po(messages))
            path.with_suffix(".mo").write_bytes(as_mo(messages))
            missing = [message for message in messages if message.id and not all(forms_of(message))]
            sys.stdout.write(f"{language}: {len(missing)} of {len(messages)} messages have no translation\n")


if __name__ == "__main__":
    main()
