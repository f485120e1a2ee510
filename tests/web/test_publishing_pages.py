"""Publishing and changing listings: forms keep what was typed and refuse what is not theirs."""

import re
from datetime import date, timedelta
from html import unescape
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from maillage.sharing.models import Draft, Listing
from maillage.web.sharing import screens
from tests.factories.directory import MandateFactory, StructureFactory
from tests.factories.sharing import DraftFactory, ListingFactory
from tests.factories.territory import CommuneFactory
from tests.sharing.test_photos import photo_file

pytestmark = pytest.mark.django_db

OFFER_FORM = reverse("publish-listing") + "?sens=offre"
NEED_FORM = reverse("publish-listing") + "?sens=besoin"


def filled(mandate, **changes):
    CommuneFactory(revel=True)
    form = {
        "structure": mandate.structure.pk,
        "title": "Camionnette avec hayon",
        "category": "technical.vehicles.van",
        "text": "Permis B",
        "quantity": "1",
        "commune": "Revel (31250)",
        "radius_km": "25",
        "weekdays": ["5", "6"],
        "starts_at": "9h",
        "ends_at": "18 h 30",
        "conditions": "price",
        "price": "12,50 €",
        "price_unit": "day",
        "visibility": "everyone",
    }
    return form | changes


def send(client, address, typed):
    """Fill the four screens with what ``typed`` has for each, look at the preview and publish.

    The answer is that of publishing, or that of the first screen that refuses or that a button shows again.
    """
    buttons = {name: typed[name] for name in ("find_readers",) if name in typed}
    fields = {name: value for name, value in typed.items() if name not in buttons}
    response = client.post(address, fields)
    for _ in screens.STEPS:
        if response.status_code != 302 or "verifier" in response.url or "/apercu/" in response.url:
            break
        pressed = buttons if "/conditions/" in response.url else {}
        response = client.post(response.url, fields | pressed)
    if response.status_code == 302 and "/apercu/" in response.url:
        page = client.get(response.url)
        return client.post(response.url, {"opened_at": page.context["draft"].modified_at.isoformat()})
    return client.get(response.url) if response.status_code == 302 else response


def text_of(response):
    return response.content.decode()


def test_words_suggest_categories(member):
    response = member.get(reverse("publish"), {"sens": "offre", "quoi": "une salle de réunion"})
    codes = [category.code for category in response.context["suggestions"]]
    assert codes == ["technical.premises.meeting_room", "technical.premises"]
    assert "categorie=technical.premises.meeting_room" in text_of(response)


@pytest.mark.parametrize(
    ("typed", "code", "unknown"),
    [
        ("une camionete", "technical.vehicles.van", "camionete"),
        ("deux bancss", "technical.equipment.events.tables", "bancss"),
        ("comptabilitée", "services.skills.accounting", "comptabilitee"),
    ],
)
def test_a_typing_mistake_finds_its_category_and_is_told(member, typed, code, unknown):
    response = member.get(reverse("publish"), {"sens": "offre", "quoi": typed})
    assert response.context["suggestions"][0].code == code
    assert f"Nous ne connaissons pas «\u00a0{unknown}\u00a0»" in text_of(response)
    assert f"quoi={quote(typed)}&amp;categorie={code}" in text_of(response)


def test_what_is_spelled_well_is_not_mended(member):
    response = member.get(reverse("publish"), {"sens": "offre", "quoi": "une salle de réunion et un rouleau"})
    assert response.context["suggestions"][0].code == "technical.premises.meeting_room"
    assert "Nous ne connaissons pas" not in text_of(response)


def test_unknown_words_lead_to_the_whole_list(member):
    response = member.get(reverse("publish"), {"sens": "besoin", "quoi": "<b>zzz</b>"})
    assert "Nous ne reconnaissons pas" in text_of(response)
    assert "<b>zzz</b>" not in text_of(response)


def test_no_word_at_all_is_refused(member):
    assert member.get(reverse("publish"), {"sens": "offre", "quoi": " "}).status_code == 422


