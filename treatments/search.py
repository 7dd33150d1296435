"""Finding treatments by words, the same on every database.

A treatment is found when each word stands somewhere in what is said of it, however it
is joined and whatever it ends with: "microneedling" finds "Micro-needling", "scarring"
finds "scars". Where it stands is told, because a word among the reasons against a
treatment is no reason for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Said = Sequence[tuple[str, str]]  # label and text, the most telling first
MOST_PLACES = 3
HYPHENS = "-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{SOFT HYPHEN}"
MARKS = (
    ".,;:!?\"'()[]\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
    + HYPHENS
)
JOIN = dict.fromkeys(map(ord, HYPHENS))
ENDINGS = ("ies", "ing", "es", "s")
SHORTEST = 4  # what is left of a word without its ending still tells what it is


@dataclass(frozen=True, slots=True)
class Hit:
    """A treatment that was found, how well it fits, and where the words stand."""

    code: str
    rank: int
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One of the texts of a treatment, without case and hyphens."""

    label: str
    text: str
    joined: frozenset[str]  # its words, each with the next: "dryneedling"

    def holds(self, forms: Iterable[str]) -> bool:
        return any(
            form in self.text or any(pair.startswith(form) for pair in self.joined)
            for form in forms
        )


def words_of(query: str) -> list[str]:
    """The different words of a query, without case and marks around them."""
    words = (word.strip(MARKS) for word in query.casefold().split())
    return list(dict.fromkeys(filter(None, words)))


def find(
    query: str, texts: Mapping[str, Said], synonyms: Mapping[str, str] | None = None
) -> list[Hit]:
    """What holds every word of the query, or what it stands for; the best first."""
    words = words_of(query)
    if not words:
        return []
    known = {stem(folded(word)): said for word, said in (synonyms or {}).items()}
    forms = [forms_of(word, known) for word in words]
    hits = (hit_of(code, forms, said) for code, said in texts.items())
    return sorted(filter(None, hits), key=lambda hit: hit.rank)


def folded(text: str) -> str:
    """Without case and hyphens, so that it matters not how words are joined."""
    return text.casefold().translate(JOIN)


def stem(word: str) -> str:
    """A word without a common ending: "scar" of "scars" and of "scarring"."""
    for ending in ENDINGS:
        rest = word.removesuffix(ending)
        if ending == "ing" and rest[-1:] == rest[-2:-1]:
            rest = rest[:-1]
        if word.endswith(ending) and len(rest) >= SHORTEST:
            return rest
    return word


def forms_of(word: str, synonyms: Mapping[str, str]) -> list[str]:
    """What may stand in a text instead of a word that was asked for."""
    asked = stem(folded(word))
    return [asked, folded(synonyms[asked])] if asked in synonyms else [asked]


def part_of(label: str, text: str) -> Part:
    text = folded(text)
    words = (word.strip(MARKS) for word in text.split())
    return Part(label, text, frozenset(map("".join, pairwise(words))))


def hit_of(code: str, words: Iterable[Iterable[str]], said: Said) -> Hit | None:
    parts = [part_of(label, text) for label, text in said]
    ranks: list[int] = []
    for forms in words:
        held = [at for at, part in enumerate(parts) if part.holds(forms)]
        if not held:
            return None
        ranks += held[:MOST_PLACES]
    places = dict.fromkeys(parts[at].label for at in sorted(ranks))
    return Hit(code, min(ranks), tuple(places)[:MOST_PLACES])
