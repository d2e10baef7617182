"""A corpus of any size: stories in words of our own, and all that sites make of them.

Every document is a mapping with ``id``, ``text``, ``title``, ``url`` and ``date``, the same for the
same numbers. Some stories stand alone; others come as copies, excerpts, spun rewrites, pieces of
digests, issues of a series, templates with other facts, and in scripts without capitals or spaces.
"""

import random
from datetime import date, timedelta

SMALL_WORDS = (
    "the council said that plans for a road were late and more money would be needed before work "
    "could start again after winter when crews return to repair what storms had broken while many "
    "people who live near asked why nobody told them how long it might take to open"
).split()
SYNONYMS = {word: f"{word}ish" for word in SMALL_WORDS if len(word) > 3}
FIRST = "Alma Piet Rosa Ivo Nia Karel Una Max Edda Tomas Lene Bo".split()
LAST = "Brandt Okker Lind Tarn Holm Dub Berg Orr McArdle VanDerWal Quist Sorel".split()
PLACES = "Vostok Harbour Kalmar Bellfort Grantham Lunary Ostend Ferry Mill Tarnow".split()
SYLLABLES = "ba ke li mo ru sta pre von dal tir gan hes".split()
SITES = ["harbour-daily.example", "mill.example", "news.tarnow.example", "ferry-post.example"]
FURNITURE = {
    "harbour-daily.example": (
        "Harbour Daily\nHome\nNews\nSport",
        "All rights reserved.\nSource link",
    ),
    "mill.example": ("[ad_1]", "[ad_2]\n\nSource link"),
    "news.tarnow.example": ("Listen to this story\nThe Tarnow Record since 1911", "Share this:"),
    "ferry-post.example": ("", "Edited By: Jo Park\n\nLeave a Comment"),
}
RUSSIAN = (
    "городской совет решил закрыть старый мост через реку потому что ремонт стоит дорого".split()
)
CHINESE = "市议会周一投票决定关闭这座旧桥该桥自一九一一年以来一直通行有轨电车居民对此意见不一工程师说修理需要四千万"


def sentences(seed, number=14):
    """A story with words, names and numbers of its own."""
    rng = random.Random(seed)
    own = ["".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) for _ in range(40)]
    people = [f"{rng.choice(FIRST)} {rng.choice(LAST)}" for _ in range(3)]
    places = [f"{rng.choice(PLACES)}{rng.choice(['', '', rng.randint(2, 99)])}" for _ in range(3)]
    made = []
    for _ in range(number):
        words = rng.choices(SMALL_WORDS, k=rng.randint(6, 12)) + rng.choices(own, k=5)
        rng.shuffle(words)
        words.insert(3, rng.choice(people))
        words.insert(6, f"in {rng.choice(places)}")
        words.insert(9, str(rng.randint(100, 99_999)))
        if rng.random() < 0.2:
            words.insert(2, "“" + rng.choice(own) + " " + rng.choice(own) + "”")
        if rng.random() < 0.2:  # one word, many spellings
            words.insert(5, rng.choice(["Nato", "NATO", "nato", "McArdle", "MCARDLE"]))
        made.append(" ".join(words).capitalize() + ".")
    return made


def spun(story, rng):
    """The story with its small words exchanged; names and numbers stay."""
    return [
        " ".join(SYNONYMS[w] if w in SYNONYMS and rng.random() < 0.5 else w for w in s.split(" "))
        for s in story
    ]


def variant(number, story, rng):
    """What a site makes of a story: ten kinds, by number."""
    kind = number % 10
    if kind < 3:
        return story
    if kind == 3:
        return [s for s in story if rng.random() < 0.9]
    if kind == 4:
        return story[: len(story) // 2]
    if kind == 5:
        return spun(story, rng)
    if kind == 6:
        return [*story, *sentences(f"more {number}", 8)]
    if kind == 7:
        return [part for n in range(3) for part in sentences((number // 7 + n) % 90, 5)]
    if kind == 8:
        return [s.replace("1", "7").replace("Alma", "Otto") for s in story]
    return [" ".join(rng.choices(RUSSIAN, k=60)), "".join(rng.choices(CHINESE, k=80))]


def documents(count, seed=1):
    """Yield documents in order of their ids; half are alone, the others are of some story."""
    for number in range(count):
        rng = random.Random(f"{seed} {number}")
        shared = number % 2
        key = f"{seed} {rng.randrange(count // 8 + 1)}" if shared else f"{seed} alone {number}"
        story = sentences(key, 14 if number % 11 else 2)
        if shared:
            story = variant(rng.randrange(10_000), story, rng)
        yield document(number, "\n\n".join(_paragraphs(story)), rng)


def document(number, text, rng, name="doc"):
    """One document with title, address and, if known, its day."""
    site = rng.choice(SITES)
    title = " ".join(rng.choices(SMALL_WORDS, k=6)).capitalize()
    if number % 13 == 0:
        title = f"The morning letter: {title}"
    day = date(2024, 1, 1) + timedelta(days=rng.randrange(60))
    return {
        "id": f"{name}-{number:06}",
        "text": text,
        "title": title if number % 5 else None,
        "url": f"https://{site}/{day:%Y/%m/%d}/{number}",
        "date": day.isoformat() if number % 3 else None,
    }


def skewed(count, seed=1):
    """Yield a corpus of which a third is one story word for word, and a third nearly so."""
    story = _paragraphs(sentences(f"{seed} hot", 20))
    for number, usual in enumerate(documents(count, seed)):
        rng = random.Random(f"{seed} skew {number}")
        if number % 3 == 0:
            yield document(number, "\n\n".join(story), rng, "copy")
        elif number % 3 == 1:
            other = list(story)
            other[number % len(other)] += f" Update {number} by {rng.choice(LAST)}."
            yield document(number, "\n\n".join(other), rng, "edit")
        else:
            yield usual


def pages(count, seed=1):
    """Yield documents inside the furniture of their sites."""
    for made in documents(count, seed):
        head, foot = FURNITURE[made["url"].split("/")[2]]
        yield made | {"text": f"{head}\n\n{made['title'] or ''}\n\n{made['text']}\n\n{foot}"}


def _paragraphs(story):
    return [" ".join(story[i : i + 3]) for i in range(0, len(story), 3)]