def test_the_form_begins_with_what_is_known(member, mandate):
    url = reverse("publish-listing")
    page = member.get(url, {"sens": "besoin", "quoi": "minibus", "categorie": "technical.vehicles.minibus"})
    form = page.context["form"]
    assert form["title"].value() == "Minibus"
    assert form["category"].value() == "technical.vehicles.minibus"
    draft = DraftFactory(structure=mandate.structure, author=mandate.user, direction="need")
    where, how = (
        member.get(reverse("draft-screen", args=[draft.pk, step])).context["form"] for step in ("ou", "conditions")
    )
    assert where["commune"].value() == mandate.structure.commune.label
    assert how["visibility"].value() == "members"


def test_a_full_form_publishes(member, mandate):
    response = send(member, OFFER_FORM, filled(mandate, photo=photo_file(), photo_description="Le camion"))
    listing = Listing.objects.get()
    assert response.url == reverse("listing", args=[listing.pk])
    assert listing.structure == mandate.structure
    assert listing.price_cents == 1250
    assert listing.weekdays == [5, 6]
    assert listing.when == "le week-end de 9\u00a0h à 18\u00a0h\u00a030"
    assert listing.commune.name == "Revel"
    assert listing.photo.name.endswith(".webp")
    assert "Votre offre est publiée" in text_of(member.get(response.url))


def published(client, form, typed):
    """What the page says after publishing."""
    response = client.get(send(client, form, typed).url)
    assert response.status_code == 200
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize(("count", "said"), [(1, "1\u00a0besoin"), (2, "2\u00a0besoins")])
def test_publishing_an_offer_counts_the_needs_that_it_answers(member, mandate, count, said):
    ListingFactory.create_batch(count, need=True, structure__commune__revel=True)
    typed = filled(mandate, conditions="free", price="")
    assert published(member, OFFER_FORM, typed) == [
        f"Votre offre est publiée. Elle répond déjà à {said}\u00a0: voyez plus bas."
    ]


@pytest.mark.parametrize(("count", "said"), [(1, "1\u00a0offre y répond"), (2, "2\u00a0offres y répondent")])
def test_publishing_a_need_counts_the_offers_that_answer_it(member, mandate, count, said):
    ListingFactory.create_batch(count, structure__commune__revel=True)
    typed = filled(mandate, conditions="free", price="")
    assert published(member, NEED_FORM, typed) == [f"Votre besoin est publié. {said} déjà\u00a0: voyez plus bas."]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (OFFER_FORM, "Votre offre est publiée. Aucun besoin n’y correspond encore."),
        (NEED_FORM, "Votre besoin est publié. Aucune offre n’y répond encore."),
    ],
)
def test_publishing_what_nothing_answers_says_so_and_leads_to_the_neighbours(member, mandate, form, said):
    neighbours = [ListingFactory(category="technical.vehicles.minibus", structure__commune__revel=True) for _ in "ab"]
    neighbours[0].direction = "need"
    neighbours[0].save()
    [message] = published(member, form, filled(mandate))
    assert message.startswith(said)
    search = unescape(re.search(r'href="([^"]+)"', message)[1])
    found = neighbours[0] if form == OFFER_FORM else neighbours[1]
    assert member.get(search).context["found"].listings == [found]


def test_gratuit_typed_as_a_price_is_free(member, mandate):
    send(member, OFFER_FORM, filled(mandate, price="gratuit"))
    assert Listing.objects.get().conditions == "free"


