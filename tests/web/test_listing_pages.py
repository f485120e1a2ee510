"""The page of a listing, its photo, its calendar and its answers, for every role."""

import re
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from maillage.sharing.models import Listing
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory
from tests.factories.sharing import ListingFactory
from tests.sharing.test_photos import photo_file

pytestmark = pytest.mark.django_db


def text_of(response):
    return response.content.decode()


# Who may see what.


@pytest.mark.parametrize(
    ("traits", "visitor", "account", "agent", "other_member", "own"),
    [
        ({}, 200, 200, 200, 200, 200),
        ({"need": True}, 404, 404, 200, 200, 200),
        ({"visibility": "network"}, 404, 404, 404, 404, 200),
        ({"visibility": "chosen"}, 404, 404, 404, 404, 200),
        ({"paused": True}, 404, 404, 404, 404, 200),
        ({"closed": True}, 410, 410, 410, 410, 200),
        ({"closed": True, "need": True}, 404, 404, 410, 410, 200),
        ({"closed": True, "visibility": "network"}, 404, 404, 404, 404, 200),
        ({"closed": True, "structure__state": "suppressed"}, 404, 404, 404, 404, 200),
        ({"structure__state": "suppressed"}, 404, 404, 404, 404, 200),
    ],
)
def test_listing_page_and_its_photo_answer_each_role(client, traits, visitor, account, agent, other_member, own):
    listing = ListingFactory(**traits)
    listing.photo.save("x.webp", photo_file("WEBP"))
    people = [
        (None, visitor),
        (UserFactory(), account),
        (UserFactory(is_agent=True), agent),
        (MandateFactory().user, other_member),
        (MandateFactory(structure=listing.structure).user, own),
    ]
    for user, expected in people:
        client.logout()
        if user:
            client.force_login(user)
        assert client.get(reverse("listing", args=[listing.pk])).status_code == expected
        has_photo = 200 if expected == 200 else 404
        assert client.get(reverse("listing-photo", args=[listing.pk])).status_code == has_photo


@pytest.mark.parametrize("name", ["edit-listing", "pause-listing", "resume-listing", "close-listing"])
def test_only_those_who_act_for_the_structure_change_a_listing(client, member, name):
    listing = ListingFactory()
    url = reverse(name, args=[listing.pk])
    assert member.post(url).status_code == 403
    hidden = ListingFactory(closed=True)
    assert member.post(reverse(name, args=[hidden.pk])).status_code == 404
    client.logout()
    assert "Votre session est terminée" in text_of(client.post(url))
    assert list(Listing.objects.values_list("state", flat=True).order_by("pk")) == ["published", "closed"]


@pytest.mark.parametrize("name", ["publish", "publish-listing", "my-listings"])
def test_a_visitor_is_asked_to_sign_in(client, name):
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["publish", "publish-listing", "my-listings"])
def test_an_account_without_structure_is_told_what_to_do(client, name):
    client.force_login(UserFactory())
    response = client.get(reverse(name), follow=True)
    assert "liée à aucune" in text_of(response) or "lié à aucune" in text_of(response)


@pytest.mark.parametrize("pk", [0, 404_404, 10**18, 10**30])
def test_a_listing_that_does_not_exist_is_not_found(client, pk):
    assert client.get(f"/annonces/{pk}/").status_code == 404
    assert client.get(f"/annonces/{pk}/photo/").status_code == 404


@pytest.mark.parametrize("name", ["pause-listing", "resume-listing", "close-listing"])
def test_states_change_by_post_only(member, mandate, name):
    listing = ListingFactory(structure=mandate.structure)
    assert member.get(reverse(name, args=[listing.pk])).status_code == 405


def test_a_hidden_listing_says_to_a_visitor_no_more_than_one_that_does_not_exist(client):
    need = ListingFactory(need=True)
    addresses = [f"/annonces/{pk}/" for pk in (need.pk, need.pk + 1)]
    hidden, absent = [client.get(address) for address in addresses]
    assert hidden.status_code == absent.status_code == 404
    assert text_of(hidden).replace(*addresses) == text_of(absent)


def test_the_author_of_a_hidden_listing_comes_to_it_by_signing_in(client, mandate):
    need = ListingFactory(need=True, structure=mandate.structure)
    mandate.user.set_password("tricot-et-pastel")
    mandate.user.save()
    sign_in = re.search(r'href="([^"]+next=[^"]+)">connectez‑vous', text_of(client.get(need.get_absolute_url())))[1]
    typed = {"login": mandate.user.email, "password": "tricot-et-pastel"}
    response = client.post(sign_in, typed, follow=True)
    assert (response.status_code, response.context["listing"]) == (200, need)
    assert "Si vous avez un compte" not in text_of(client.get("/annonces/0/"))


# What an old link finds.


@pytest.mark.parametrize(
    ("traits", "status", "said"),
    [
        ({"closed": True}, 410, "Cette annonce est terminée"),
        ({"paused": True}, 404, "Cette annonce est en pause"),
    ],
)
def test_an_old_link_leads_to_what_is_like_it_nearest_first_and_tells_nothing_of_the_listing(
    client, traits, status, said
):
    old = ListingFactory(title="Titre retiré", structure__commune__revel=True, **traits)
    far, near = ListingFactory(structure__commune__toulouse=True), ListingFactory(structure__commune__revel=True)
    ListingFactory(category="technical.premises.hall")
    ListingFactory(need=True, visibility="everyone")
    response = client.get(old.get_absolute_url())
    assert (response.status_code, response.context["similar"]) == (status, [near, far])
    assert said in text_of(response)
    for hidden in (old.title, old.structure.name):
        assert hidden not in text_of(response)


