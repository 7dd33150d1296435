"""Finding treatments by words, the same on every database.

A treatment is found when each word stands somewhere in what is said of it. Where it
stands is told, because a word among the reasons against a treatment is no reason for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Said = Sequence[tuple[str, str]]  # label and text, the most telling first
MOST_PLACES = 3
MARKS = ".,;:!?\"'()[]\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"


@dataclass(frozen=True, slots=True)
class Hit:
    """A treatment that was found, how well it fits, and where the words stand."""

    code: str
    rank: int
    places: tuple[str, ...]


def words_of(query: str) -> list[str]:
    """The different words of a query, without case and marks around them."""
    words = (word.strip(MARKS) for word in query.casefold().split())
    return list(dict.fromkeys(filter(None, words)))


def find(query: str, texts: Mapping[str, Said]) -> list[Hit]:
    """What holds every word of the query, the best first."""
    words = words_of(query)
    if not words:
        return []
    hits = (hit_of(code, words, said) for code, said in texts.items())
    return sorted(filter(None, hits), key=lambda hit: hit.rank)


def hit_of(code: str, words: Iterable[str], said: Said) -> Hit | None:
    folded = [(label, text.casefold()) for label, text in said]
    ranks: list[int] = []
    for word in words:
        held = [at for at, (_, text) in enumerate(folded) if word in text]
        if not held:
            return None
        ranks += held[:MOST_PLACES]
    places = dict.fromkeys(folded[at][0] for at in sorted(ranks))
    return Hit(code, min(ranks), tuple(places)[:MOST_PLACES])