def test_a_day_without_year_is_the_next_one(member, mandate):
    send(member, OFFER_FORM, filled(mandate, first_day="samedi", last_day="", weekdays=[]))
    day = Listing.objects.get().first_day
    assert day.weekday() == 5
    assert timedelta(0) < day - date.today() <= timedelta(days=8)  # noqa: DTZ011


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("title", {"title": ""}),
        ("title", {"title": "x" * 5000}),
        ("text", {"text": "x" * 100_000}),
        ("category", {"category": "technical"}),
        ("category", {"category": "<script>"}),
        ("commune", {"commune": "Xyzzyville"}),
        ("quantity", {"quantity": "0"}),
        ("quantity", {"quantity": "99999999999999999999"}),
        ("first_day", {"first_day": "32/13/2026"}),
        ("first_day", {"first_day": "01/01/9999"}),
        ("last_day", {"first_day": "02/12/2090", "last_day": "01/12/2020"}),
        ("ends_at", {"starts_at": "18h", "ends_at": "9h"}),
        ("ends_at", {"ends_at": ""}),
        ("starts_at", {"starts_at": "25 h"}),
        ("price", {"price": "-5"}),
        ("price", {"price": ""}),
        ("price", {"conditions": "free"}),
        ("weekdays", {"weekdays": ["9"]}),
        ("reader_query", {"visibility": "chosen"}),
        ("visibility", {"visibility": "world"}),
        ("radius_km", {"radius_km": "100000"}),
        ("readers", {"readers": ["1e5", "0 OR 1=1"]}),
        ("photo", {"photo": SimpleUploadedFile("a.jpg", b"<script>")}),
        ("structure", {"structure": "1 OR 1=1"}),
    ],
)
def test_a_wrong_form_is_422_keeps_what_was_typed_and_links_to_the_field(member, mandate, field, changes):
    response = send(member, OFFER_FORM, filled(mandate, text=changes.get("text", "Gardez ce texte"), **{
        name: value for name, value in changes.items() if name != "text"
    }))  # fmt: skip
    assert response.status_code == 422
    assert field in response.context["form"].errors
    page = text_of(response)
    assert "<title>Erreur" in page
    assert "Il y a un problème" in page
    assert "text" in changes or field == "structure" or Draft.objects.get().said("quoi", "text") == "Gardez ce texte"
    assert not Listing.objects.exists()


@pytest.mark.parametrize(
    ("step", "wrong"),
    [
        ("quoi", ["category", "quantity", "structure", "title"]),
        ("ou", ["commune"]),
        ("quand", []),
        ("conditions", ["conditions", "visibility"]),
    ],
)
def test_an_empty_screen_says_what_to_write_in_each_field(member, mandate, step, wrong):
    draft = DraftFactory(structure=mandate.structure, author=mandate.user, typed={step: {}})
    response = member.get(reverse("draft-screen", args=[draft.pk, step]) + "?verifier=1")
    assert sorted(response.context["form"].errors) == wrong
    assert response.status_code == (422 if wrong else 200)
    assert "est obligatoire" not in text_of(response)


def test_no_word_says_what_to_write(member):
    assert "par exemple «\u00a0une camionnette\u00a0»" in text_of(member.get(reverse("publish"), {"quoi": ""}))


@pytest.mark.parametrize(
    ("name", "longest", "over", "said"),
    [
        ("text", 4000, 312, "il dépasse de 312\u00a0signes. Raccourcissez-le à 4\u202f000\u00a0signes au plus."),
        ("title", 120, 1, "il dépasse de 1\u00a0signe. Raccourcissez-le à 120\u00a0signes au plus."),
        ("photo_description", 200, 2, "il dépasse de 2\u00a0signes."),
    ],
)
def test_a_text_that_is_too_long_is_kept_whole_and_says_by_how_much(member, mandate, name, longest, over, said):
    pasted = "é\r\n" * 20 + "x" * (longest - 40) if name == "text" else "x" * longest
    response = send(member, OFFER_FORM, filled(mandate, **{name: pasted + "y" * over}))
    assert said in response.context["form"].errors[name][0]
    assert "y" * over in text_of(response)
    assert "maxlength" not in str(response.context["form"][name])
    assert send(member, OFFER_FORM, filled(mandate, **{name: pasted})).status_code == 302


