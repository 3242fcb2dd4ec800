"""The operator who rewords the bot: a file that can't work stops the start, with its name and line."""

from pathlib import Path

import pytest

from bot.errors import StartupError
from bot.i18n import _, command_registered, command_shown, language, ngettext, number
from bot.i18n.languages import Languages

HEADER = 'msgid ""\nmsgstr "Language: xx\\n"\n\n'
PICTURES = 'msgid "{count} image"\nmsgid_plural "{count} images"\n'
IMAGINE = 'msgctxt "command"\nmsgid "imagine"\nmsgstr '
QUEUE = 'msgid "In queue: #{position}"\nmsgstr '


def loaded(folder: Path, **files: str) -> Languages:
    """Return the languages with these files, whose first lines are a header."""
    for name, content in files.items():
        (folder / f"{name}.po").write_text(HEADER + content, encoding="utf-8")
    return Languages.load(folder)


def test_a_language_of_discords_is_added(tmp_path: Path) -> None:
    """With its own numbers, and English for the messages that its file lacks."""
    languages = loaded(tmp_path, nl=f'{QUEUE}"In de wachtrij: {{position}}"\n')
    with language(languages.of("nl")):
        assert _("In queue: #{position}", position=3) == "In de wachtrij: 3"
        assert _("Reroll") == "Reroll"
        assert number(1234.5) == "1.234,5"


def test_single_messages_of_ours_are_replaced(tmp_path: Path) -> None:
    """The others stay as they are, in English and in a language that ships."""
    languages = loaded(tmp_path, de=f'{QUEUE}"Platz {{position}}"\n', en='msgid "Reroll"\nmsgstr "Roll again"\n')
    shipped = Languages.load()
    with language(languages.of("de")):
        assert _("In queue: #{position}", position=3) == "Platz 3"
    assert languages.of("de").gettext("Remix") == shipped.of("de").gettext("Remix")
    with language(languages.english):
        assert (_("Reroll"), _("Remix")) == ("Roll again", "Remix")
    with language(languages.of("it")):
        assert _("Reroll") == "Roll again"


def test_a_folder_of_gettexts_own_kind_is_read(tmp_path: Path) -> None:
    """Such as a translation tool writes it; the name may be Discord's, too."""
    path = tmp_path / "pt-BR" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(f'{QUEUE}"Fila: {{position}}"\n', encoding="utf-8-sig")
    with language(Languages.load(tmp_path).of("pt-BR")):
        assert _("In queue: #{position}", position=1) == "Fila: 1"


def test_a_command_is_renamed_in_every_language_that_keeps_its_name(tmp_path: Path) -> None:
    """Texts mention the new name, and links have it."""
    languages = loaded(tmp_path, en=f'{IMAGINE}"draw"\n', nl=f'{IMAGINE}"teken"\n')
    for code, shown in (("en-US", "draw"), ("it", "draw"), ("de", "draw"), ("nl", "teken")):
        with language(languages.of(code)):
            assert (command_shown("imagine"), command_registered("imagine")) == (shown, "draw")
            text = _("You have no pictures in progress. Type `/imagine` to make one.")
            assert f"/{shown}`" in text


def test_plural_forms_may_be_counted_otherwise_than_ours(tmp_path: Path) -> None:
    """Spanish has a third form for millions, which older files lack."""
    header = 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    (tmp_path / "es.po").write_text(f'{header}{PICTURES}msgstr[0] "{{count}} foto"\nmsgstr[1] "{{count}} fotos"\n')
    with language(Languages.load(tmp_path).of("es-ES")):
        counted = [ngettext("{count} image", "{count} images", count) for count in (1, 2, 1_000_000)]
    assert counted == ["1 foto", "2 fotos", "1000000 fotos"]


def test_what_its_translator_is_unsure_of_is_not_shown(tmp_path: Path) -> None:
    """A message that is marked as fuzzy, empty or obsolete stays English."""
    unsure = f'#, fuzzy\n{QUEUE}"Wachtrij"\n\n#~ msgid "Remix"\n#~ msgstr "Mix"\n\nmsgid "Reroll"\nmsgstr ""\n'
    with language(loaded(tmp_path, nl=unsure).of("nl")):
        assert [_("In queue: #{position}", position=3), _("Remix"), _("Reroll")] == ["In queue: #3", "Remix", "Reroll"]


def test_a_message_that_the_bot_no_longer_has_does_no_harm(tmp_path: Path) -> None:
    """After an update, an operator's file may have some, even with a mistake."""
    old = 'msgid "A message of {last year"\nmsgstr "Oud"\n\nmsgctxt "command"\nmsgid "paint"\nmsgstr "Verf Dit"\n\n'
    languages = loaded(tmp_path, nl=f'{old}{QUEUE}"Wachtrij {{position}}"\n')
    assert languages.of("nl").gettext("In queue: #{position}") == "Wachtrij {position}"


def test_a_message_after_an_obsolete_one_is_used(tmp_path: Path) -> None:
    """A mark for an obsolete message doesn't count for the next one."""
    languages = loaded(tmp_path, nl='#, fuzzy\n#~ msgid "Old"\n#~ msgstr "Oud"\n\nmsgid "Reroll"\nmsgstr "Opnieuw"\n')
    assert languages.of("nl").gettext("Reroll") == "Opnieuw"


