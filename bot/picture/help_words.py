"""The words with which people ask a bot for help, where it would otherwise draw them."""

import re
import unicodedata
from typing import Final

_PHRASES: Final = (
    *(
        "help",
        "help me",
        "help please",
        "help me please",
        "please help",
        "please help me",
        "can you help me",
        "i need help",
        "halp",
    ),
    *("how do i use this", "how do i use you", "how do i use it", "how do you work", "how does this work"),
    *("how does it work", "how to use", "how to use this", "how can i use this", "how do i start", "what can you do"),
    *("what do you do", "command", "commands", "instructions", "tutorial"),
    *("hilfe", "hilf mir", "bitte hilfe", "wie geht das", "wie funktioniert das", "was kannst du", "befehle"),
    *("ayuda", "ayúdame", "ayuda por favor", "cómo funciona", "cómo se usa", "qué puedes hacer", "comandos"),
    *("aide", "aide moi", "aidez moi", "à l'aide", "comment ça marche", "que peux-tu faire", "commandes"),
    *("ajuda", "me ajuda", "me ajude", "ajuda por favor", "como funciona", "como usar", "o que você faz"),
    *("ヘルプ", "助けて", "使い方", "使い方を教えて", "コマンド"),
    *("帮助", "幫助", "帮助我", "帮我", "幫我", "怎么用", "怎麼用", "如何使用", "命令", "指令"),
    *("допомога", "допоможи", "допоможіть", "як це працює", "як користуватися", "команди"),
)
_QUESTION_MARKS: Final = re.compile(r"[\s?¿؟]+")


def asks_for_help(words: str) -> bool:
    """Return True if a message asks how to use the bot, and nothing else."""
    folded = unicodedata.normalize("NFKC", words)
    return bool(_QUESTION_MARKS.fullmatch(folded)) or _letters(folded) in _KNOWN


def _letters(words: str) -> str:
    """Return words without case, accents and punctuation."""
    decomposed = unicodedata.normalize("NFKD", words.casefold())
    bare = "".join(each for each in decomposed if not unicodedata.combining(each))
    return " ".join(re.findall(r"\w+", bare))


_KNOWN: Final = frozenset(map(_letters, _PHRASES))
