"""Phrases that a technical writer wouldn't use, each with what to write instead."""

import re
from dataclasses import dataclass

# "It says what is wrong" is an indirect question, and good English.
_QUESTION = "".join(
    rf"(?<!\b{verb} )(?<!\b{verb}s )"
    for verb in ("ask", "check", "decide", "explain", "know", "say", "see", "show", "tell")
)


@dataclass(frozen=True)
class Phrase:
    """A pattern, and the advice for its author."""

    pattern: re.Pattern[str]
    instead: str


def phrase(pattern: str, instead: str) -> Phrase:
    """Return a phrase that is found in upper and lower case."""
    return Phrase(re.compile(pattern, re.IGNORECASE), instead)


PHRASES = (
    phrase(r"\b(?:who|whom)ever\b", "name the person: the member, the caller"),
    phrase(r"(?:(?:^|[.:;] )|\b(?:for|from|in|of|to|with) )whatever\b", "name the thing: any request, all files"),
    phrase(
        r"\b(?:about|as|at|by|for|from|in|of|on|than|to|with|(?<!, )and|(?<!, )or) (?:what|who)\b"
        r"(?! to\b| else\b)(?![^.]*\?)",
        "name the thing instead of a clause: the request, the member, the error",
    ),
    phrase(
        _QUESTION + r"\bwhat (?:is|are|was|were|has|have|had|may|must|can|cannot|comes?|came|goes|passes)\b(?![^.]*\?)",
        "name the thing instead of a clause: the request, the member, the error",
    ),
    phrase(r"\ball the same\b", "still"),
    phrase(r"\banew\b", "again"),
    phrase(r"\bfor good\b", "permanently"),
    phrase(r"\bbesides\b", "also"),
    phrase(r"\bmeanwhile\b", "in the meantime"),
    phrase(r"\bin (?:its|their) stead\b", "instead"),
    phrase(r"\bmend(?:s|ed|ing)?\b", "fix"),
    phrase(r"\bshall\b", "should, or must"),
    phrase(r"\b(?<!leave )(?<!left )(?<!let )(?<!it )(?<!them )(?<!others )alone\b", "only"),
    phrase(r"\b(?:am|are|be|is|was|were) told\b", "gets a message, or is logged"),
    phrase(r"\bhear(?:s|d)? of\b", "is notified about, or sees"),
    phrase(r"\bsa(?:y|ys|id) of\b", "says about"),
    phrase(r"(?<!there )\b(?:is|are|was|were) (?:no|(?-i:none))\b(?! longer\b| more than\b)", "is not a"),
    phrase(r"\bnone of (?:ours|theirs|his|hers)\b", "doesn't belong to us"),
    phrase(r"\bnothing that\b", "no, or not any, with the noun"),
    phrase(r"\b(?:limit|rule|block|setting)s? holds?\b", "applies, or is enforced"),
    phrase(r"\btak(?:e|es|en|ing) back\b", "undo"),
    phrase(r"\bw(?:rite|rites|ritten|riting|rote) down\b", "store, record, or log"),
    phrase(r"\bas ever\b", "as usual"),
    phrase(r"(?:(?:^|[.;] )whose?|: who \w+s)\b(?![^.]*\?)", "name the person: a member who, a member whose"),
    phrase(r"(?:^|[.;:] )where\b(?![^.]*\?)", "If, or When"),
    phrase(r"\b(?:be|were) it\b", "even if, or whether"),
    phrase(r"\bso many\b", "this many, or the number"),
    phrase(r"\bfar ends?\b", "the platform, the service, or Discord and Apiframe"),
    phrase(r"\bdoors?\b", "entry point, command, or endpoint"),
    phrase(r"\bbooks\b", "ledger"),
    phrase(r"\bin vain\b", "without success"),
    phrase(r"\bstumbl(?:e|es|ed)\b", "fails"),
    phrase(r"\b(?:hears?|heard)\b", "gets, or is notified"),
)

BEGINNINGS = (
    phrase(r"(?:what|who)\b(?! to\b)", "begin with a noun or a verb: the thing itself"),
    phrase(r"have\b", "begin with the verb: Do X"),
    phrase(r"let\b", "begin with the verb: Make X, Allow X"),
    phrase(r"(?:say|tell) whether\b", "Return True if"),
)
