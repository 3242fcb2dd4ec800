"""Files attached to a mention that aren't images, and their names in the error message."""

import pytest

from standins.discord.model.attachments import Upload
from tests.journeys.test_pointing import name
from tests.stage import Stage, text_of


async def refusal(stage: Stage, *names: str) -> str:
    """Attach files of these names to a mention, and return what the bot says."""
    files = [Upload(each, b"%PDF-1.7", "application/pdf") for each in names]
    async with stage.running():
        await stage.alice.sends(stage.channel, f"{name(stage)} a boat", attachments=files)
        answer = await stage.shows("Nothing was charged")
    return text_of(answer)


async def test_many_files_with_long_names_are_named_as_far_as_there_is_room(stage: Stage) -> None:
    """Ten names of 240 characters make a short sentence, which says how many more there are."""
    words = await refusal(stage, *(f"{n}-{'_' * 240}.pdf" for n in range(10)))
    assert "and 7 more files" in words
    assert len(words) < 1000


@pytest.mark.parametrize("filename", ["отчёт.pdf", "报告.pdf", "تقرير.pdf"])
async def test_a_file_is_called_by_the_name_that_its_owner_knows(stage: Stage, filename: str) -> None:
    """Discord keeps no letters but Latin ones in a file's name; the title has the others."""
    assert filename.removesuffix(".pdf") in await refusal(stage, filename)