def test_a_photo_is_kept_when_another_field_is_wrong(member, mandate):
    response = send(member, OFFER_FORM, filled(mandate, title="", photo=photo_file(), photo_description="Le hayon"))
    assert list(response.context["form"].errors) == ["title"]
    [(picture, description)] = response.context["form"].picture_rows
    assert description.value() == "Le hayon"
    assert member.get(picture.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("kind", ["someone else's", "former", "dissolved", "garbage"])
def test_no_one_publishes_for_a_structure_that_is_not_theirs(member, mandate, kind):
    theirs = {
        "someone else's": lambda: StructureFactory().pk,
        "former": lambda: MandateFactory(user=mandate.user, ended=True).structure.pk,
        "dissolved": lambda: MandateFactory(user=mandate.user, structure__dissolved=True).structure.pk,
        "garbage": lambda: "1 OR 1=1",
    }[kind]()
    response = send(member, OFFER_FORM, filled(mandate, structure=theirs))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["structure"]
    assert not Listing.objects.exists()


def test_readers_are_searched_then_chosen_without_a_script(member, mandate):
    reader = StructureFactory(name="Les Amis du théâtre")
    typed = filled(mandate, visibility="chosen", reader_query="théâtre", find_readers="1", price="pas encore")
    response = send(member, OFFER_FORM, typed)
    page = text_of(response)
    assert response.status_code == 200
    assert reader.name in page
    assert "pas encore" in page
    assert "Il y a un problème" not in page
    send(member, OFFER_FORM, filled(mandate, visibility="chosen", readers=[reader.pk]))
    assert list(Listing.objects.get().readers.all()) == [reader]


@pytest.mark.parametrize("sent", [{}, {"find_readers": "1"}, {"title": ""}])
def test_a_number_does_not_give_the_name_of_a_hidden_structure(member, mandate, sent):
    hidden = StructureFactory(name="Amicale secrète", state="suppressed")
    response = send(member, OFFER_FORM, filled(mandate, visibility="chosen", readers=[hidden.pk], **sent))
    assert response.status_code == (200 if "find_readers" in sent else 422)
    assert hidden.name not in text_of(response)
    assert not Listing.objects.exists()


def test_an_offer_may_leave_what_its_costs_are_to_be_agreed(member, mandate):
    response = send(member, OFFER_FORM, filled(mandate, conditions="cost_share", price=""))
    assert "Participation aux frais à convenir" in text_of(member.get(response.url))
    assert Listing.objects.get().price_cents is None


def test_a_price_that_is_missing_says_what_to_choose_when_it_is_to_be_agreed(member, mandate):
    page = text_of(send(member, OFFER_FORM, filled(mandate, price="")))
    assert "S’il est à convenir, choisissez «\u00a0Participation aux frais\u00a0»" in page


def test_a_need_may_be_published_without_price(member, mandate):
    send(member, NEED_FORM, filled(mandate, conditions="cost_share", price="", visibility="members"))
    listing = Listing.objects.get()
    assert (listing.direction, listing.price_cents, listing.visibility) == ("need", None, "members")


# What the newcomer of November met.


@pytest.mark.parametrize(("category", "count"), [("technical.equipment", 40), ("technical.premises", 1)])
def test_the_number_of_the_title_is_in_the_form(member, category, count):
    asked = {"sens": "offre", "quoi": "40 chaises pliantes", "categorie": category}
    assert member.get(reverse("publish-listing"), asked).context["form"]["quantity"].value() == count


@pytest.mark.parametrize(
    ("details", "is_said"),
    [({"quantity": 40}, True), ({"quantity": 1}, False), ({"quantity": 2, "category": "technical.premises"}, False)],
)
def test_how_many_is_said_of_things_that_are_several(client, details, is_said):
    page = client.get(ListingFactory(**{"category": "technical.equipment", **details}).get_absolute_url())
    assert ("<dt>Combien</dt>" in text_of(page)) is is_said


def test_the_only_category_that_fits_is_not_asked_for(member):
    asked = {"sens": "besoin", "quoi": "vidéoprojecteur"}
    response = member.get(reverse("publish"), asked)
    assert response.status_code == 302
    form = member.get(response.url).context["form"]
    assert form["title"].value() == "Vidéoprojecteur"
    assert form["category"].value().startswith("technical.equipment")


def test_continuing_leads_to_the_choice_below(member):
    assert f'action="{reverse("publish")}#suite"' in text_of(member.get(reverse("publish")))
