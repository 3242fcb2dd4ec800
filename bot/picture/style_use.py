"""The part of a style that a picture remembers."""

from typing import Final

from pydantic import BaseModel, ConfigDict

PROMPT_PLACE: Final = "{prompt}"


class StyleUse(BaseModel):
    """A style as it was when a picture was asked for: the picture can be made again though the style was edited since.

    `images` is how many of the picture's references are the style's: the last ones.
    """

    model_config = ConfigDict(frozen=True)

    id: int
    version: int
    name: str
    frame: str
    images: int = 0

    def framed(self, prompt: str) -> str:
        """Return the words that are ordered for a prompt."""
        return self.frame.replace(PROMPT_PLACE, prompt)
