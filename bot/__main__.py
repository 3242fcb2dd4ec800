"""`imagine-bot`, and `python -m bot`."""

import gc
import sys
from importlib import import_module


def main() -> None:
    """Run the command line; `bot.cli` collects garbage again once all that stays is there."""
    gc.disable()  # or a fifth of the start would go into looking through modules
    _import_structlog_alone()
    import_module("bot.cli").main()


def _import_structlog_alone() -> None:
    """Import structlog without rich: it would load that for tracebacks which we don't use, in 7 % of a start."""
    sys.modules["rich"] = None  # type: ignore[assignment]
    try:
        import_module("structlog")
    finally:
        del sys.modules["rich"]


if __name__ == "__main__":
    main()