def test_an_old_link_widens_its_category_when_nothing_is_like_it(client):
    old = ListingFactory(closed=True)
    minibus = ListingFactory(category="technical.vehicles.minibus")
    assert client.get(old.get_absolute_url()).context["similar"] == [minibus]
    minibus.delete()
    assert "Rien de semblable pour l’instant" in text_of(client.get(old.get_absolute_url()))


def test_a_listing_whose_last_day_is_past_says_so_and_shows_what_is_like_it(client):
    past = ListingFactory(last_day=date(2026, 1, 31))
    open_one = ListingFactory()
    page = client.get(past.get_absolute_url())
    assert (page.status_code, page.context["similar"]) == (200, [open_one])
    assert "Son dernier jour était le samedi 31\u00a0janvier" in text_of(page)
    assert "Cette annonce est passée" not in text_of(client.get(open_one.get_absolute_url()))


@pytest.mark.parametrize("count", [1, 6])
def test_cost_of_an_old_link_does_not_grow_with_what_is_like_it(client, count, django_assert_num_queries):
    old = ListingFactory(closed=True)
    ListingFactory.create_batch(count)
    client.get(old.get_absolute_url())
    with django_assert_num_queries(10):
        response = client.get(old.get_absolute_url())
    assert len(response.context["similar"]) == count


# The page of a listing.


def test_a_title_is_shown_as_text_whatever_it_holds(client):
    listing = ListingFactory(title="<script>alert(1)</script>", text='"><img src=x onerror=alert(1)>' * 100)
    page = text_of(client.get(reverse("listing", args=[listing.pk])))
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page


def test_a_need_shows_its_offers_and_why(member):
    need = ListingFactory(need=True)
    offer = ListingFactory()
    response = member.get(reverse("listing", args=[need.pk]))
    assert [answer.listing for answer in response.context["answers"]] == [offer]
    assert "Exactement la catégorie demandée" in text_of(response)


def test_an_offer_shows_needs_to_members_only(client, member):
    offer = ListingFactory()
    need = ListingFactory(need=True)
    url = reverse("listing", args=[offer.pk])
    assert need.title in text_of(member.get(url))
    client.logout()
    response = client.get(url)
    assert need.title not in text_of(response)
    assert "auxquels cette offre répond" not in text_of(response)


def test_prices_in_reasons_have_their_unit(member):
    need = ListingFactory(need=True, conditions="cost_share")
    ListingFactory(conditions="price", price_cents=25, price_unit="km")
    assert "Prix\u00a0: 0,25\u00a0€ par km" in text_of(member.get(reverse("listing", args=[need.pk])))


@pytest.mark.parametrize("count", [1, 4])
def test_cost_of_the_listing_page_does_not_grow_with_answers(member, count, django_assert_max_num_queries):
    need = ListingFactory(need=True)
    ListingFactory.create_batch(count)
    member.get(reverse("listing", args=[need.pk]))
    with django_assert_max_num_queries(19):
        response = member.get(reverse("listing", args=[need.pk]))
    assert len(response.context["answers"]) == count


@time_machine.travel("2026-11-23 10:00+01:00", tick=False)
def test_calendar_says_each_day_in_words(client):
    listing = ListingFactory(weekdays=[1])
    page = text_of(client.get(reverse("listing", args=[listing.pk])))
    assert "dimanche 22\u00a0novembre, passé" in page
    assert "lundi 23\u00a0novembre, pas proposé" in page
    assert "mardi 24\u00a0novembre, libre" in page
    assert "Mois suivant, décembre 2026" in page
    assert "Mois précédent" not in page


@time_machine.travel("2026-11-23 10:00+01:00", tick=False)
@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("2026-12", date(2026, 12, 1)),
        ("2026-01", date(2026, 11, 1)),
        ("9999-12", date(2028, 5, 1)),
        ("0000-01", date(2026, 11, 1)),
        ("2026-13", date(2026, 11, 1)),
        ("'; DROP TABLE", date(2026, 11, 1)),
        ("", date(2026, 11, 1)),
    ],
)
def test_calendar_keeps_within_reason(client, asked, shown):
    listing = ListingFactory()
    response = client.get(reverse("listing", args=[listing.pk]), {"mois": asked})
    assert response.context["month"].first_day == shown


def test_a_structure_has_the_same_initials_as_on_its_own_page(client):
    listing = ListingFactory(structure__name="L’Élan des aînés")
    for page in (listing, listing.structure):
        assert re.search(r'monogram"[^>]*>ÉA</span>', text_of(client.get(page.get_absolute_url())))


def test_photo_is_served_with_its_type_and_no_guessing(client):
    listing = ListingFactory()
    listing.photo.save("x.webp", photo_file("WEBP"))
    response = client.get(reverse("listing-photo", args=[listing.pk]))
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"].startswith("private")
