"""The page of a structure as visitors find it, and what its people do with it: sections, pictures, address."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from PIL import Image

from maillage.directory.models import PageAddress, Picture
from maillage.directory.own_page import MOST_ADDRESSES, free_slug
from maillage.web.directory.page_forms import SMALL_SIDE
from tests.factories.directory import MandateFactory, StructureFactory
from tests.factories.sharing import ListingFactory
from tests.factories.territory import CommuneFactory
from tests.sharing.test_photos import photo_file

pytestmark = pytest.mark.django_db


def at(name, structure, *more):
    return reverse(name, args=[structure.pk, *more])


def text_of(response):
    return response.content.decode()


def picture(structure, place=1, **fields):
    row = Picture(structure=structure, place=place, **{"description": f"Photo {place}", **fields})
    row.file.save("a.webp", photo_file("WEBP"), save=False)
    row.small_file.save("b.webp", photo_file("WEBP"), save=False)
    row.save()
    return row


def send(client, structure, file):
    return client.post(at("structure-pictures", structure), {"file": file})


def places(structure):
    return list(structure.pictures.values_list("description", "place", "is_cover"))


def test_a_page_with_nothing_written_tells_what_the_register_knows(client):
    structure = StructureFactory(official_purpose="Faire aimer le théâtre.", purpose_codes=["006000"])
    text = text_of(client.get(structure.get_absolute_url()))
    assert "Faire aimer le théâtre." in text
    assert "swatch--skills" in text
    assert "Qui sommes" not in text


def test_without_a_declared_purpose_the_sample_is_that_of_a_listing(client):
    structure = StructureFactory()
    assert "own-page__sample" in text_of(client.get(structure.get_absolute_url()))
    listing = ListingFactory(structure=structure)
    sample = text_of(client.get(structure.get_absolute_url())).split("own-page__sample")[1]
    assert f"swatch--{listing.kind.sample}" in sample.split("own-page__monogram")[0]


def test_a_presentation_is_shown_in_paragraphs_with_safe_links_and_no_markup(client):
    typed = "Lire : <script>alert(1)</script>\n\nVoir https://exemple.fr/a?b=1 et javascript:alert(1)"
    text = text_of(client.get(StructureFactory(presentation=typed).get_absolute_url()))
    assert "<p>Lire\u00a0: &lt;script&gt;alert(1)&lt;/script&gt;</p>" in text
    assert '<a href="https://exemple.fr/a?b=1" rel="nofollow">' in text
    assert 'href="javascript' not in text


def test_a_name_stays_inside_the_attributes_that_hold_it(client):
    structure = StructureFactory(name='Le "Club"><script>alert(1)</script>', summary='"><img src=x onerror=alert(1)>')
    text = text_of(client.get(structure.get_absolute_url()))
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert '<meta property="og:title" content="Le &quot;Club&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">' in text


def test_the_head_of_the_page_says_what_it_is_and_asks_nothing_of_a_third_party(client, settings):
    settings.SITE_URL = "https://maillage.example/"
    structure = StructureFactory(name="Harmonie", summary="Nous jouons dehors.", commune=CommuneFactory(revel=True))
    cover = picture(structure, is_cover=True)
    text = text_of(client.get(structure.get_absolute_url()))
    here = f"https://maillage.example/structures/{structure.pk}/"
    for said in (
        "<title>Harmonie, Revel – Maillage</title>",
        '<meta name="description" content="Nous jouons dehors.">',
        f'<link rel="canonical" href="{here}">',
        f'<meta property="og:image" content="{here}photos/{cover.pk}/">',
    ):
        assert said in text


def test_needs_stay_for_those_who_may_see_them(client, member, mandate):
    need = ListingFactory(structure=mandate.structure, need=True)
    address = mandate.structure.get_absolute_url()
    assert list(member.get(address).context["listings"]) == [need]
    client.logout()
    assert list(client.get(address).context["listings"]) == []


@pytest.mark.parametrize("count", [1, 5])
def test_the_cost_of_a_page_does_not_grow(client, count, django_assert_num_queries):
    structure = StructureFactory()
    ListingFactory.create_batch(count, structure=structure)
    for place in range(1, count + 1):
        picture(structure, place)
    client.get(structure.get_absolute_url())
    with django_assert_num_queries(15):
        client.get(structure.get_absolute_url())


def test_the_list_of_sections_leads_to_each(member, mandate):
    text = text_of(member.get(at("structure-edit", mandate.structure)))
    for name in ("structure-pictures", "edit-page-address"):
        assert at(name, mandate.structure) in text
    for section in ("presentation", "contacts", "siret"):
        assert at("edit-section", mandate.structure, section) in text
    assert member.get(at("edit-section", mandate.structure, "autre")).status_code == 404


def test_a_section_changes_its_own_fields_only(member, mandate):
    structure = mandate.structure
    structure.website = "https://harmonie.fr"
    structure.save()
    url = at("edit-section", structure, "presentation")
    sent = {"name": "Fanfare", "summary": "Nous jouons.", "presentation": "Ici.", "website": "https://autre.fr"}
    assert member.post(url, sent).url == at("structure-edit", structure)
    structure.refresh_from_db()
    assert (structure.name, structure.summary, structure.website) == ("Fanfare", "Nous jouons.", "https://harmonie.fr")


def test_contacts_are_shown_as_people_write_them(client, member, mandate):
    sent = {"website": "harmonie.fr", "phone": "0536491234", "whereabouts": "Salle des fêtes, le mardi"}
    member.post(at("edit-section", mandate.structure, "contacts"), sent)
    client.logout()
    text = text_of(client.get(mandate.structure.get_absolute_url()))
    assert '<a href="tel:+33536491234">05\u00a036\u00a049\u00a012\u00a034</a>' in text
    assert "Salle des fêtes, le mardi" in text


@pytest.mark.parametrize("phone", ["12", "appelez Odile", "05 36 49 12 34 56 78 90", "tel:javascript"])
def test_a_number_that_cannot_be_called_is_refused_and_kept(member, mandate, phone):
    response = member.post(at("edit-section", mandate.structure, "contacts"), {"phone": phone, "whereabouts": "Ici"})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["phone"]
    assert phone in text_of(response)
    assert "Ici" in text_of(response)


def test_what_is_too_long_is_kept_and_said(member, mandate):
    sent = {"name": "Fanfare", "summary": "x" * 241, "presentation": "Longue histoire"}
    response = member.post(at("edit-section", mandate.structure, "presentation"), sent)
    assert response.status_code == 422
    assert "dépasse de 1\u00a0signe" in response.context["form"].errors["summary"][0]
    assert "Longue histoire" in text_of(response)


def test_a_picture_is_sent_then_described_then_shown(client, member, mandate):
    structure = mandate.structure
    response = send(member, structure, photo_file(size=(2000, 1000)))
    row = structure.pictures.get()
    assert response.url == at("describe-picture", structure, row.pk)
    assert Image.open(row.small_file).size == (SMALL_SIDE, SMALL_SIDE // 2)
    address = at("structure-picture", structure, row.pk)
    assert b"".join(member.get(address)) == row.file.open().read()
    client.logout()
    assert client.get(address).status_code == 404
    client.force_login(mandate.user)
    assert client.post(response.url, {"description": ""}).status_code == 422
    client.post(response.url, {"description": "Trois trompettes."})
    assert places(structure) == [("Trois trompettes.", 1, True)]
    client.logout()
    assert 'alt="Trois trompettes."' in text_of(client.get(structure.get_absolute_url()))
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        200,
        "image/webp",
        "nosniff",
    )
    assert client.get(at("structure-picture-small", structure, row.pk)).status_code == 200


def test_what_follows_the_pixels_of_a_polyglot_is_never_served(member, mandate):
    hostile = photo_file("PNG").read() + b"<script>alert(1)</script>"
    send(member, mandate.structure, SimpleUploadedFile("a.png", hostile, content_type="text/html"))
    row = mandate.structure.pictures.get()
    assert b"script" not in row.file.open().read() + row.small_file.open().read()
    assert row.file.name.endswith(".webp")


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (SimpleUploadedFile("a.svg", b"<svg onload='alert(1)'/>"), "n’est pas une photo"),
        (SimpleUploadedFile("a.jpg", b"GIF89a<script>"), "n’est pas une photo"),
        (photo_file("PNG", size=(9000, 9000), mode="1", colour=0), "trop grande"),
        (SimpleUploadedFile("a.jpg", b""), "vide"),
        ("", "Choisissez une photo"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(member, mandate, file, said):
    response = send(member, mandate.structure, file)
    assert response.status_code == 422
    assert said in response.context["form"].errors["file"][0]
    assert not Picture.objects.exists()


def test_a_page_has_twelve_pictures_at_most(member, mandate):
    for place in range(1, Picture.MOST + 1):
        picture(mandate.structure, place)
    response = send(member, mandate.structure, photo_file())
    assert response.status_code == 422
    assert "déjà douze photos" in text_of(response)
    assert mandate.structure.pictures.count() == Picture.MOST


def test_pictures_are_ordered_with_buttons(member, mandate):
    structure = mandate.structure
    first, second, third = picture(structure, 1, is_cover=True), picture(structure, 2), picture(structure, 3)
    for one, action in [(third, "up"), (first, "up"), (third, "cover"), (second, "down")]:
        assert member.post(at("arrange-picture", structure, one.pk), {"action": action}).status_code == 302
    assert places(structure) == [("Photo 1", 1, False), ("Photo 3", 2, True), ("Photo 2", 3, False)]
    assert member.post(at("arrange-picture", structure, first.pk), {"action": "burn"}).status_code == 404


def test_a_picture_without_words_cannot_be_the_cover(member, mandate):
    bare = picture(mandate.structure, description="")
    response = member.post(at("arrange-picture", mandate.structure, bare.pk), {"action": "cover"}, follow=True)
    assert "Dites d’abord ce que montre cette photo" in text_of(response)


def test_a_removed_picture_leaves_no_file_and_no_hole(member, mandate, django_capture_on_commit_callbacks):
    structure = mandate.structure
    first, second = picture(structure, 1, is_cover=True), picture(structure, 2)
    with django_capture_on_commit_callbacks(execute=True):
        member.post(at("arrange-picture", structure, first.pk), {"action": "remove"})
    assert places(structure) == [("Photo 2", 1, True)]
    kept = [first.file.storage.exists(file.name) for file in (first.file, first.small_file, second.file)]
    assert kept == [False, False, True]


def test_pictures_are_those_of_their_structure(member, mandate):
    other = picture(StructureFactory())
    for name in ("describe-picture", "arrange-picture"):
        assert member.post(at(name, mandate.structure, other.pk), {"action": "remove"}).status_code == 404
    assert member.get(at("structure-picture", mandate.structure, other.pk)).status_code == 404
    assert Picture.objects.count() == 1


def breaks(name):
    return pytest.raises(IntegrityError, match=name)


def test_the_database_refuses_two_pictures_in_one_place_and_two_covers():
    structure = StructureFactory()
    picture(structure, 1, is_cover=True)
    with breaks("picture_one_cover"), transaction.atomic():
        picture(structure, 2, is_cover=True)
    with breaks("picture_place_in_range"), transaction.atomic():
        picture(structure, 13)
    with breaks("picture_cover_is_described"), transaction.atomic():
        picture(StructureFactory(), 1, is_cover=True, description="")
    with breaks("picture_place_unique"), transaction.atomic():
        picture(structure, 1)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_refuses_two_current_addresses_and_odd_ones():
    structure = StructureFactory()
    PageAddress.objects.create(slug="harmonie", structure=structure)
    with breaks("page_address_one_current"), transaction.atomic():
        PageAddress.objects.create(slug="fanfare", structure=structure)
    for slug in ("Harmonie", "a--b", "-a", "31250", ""):
        with breaks("page_address_is_plain"), transaction.atomic():
            PageAddress.objects.create(slug=slug, structure=structure, is_current=False)


def choose(client, structure, slug):
    return client.post(at("edit-page-address", structure), {"slug": slug})


def test_an_address_is_proposed_from_the_name_and_nothing_is_kept_before_it_is_taken(member, mandate):
    response = member.get(at("edit-page-address", mandate.structure))
    assert response.context["form"].initial == {"slug": "harmonie-de-revel"}
    assert not PageAddress.objects.exists()


def test_the_page_lives_at_its_chosen_address(client, member, mandate):
    structure = mandate.structure
    assert choose(member, structure, "L’Harmonie, à Revel !").url == at("structure-edit", structure)
    client.logout()
    assert client.get(structure.get_absolute_url()).url == "/chez/l-harmonie-a-revel/"
    page = text_of(client.get("/chez/l-harmonie-a-revel/"))
    assert '<link rel="canonical" href="http://testserver/chez/l-harmonie-a-revel/">' in page
    careless = client.get("/chez/L’Harmonie à Revel/", follow=True)
    assert careless.redirect_chain[-1] == ("/chez/l-harmonie-a-revel/", 302)
    assert client.get("/chez/inconnue/").status_code == 404


def test_old_addresses_lead_to_the_page_for_ever_even_back_and_forth(client, member, mandate):
    for slug in ("harmonie", "fanfare", "harmonie"):
        choose(member, mandate.structure, slug)
    client.logout()
    assert client.get("/chez/fanfare/", follow=True).redirect_chain[-1] == ("/chez/harmonie/", 302)
    assert client.get("/chez/harmonie/").status_code == 200
    other = StructureFactory()
    assert free_slug(other, "fanfare") != "fanfare"


def test_an_address_that_is_taken_is_refused_with_one_that_is_free(member, mandate):
    other = StructureFactory(name="Harmonie", commune=CommuneFactory(toulouse=True))
    PageAddress.objects.create(slug="harmonie", structure=other)
    response = choose(member, mandate.structure, "Harmonie")
    assert response.status_code == 422
    said = response.context["form"].errors["slug"][0]
    free = response.context["free"]
    assert said == f"«\u00a0harmonie\u00a0» est déjà l’adresse d’une autre association. «\u00a0{free}\u00a0» est libre."
    assert 'value="Harmonie"' in text_of(response)
    assert choose(member, mandate.structure, free).status_code == 302


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("Admin", "gardé pour le site"),
        ("31250", "que des chiffres"),
        ("a", "trop courte"),
        ("..//..", "trop courte"),
        ("<script>", None),
    ],
)
def test_addresses_that_would_mislead_are_refused(member, mandate, slug, said):
    response = choose(member, mandate.structure, slug)
    if said is None:
        assert PageAddress.objects.get().slug == "script"
        return
    assert response.status_code == 422
    assert said in response.context["form"].errors["slug"][0]
    assert not PageAddress.objects.exists()


def test_a_structure_takes_ten_addresses_at_most(member, mandate):
    for number in range(MOST_ADDRESSES):
        choose(member, mandate.structure, f"harmonie {number}")
    assert "déjà eu dix adresses" in text_of(choose(member, mandate.structure, "encore"))
    assert choose(member, mandate.structure, "harmonie 3").status_code == 302


def test_what_is_edited_is_for_those_who_act_for_the_structure(client):
    structure = StructureFactory()
    row = picture(structure)
    pages = [
        at("structure-edit", structure),
        at("edit-section", structure, "contacts"),
        at("edit-page-address", structure),
        at("structure-pictures", structure),
        at("describe-picture", structure, row.pk),
    ]
    assert [client.get(page).status_code for page in pages] == [302] * 5
    client.force_login(MandateFactory().user)
    assert [client.get(page).status_code for page in pages] == [404] * 5
    assert [client.post(page, {"slug": "prise", "description": "x"}).status_code for page in pages[1:]] == [404] * 4
    assert client.post(at("arrange-picture", structure, row.pk), {"action": "remove"}).status_code == 404
    assert not PageAddress.objects.exists()


def test_the_picture_of_a_hidden_structure_is_hidden(client):
    structure = StructureFactory(state="suppressed")
    row = picture(structure)
    PageAddress.objects.create(slug="cachee", structure=structure)
    assert client.get(at("structure-picture", structure, row.pk)).status_code == 404
    assert client.get("/chez/cachee/").status_code == 404
