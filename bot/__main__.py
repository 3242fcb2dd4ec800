"""`imagine-bot`, and `python -m bot`."""

import gc
from importlib import import_module


def main() -> None:
    """Run the command line; `bot.cli` collects garbage again once all that stays is there."""
    gc.disable()  # or a fifth of the start would go into looking through modules
    import_module("bot.cli").main()


if __name__ == "__main__":
    main()
