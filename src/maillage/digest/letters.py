"""The letters of news and of ends: the subject says the first fact, sections the rest, each with where to read it."""

from urllib.parse import urljoin

from django.urls import reverse

from maillage.accounts import links
from maillage.engine.french import HYPHEN, NBSP, count_fr, date_fr, day_fr, join_fr
from maillage.kernel.letters import Action, Item, Letter, Section, cut, hello
from maillage.sharing import alerts
from maillage.sharing.models import Listing

MOST_ITEMS = 5  # of a section: a letter is read on a telephone
LONGEST_ITEM = 160
LONGEST_TITLE = 90
MOST_ENDS = 30


def digest(news, site):
    sections = tuple(
        section
        for section in (*_alerts(news, site), _matches(news, site), _unread(news, site), _opportunities(news, site))
        if section is not None
    )
    return Letter(
        subject=cut(_fact(news)),
        title=hello(news.person),
        paragraphs=("Voici ce qui est nouveau sur Maillage, pour vous et vos associations.",),
        sections=sections,
        action=Action.to("Ouvrir mon espace", site, "my-space"),
        after=(f"Choisissez le jour de ces e{HYPHEN}mails dans «{NBSP}Mon compte{NBSP}».",),
        why="Vous recevez ce message parce que vous avez un compte sur Maillage.",
        leave=_way_out(news.person, site),
    )


def reminder(person, ending, today, site):
    """ending: the listings that end, those of all structures of the person together; each has a link of its own."""

    def item(listing):
        return Item(_end(listing, today), _answer(person, listing, site))

    if len(ending) == 1:
        (listing,) = ending
        paragraphs, sections = (f"{_end(listing, today)}.", "Renouvelez cette annonce si elle vaut encore."), ()
        action = Action("Renouveler ou laisser expirer", _answer(person, listing, site))
    else:
        paragraphs = ("Ces annonces arrivent à leur fin. Pressez celles qui valent encore, pour les renouveler.",)
        more = urljoin(site, reverse("my-listings"))
        sections = (_section("Vos annonces", ending, item, more, most=MOST_ENDS),)
        action = Action.to("Voir mes annonces", site, "my-listings")
    structures = list(dict.fromkeys(listing.structure.name for listing in ending))
    return Letter(
        subject=cut(_fact_of_ends(ending, today)),
        title=hello(person),
        paragraphs=paragraphs,
        sections=sections,
        action=action,
        after=(
            f"Sans réponse, une annonce n’est plus montrée après sa date. Elle reste dans «{NBSP}Mes annonces{NBSP}».",
            f"Le lien d’une annonce marche 45{NBSP}jours, sans vous connecter.",
        ),
        why=f"Vous recevez ce message parce que vous agissez pour {join_fr(structures[:MOST_ITEMS])} sur Maillage.",
        leave=_way_out(person, site),
    )


def _answer(person, listing, site):
    token = links.sign("renew", person=person.pk, listing=listing.pk, until=listing.valid_until.isoformat())
    return urljoin(site, reverse("answer-reminder", args=[token]))


def _end(listing, today):
    said = "a expiré le" if listing.valid_until < today else "est en ligne jusqu’au"
    return f"«{NBSP}{cut(listing.title, LONGEST_TITLE)}{NBSP}» {said} {date_fr(listing.valid_until)}"


def _fact_of_ends(ending, today):
    first = ending[0]
    if len(ending) > 1:
        return f"{len(ending)}{NBSP}de vos annonces arrivent à leur fin"
    if first.valid_until < today:
        return f"Annonce expirée{NBSP}: {first.title}"
    return f"Expire le {day_fr(first.valid_until)}{NBSP}: {first.title}"


def _way_out(person, site):
    return urljoin(site, reverse("leave-digest", args=[links.sign("leave-digest", person=person.pk)]))


def _fact(news):
    """« Nouveau : Fourgon du foyer, à Revel », or how many, of what matters most."""
    found = {listing.pk: listing for _, listings in news.alerts for listing in listings}
    if len(found) == 1:
        (listing,) = found.values()
        return f"Nouveau{NBSP}: {_named(listing)}"
    if found:
        return f"{count_fr(len(found), 'nouvelle annonce', 'nouvelles annonces')} pour vos alertes"
    answers = {listing.pk: listing for _, listings in news.matches for listing in listings}
    if len(answers) == 1:
        (listing,) = answers.values()
        return f"Répond à votre annonce{NBSP}: {_named(listing)}"
    if answers:
        return f"{count_fr(len(answers), 'annonce répond', 'annonces répondent')} aux vôtres"
    if news.unread:
        names = list(dict.fromkeys(name for one in news.unread for name in one.names))
        return f"Messages à lire{NBSP}: {join_fr(names[:2])}"
    return f"{count_fr(len(news.parties), 'occasion attend', 'occasions attendent')} votre réponse"


def _alerts(news, site):
    for saved, found in news.alerts:
        yield _section(
            alerts.sentence(saved),
            found,
            lambda listing: Item(_named(listing), urljoin(site, listing.get_absolute_url())),
            urljoin(site, reverse("alerts")),
        )


def _matches(news, site):
    def item(pair):
        own, listing = pair
        return Item(f"{_named(listing)}{NBSP}: {_answers(own)}", urljoin(site, listing.get_absolute_url()))

    pairs = [(own, listing) for own, found in news.matches for listing in found]
    return _section("Pour vos annonces", pairs, item, urljoin(site, reverse("my-listings")))


def _answers(own):
    kind = "besoin" if own.direction == Listing.Direction.NEED else "offre"
    return f"répond à votre {kind} «{NBSP}{own.title}{NBSP}»"


def _unread(news, site):
    def item(one):
        return Item(
            f"{join_fr(one.names)}{NBSP}: {count_fr(one.count, 'message')}, «{NBSP}{one.subject}{NBSP}»",
            urljoin(site, reverse("conversation", args=[one.conversation])),
        )

    return _section("Messages à lire", news.unread, item, urljoin(site, reverse("conversations")))


def _opportunities(news, site):
    def item(party):
        return Item(
            f"{party.opportunity.get_kind_display().capitalize()} pour {party.structure.name}",
            urljoin(site, party.get_absolute_url()),
        )

    return _section(
        "Occasions qui attendent votre réponse", news.parties, item, urljoin(site, reverse("opportunities"))
    )


def _section(title, found, item, more, *, most=MOST_ITEMS):
    """The first of ``found``, each as its ``item``, and where the others are; None when there is none."""
    if not found:
        return None
    items = [item(one) for one in found[:most]]
    shown = tuple(Item(cut(one.text, LONGEST_ITEM), one.url) for one in items)
    others = len(found) - len(shown)
    if others:
        shown += (Item(f"Et {count_fr(others, 'autre')}", more),)
    return Section(title, shown)


def _named(listing):
    return f"{listing.title}, à {listing.commune.name}"
