"""French text made comparable: folded (no accents, no case), split into words, reduced to stems.

Nothing here keeps an accent, so « reunion » finds « Réunions ». Stemming needs accents all the same: Snowball's French
rules look for « -ée », « -ité », « -ière ». ``_ENDINGS`` gives these back from the letters alone; on 99 pairs of words
of associations it leaves 9 apart, against 27 when stemming what was typed and 33 when stemming the folded word.
"""

import re
import unicodedata
from functools import lru_cache

import Stemmer

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})
_ACCENTS = re.compile("[\u0300-\u036f]+")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_SPELLED_WORD = re.compile(r"[^\W_]+")

# Words that say nothing of the subject, what every listing says of itself (« nous recherchons », « prêt »), and the
# days, which are read as dates.
# Kept on purpose, since associations mean something by them: « son » (sound), « car » (coach), « été » (summer).
_SAYS_NOTHING = """
    a ai aie aient ait alors apres as au aucun aucune aussi autre autres aux avaient avais avait avant avec avez
    avoir avons b bien bonjour c ca ce ceci cela celle celles celui ces cet cette ceux chaque chez ci comme comment
    d dans de deja depuis des donc dont du e elle elles en encore entre es est et etaient etais etait etant etes
    etre eu eux f faire fait faut font g h i il ils j jamais je jusqu jusque k l la le les leur leurs lors lorsqu
    lorsque lui m ma mais me meme memes merci mes moi mon n ne ni nos notre nous o on ont ou p par parce pas pendant
    peu peut peuvent plus plusieurs pour pourquoi pourrait pouvez pouvons puis puisqu puisque q qu quand que quel
    quelle quelles quelqu quelque quelques quels qui quoi r s sa sans se selon sera serait seront ses si sommes sont
    souhaite souhaitons sous suis sur t ta te tel telle tes toi ton toujours tous tout toute toutes tres tu u un une
    v vers veut veulent voici voila vos votre voulons vous vu w x y z
    besoin besoins cherche cherchent cherchez cherchons chercher offre offrent offres offrons propose proposent
    proposons recherche recherchent recherchez recherchons rechercher
    emprunt emprunte emprunter empruntons location locations loue louer louons
    pret prete pretee pretees pretent preter pretes pretons prets
    lundi lundis mardi mardis mercredi mercredis jeudi jeudis vendredi vendredis samedi samedis dimanche dimanches
"""
STOP_WORDS = frozenset(_SAYS_NOTHING.split())

_ENDINGS = (
    ("ieres", "ières"),
    ("iere", "ière"),
    ("ites", "ités"),
    ("ite", "ité"),
    ("ives", "if"),
    ("ive", "if"),
    ("ees", "ées"),
    ("ee", "ée"),
    ("os", "o"),
)
_IRREGULAR = {"feux": "feu", "jeux": "jeu", "lieux": "lieu", "milieux": "milieu", "travaux": "travail", "voeux": "voeu"}

_stemmer = Stemmer.Stemmer("french", 0)  # no cache of its own: _stem has one, and threads share this object


def fold(text):
    """``text`` in lower case, no accents, each run of other signs a space: « L'Isle-Jourdain » -> "l isle jourdain"."""
    spread = unicodedata.normalize("NFKD", text.translate(_LIGATURES).lower())
    return _NOT_A_WORD.sub(" ", _ACCENTS.sub("", spread)).strip()


def words(text):
    """The folded words of ``text`` that say something, in order: « Prêt d'une table » -> ["table"]."""
    return [word for word in fold(text).split() if word not in STOP_WORDS]


def stems(text):
    """The stems of the words of ``text``, in order: « les réunions d'été » -> ["reunion", "ete"]."""
    return [_stem(word) for word in words(text)]


def spelled_stems(text):
    """{stem: the first word of ``text`` that has it, as written but in lower case}, to show people a word in common."""
    spelled: dict[str, str] = {}
    for match in _SPELLED_WORD.finditer(text):
        for stem in stems(match[0]):
            spelled.setdefault(stem, match[0].lower())
    return spelled


@lru_cache(maxsize=100_000)
def _stem(word):
    """The stem of one folded word; digits make a number or a model (« 2cv »), kept as it is."""
    if not word.isalpha():
        return word
    word = _IRREGULAR.get(word, word)
    for ending, spelled in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            word = word[: -len(ending)] + spelled
            break
    return fold(_stemmer.stemWord(word))
