"""Flesch-Kincaid grade of a text: about the years of school that it asks of a reader."""

import re


def grade(text: str) -> float:
    """Lines and sentences both end a thought; syllables are counted by vowels."""
    words = re.findall(r"[A-Za-z']+", text)
    sentences = [
        part for part in re.split(r"[.!?:\n]+", text) if re.search(r"\w", part)
    ]
    each = sum(syllables(word) for word in words) / len(words)
    return 0.39 * len(words) / len(sentences) + 11.8 * each - 15.59


def syllables(word: str) -> int:
    word = word.lower()
    groups = len(re.findall(r"[aeiouy]+", word))
    if word.endswith("e") and not word.endswith("le"):
        groups -= 1
    return max(groups, 1)
