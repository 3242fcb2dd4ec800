"""Styles on both databases: exact bounds under load, images in use, and names that every process knows."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import InvalidRequest
from bot.images.references import References
from bot.limits.moderation import AuditEntry
from bot.maintenance.image_sweep import ImageSweep
from bot.picture.formats import ImageFormat
from bot.picture.generation import State
from bot.picture.request import ImagineRequest, Reference
from bot.picture.style import Style, StyleContent, StyleImage
from bot.storage.engine import Database, parse_database_url
from bot.storage.generations import GenerationStore
from bot.storage.images import open_image_store
from bot.storage.ledger import LedgerStore
from bot.storage.pubsub import PubSub
from bot.storage.rules import RulesStore
from bot.storage.styles import StyleStore
from bot.styles.checks import STYLES_OF_MEMBER, STYLES_OF_SERVER
from bot.styles.names import StyleNames
from bot.styles.styles import Editor, NewImages, Styles
from tests.bot.storage.examples import bare, written
from tests.bot.storage.test_pubsub import CUT
from tests.promises import ProcessFault

ALICE, SERVER = Editor("user:7", 7, "/style create"), Editor("guild:42", 7, "/style create")
NOTHING: Any = None  # these styles have no images to be kept


class Listener:
    """Keeps the changes that it gets."""

    def __init__(self) -> None:
        self.entries: list[AuditEntry] = []

    def changed(self, _server_key: str, entry: AuditEntry, /) -> None:
        self.entries.append(entry)

    def refused(self, *_: object) -> None:
        raise AssertionError


def longer(content: StyleContent) -> StyleContent:
    return content.model_copy(update={"frame": f"{content.frame}!"})


def styles_in(database: Database, listener: Listener | None = None) -> Styles:
    store = StyleStore(database)
    references = References(NOTHING, NOTHING, NOTHING, NOTHING)
    return Styles(store, StyleNames(store), references, RulesStore(database), listener or Listener())


@pytest.mark.parametrize(("editor", "most"), [(ALICE, STYLES_OF_MEMBER), (SERVER, STYLES_OF_SERVER)])
async def test_the_bound_is_exact_under_load(database: Database, editor: Editor, most: int) -> None:
    """Many come together, in two processes: exactly as many as allowed are there."""
    processes = styles_in(database), styles_in(database)
    tries = [
        processes[number % 2].create(editor, f"style {number}", StyleContent(), NewImages())
        for number in range(most + 5)
    ]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(each, Style) for each in results) == most
    assert sum(isinstance(each, InvalidRequest) for each in results) == 5
    assert len(await processes[0].of(editor.owner)) == most


async def test_two_of_one_name_are_one(database: Database) -> None:
    """Created at once, or by a rename, in any spelling."""
    styles = styles_in(database)
    made = await asyncio.gather(
        *(styles.create(ALICE, name, StyleContent(), NewImages()) for name in ("Nora", "nora", " NORA")),
        return_exceptions=True,
    )
    assert sum(isinstance(each, Style) for each in made) == 1
    await styles.create(ALICE, "oil", StyleContent(), NewImages())
    with pytest.raises(InvalidRequest, match="already a style"):
        await styles.edit(ALICE, "oil", lambda content: content, new_name="NORA")
    renamed = await styles.edit(ALICE, "nora", lambda content: content, new_name="NoRa")
    assert (renamed.name, renamed.version) == ("NoRa", 2)


async def test_edits_that_come_together_all_count(database: Database) -> None:
    """None is lost: the version says how many there were; an edit without a change is refused."""
    styles = styles_in(database)
    await styles.create(ALICE, "nora", StyleContent(), NewImages())
    await asyncio.gather(*(styles.edit(ALICE, "nora", longer) for _ in range(5)))
    with pytest.raises(InvalidRequest, match="No change"):
        await styles.edit(ALICE, "nora", lambda content: content)
    edited = await styles.find_of(ALICE.owner, "nora")
    assert (edited.version, edited.content.frame) == (6, "{prompt}!!!!!")


async def test_shares_that_come_together_all_count(database: Database) -> None:
    """A member shares a style in several servers at once, and it can be copied in each."""
    styles = styles_in(database)
    style = await styles.create(ALICE, "nora", StyleContent(), NewImages())
    servers = [f"guild:{number}" for number in range(5)]
    await asyncio.gather(*(styles.share(style, each) for each in servers))
    shared = await styles.get(style.id)
    assert shared is not None
    assert sorted(shared.shared_in) == servers


async def test_a_deleted_number_is_never_given_again(database: Database) -> None:
    """Pictures are found by the number of their style."""
    styles = styles_in(database)
    first = await styles.create(ALICE, "nora", StyleContent(), NewImages())
    await styles.delete(ALICE, "nora")
    assert (await styles.create(ALICE, "nora", StyleContent(), NewImages())).id > first.id


async def test_changes_of_a_servers_styles_are_audited(database: Database) -> None:
    """Each of them with its versions; members' own aren't."""
    listener = Listener()
    styles = styles_in(database, listener)
    await styles.create(ALICE, "own", StyleContent(), NewImages())
    await styles.create(SERVER, "nora", StyleContent(), NewImages())
    await styles.edit(SERVER, "nora", longer)
    await styles.delete(SERVER, "nora")
    changes = [(change.path, change.before, change.after) for each in listener.entries for change in each.changes]
    assert changes == [(("styles", "nora"), *versions) for versions in ((None, 1), (1, 2), (2, None))]


async def test_the_sweep_spares_images_of_styles_and_of_young_pictures(
    database: Database, books: LedgerStore, tmp_path: Path
) -> None:
    """Once the style and the pictures are gone or old, so are the images."""
    images, now = open_image_store("", tmp_path), datetime.now(UTC)
    kept: list[Reference] = []
    for name in ("style", "picture", "nobody"):
        file = tmp_path / name
        file.write_text(name)
        key = await images.keep(file, ImageFormat.PNG)
        kept.append(Reference(url=None, key=key, format=ImageFormat.PNG, width=1, height=1))
    for path in (tmp_path / "images").rglob("*.png"):
        os.utime(path, (0, 0))
    store = StyleStore(database)
    content = StyleContent(images=(StyleImage(reference=kept[0]),))
    style = await store.transact("user:7", lambda transaction: transaction.add("nora", content, now))
    request = ImagineRequest(prompt="a boat", references=(kept[1],), style=style.use)
    made_at = now - timedelta(days=2)
    made = bare(State.DELIVERED, made_at).model_copy(update={"request": request, "finished_at": made_at})
    await written(books, made)
    sweep = ImageSweep(images, store, GenerationStore(database), timedelta(days=3))
    assert await sweep.run(now) == 1
    assert [await images.has(each.key) for each in kept] == [True, True, False]
    assert await sweep.run(now + timedelta(days=2)) == 1
    await store.transact("user:7", lambda transaction: transaction.remove(style))
    assert await sweep.run(now + timedelta(days=2)) == 1


async def test_names_are_ones_own_first_and_the_nearest_come_first(database: Database) -> None:
    """A name that both have is the member's own."""
    styles = styles_in(database)
    for editor, name in ((SERVER, "oil"), (SERVER, "nora"), (ALICE, "Nora"), (ALICE, "watercolour")):
        await styles.create(editor, name, StyleContent(), NewImages())
    names = styles.names
    assert [each.name for each in names.usable(7, "guild:42")] == ["Nora", "watercolour", "oil"]
    assert [each.name for each in names.usable(8, "guild:42")] == ["nora", "oil"]
    assert [each.name for each in names.usable(7, "user:7")] == ["Nora", "watercolour"]
    assert names.nearest("watercolor", names.usable(7, "guild:42"))[0] == "watercolour"
    with pytest.raises(InvalidRequest, match="nearest names: `Nora`"):
        await styles.find("norra", 7, "guild:42")


@pytest.mark.promise(ProcessFault.STYLES_TWICE)
async def test_every_process_knows_a_new_name(postgres_url: str) -> None:
    """A change reaches the other processes once it's committed, and one that they missed once they are connected."""
    here, there = (Database(parse_database_url(postgres_url)) for _ in range(2))
    names, pubsub = StyleNames(StyleStore(there)), PubSub(there)
    async with pubsub.heard_by(names.kept.hear), names.kept.followed(pubsub), asyncio.timeout(20):
        while not pubsub.is_heard:  # noqa: ASYNC110  (it tells nobody)
            await asyncio.sleep(0.02)
        styles = styles_in(here)
        await styles.create(ALICE, "nora", StyleContent(), NewImages())
        while not names.usable(7, "guild:42"):  # noqa: ASYNC110  (likewise)
            await asyncio.sleep(0.02)
        async with await here.connect_apart() as connection:
            await connection.execute(CUT)
        await styles.delete(ALICE, "nora")
        while names.usable(7, "guild:42"):  # noqa: ASYNC110  (likewise)
            await asyncio.sleep(0.02)
    for database in (here, there):
        await database.close()