MISTAKES = {
    "a quotation mark is missing": ('msgid "Reroll\nmsgstr "x"\n', 4, "between two quotation marks"),
    "no keyword": ('msgid "Reroll"\nmessage "x"\n', 5, "isn't a line of a .po file"),
    "no translation": ('msgid "Reroll"\n\nmsgid "Remix"\nmsgstr "x"\n', 6, "has no msgstr"),
    "no message": ('msgstr "x"\n', 4, "doesn't belong here"),
    "a text on its own": ('# Buttons\n"x"\n', 5, "no msgid or msgstr before it"),
    "an unknown escape": ('msgid "Reroll"\nmsgstr "a\\qb"\n', 5, "\\q means nothing"),
    "an unknown placeholder": (f'{QUEUE}"Wachtrij {{plek}}"\n', 4, "no placeholder {plek}"),
    "an attribute of a placeholder": (f'{QUEUE}"{{position.real}}"\n', 4, "no placeholder {position.real}"),
    "a format that numbers have": (f'{QUEUE}"{{position:x}}"\n', 4, "no placeholder {position:x}"),
    "a conversion": (f'{QUEUE}"{{position!r}}"\n', 4, "no placeholder {position!r}"),
    "a placeholder of an older plural": (
        'msgid "{count} image"\nmsgid_plural "{count} images of {all}"\nmsgstr[0] "foto"\nmsgstr[1] "foto, {all}"\n',
        4,
        "no placeholder {all}",
    ),
    "a placeholder without an end": (f'{QUEUE}"{{position"\n', 4, "no closing brace"),
    "a missing plural form": (f'{PICTURES}msgstr[0] "foto"\n', 4, "needs the plural forms 0 to 1"),
    "a plural form of no language": (f'{PICTURES}msgstr[{"9" * 5000}] "foto"\n', 6, "isn't a line of a .po file"),
    "a message twice": (f'{QUEUE}"a"\n\n{QUEUE}"b"\n', 7, "this message is in line 4 already"),
    "a plural form too many": (f'{PICTURES}msgstr[0] "a"\nmsgstr[1] "b"\nmsgstr[2] "c"\n', 4, "plural forms 0 to 1"),
    "no plural at all": ('msgid "{count} image"\nmsgstr "foto"\n', 4, "plural forms in one place only"),
    "a name with capitals": (f'{IMAGINE}"Teken"\n', 5, "Discord takes no command or option “Teken”"),
    "a name with a space": (f'{IMAGINE}"teken dit"\n', 5, "Discord takes no command or option “teken dit”"),
    "a name that is too long": (f'{IMAGINE}"{"t" * 33}"\n', 5, "has 33 characters, and Discord takes 32"),
    "a name that is taken": (f'{IMAGINE}"quota"\n', 5, "there are two “quota” in /"),
    "a name of a menu that is taken": (
        'msgctxt "command"\nmsgid "Picture details"\nmsgstr "Save as style"\n',
        5,
        "there are two “Save as style” in Menu of a message",
    ),
    "a button that is too long": (
        f'msgid "Reroll"\nmsgstr "{"x" * 81}"\n',
        4,
        "has 81 characters, and Discord takes 80",
    ),
}


@pytest.mark.parametrize(("content", "line", "problem"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_with_its_file_and_line(tmp_path: Path, content: str, line: int, problem: str) -> None:
    with pytest.raises(StartupError) as error:
        loaded(tmp_path, nl=content)
    assert f"{tmp_path / 'nl.po'}, line {line}: " in error.value.problem
    assert problem in error.value.problem
    assert error.value.remedy


def test_a_file_in_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "sv.po").write_bytes(f'{HEADER}{QUEUE}"Kö: {{position}}"\n'.encode("latin-1"))
    with pytest.raises(StartupError, match=r"sv\.po, line 5: this isn't UTF-8 text"):
        Languages.load(tmp_path)


def test_plural_forms_that_make_no_sense_are_named(tmp_path: Path) -> None:
    for rule in ("nplurals=2; plural=(n != ;", "nplurals=1; plural=(n != 1);", "two"):
        (tmp_path / "nl.po").write_text(f'msgid ""\nmsgstr "Plural-Forms: {rule}\\n"\n\n{QUEUE}"x {{position}}"\n')
        with pytest.raises(StartupError, match=r"nl\.po, line 1: Plural-Forms can't be read"):
            Languages.load(tmp_path)


def test_arabic_has_its_six_plural_forms_and_keeps_the_names_of_commands(tmp_path: Path) -> None:
    """Discord's clients lack it, so only a server can choose it, and no client would show other names."""
    forms = "".join(f'msgstr[{number}] "{number}: {{count}}"\n' for number in range(6))
    arabic = loaded(tmp_path, ar=f"{PICTURES}{forms}").of("ar")
    with language(arabic):
        shown = [ngettext("{count} image", "{count} images", count) for count in (0, 1, 2, 3, 11, 100)]
    assert shown == ["0: 0", "1: 1", "2: 2", "3: 3", "4: 11", "5: 100"]
    with pytest.raises(StartupError, match=r"ar\.po, line 5: Discord's clients don't have this language"):
        loaded(tmp_path, ar=f'{IMAGINE}"ارسم"\n')


@pytest.mark.parametrize("name", ["xx", "de_AT", "german"])
def test_a_language_that_discord_lacks_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(StartupError, match=f"Discord has no language '{name}'"):
        loaded(tmp_path, **{name: ""})


def test_two_files_of_a_language_are_named(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match=r"pt_BR\.po and .*pt-BR\.po are of the same language"):
        loaded(tmp_path, **{"pt-BR": "", "pt_BR": ""})


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match=r"missing can't be read \(No such file or directory\)"):
        Languages.load(tmp_path / "missing")
