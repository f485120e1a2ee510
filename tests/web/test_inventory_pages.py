"""An inventory through HTTP: handed over, read again, chosen, published, handed over again, undone."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
import python_calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from maillage.sharing.drafts import publish_draft
from maillage.sharing.inventories import InventoryRefused, services
from maillage.sharing.inventories.columns import TEMPLATE
from maillage.sharing.models import Draft, Inventory, Listing
from maillage.sharing.models.drafts import KEPT_DAYS
from maillage.sharing.services import change_listing
from maillage.web.sharing import screens
from tests.factories.conversations import ConversationFactory
from tests.factories.directory import NetworkMembershipFactory, StructureFactory
from tests.factories.sharing import ListingFactory, make_inventory

pytestmark = pytest.mark.django_db

TABLE = """Quoi;Combien;Prix;Caution;Responsable;Référence
Chaises pliantes;40;;50 €;Odile;CH
Sono portable;1;35 € par jour;;Noé;SO
Zigouigoui;3;gratuit;;;
Tables;beaucoup;;;;
"""


def text_of(response):
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(plain.replace("\u00a0", " ").replace("\u202f", " ").split())


def hand_over(member, mandate, table=TABLE, name="inventaire.csv"):
    content = table if isinstance(table, bytes) else table.encode()
    sent = {"file": SimpleUploadedFile(name, content), "structure": mandate.structure.pk}
    response = member.post(reverse("inventories"), sent)
    return response if response.status_code == 422 else Inventory.objects.get(state="waiting")


def choose(member, inventory, do="", **categories):
    """Tick every line that can be, as a browser sends the page, and press a button."""
    page = member.get(inventory.get_absolute_url()).content.decode()
    sent = {
        "ligne": re.findall(r'name="ligne" value="(\d+)"', page),
        "garder": re.findall(r'name="garder" value="(\d+)"', page),
    }
    sent |= {f"categorie-{number}": code for number, code in categories.items()}
    return member.post(inventory.get_absolute_url(), sent | ({"faire": do} if do else {}), follow=True)


def offers():
    return list(
        Listing.objects.order_by("pk").values_list("title", "quantity", "category", "conditions", "price_cents")
    )


def test_an_inventory_is_read_chosen_and_published(member, mandate):
    inventory = hand_over(member, mandate)
    said = text_of(member.get(inventory.get_absolute_url()))
    assert "3 offres à publier 1 ligne à corriger" in said
    assert "Ligne 5 Tables À corriger dans le fichier : combien : « beaucoup » n’est pas un nombre entier." in said
    assert "laissées de côté : « Responsable »" in said
    assert not Listing.objects.exists()
    refused = choose(member, inventory, "publier")
    assert "Choisissez la catégorie de la ligne 4, ou décochez-la. Rien n’est encore publié." in text_of(refused)
    assert not Listing.objects.exists()
    done = choose(member, inventory, "publier", **{"4": "technical.equipment"})
    assert "Votre inventaire est importé" in text_of(done)
    assert offers() == [
        ("Chaises pliantes", 40, "technical.equipment.events.tables", "free", None),
        ("Sono portable", 1, "technical.equipment.sound_light.sound", "price", 3500),
        ("Zigouigoui", 3, "technical.equipment", "free", None),
    ]
    chairs = Listing.objects.get(title="Chaises pliantes")
    assert chairs.text == "Caution\u00a0: 50\u00a0€."
    assert (chairs.structure, chairs.commune, chairs.is_public) == (mandate.structure, mandate.structure.commune, True)
    assert "Odile" not in text_of(member.get(chairs.get_absolute_url()))
    assert chairs.get_absolute_url() in done.content.decode()


def test_what_is_chosen_stays_between_the_pages_and_is_not_asked_again(member, mandate):
    inventory = hand_over(member, mandate, "Quoi\n" + "\n".join(f"Barnum {n}" for n in range(70)))
    address = inventory.get_absolute_url()
    shown = [str(number) for number in range(2, 32)]
    sent = {"ligne": shown, "garder": shown[1:], "categorie-3": "services.skills", "vers": "2"}
    assert member.post(address, sent)["Location"] == f"{address}?page=2#lignes"
    again = member.get(address).content.decode()
    assert not re.search(r'name="garder" value="2" checked', again)
    assert re.search(r'name="garder" value="3" checked', again)
    assert inventory.lines.get(line_number=3).category == "services.skills"
    assert choose(member, inventory, "publier").status_code == 200
    assert Listing.objects.count() == 70 - 1 + 1  # the helper ticks the first page whole again


def test_the_same_file_again_makes_nothing_twice(member, mandate):
    choose(member, hand_over(member, mandate), "publier", **{"4": "technical.equipment"})
    made = offers()
    again = hand_over(member, mandate)
    assert "0 offre à publier 3 déjà là" in text_of(member.get(again.get_absolute_url()))
    assert "Aucune ligne n’est cochée" in text_of(choose(member, again, "publier"))
    assert offers() == made


def test_what_the_file_changes_is_proposed_and_what_was_corrected_by_hand_stays(member, mandate):
    choose(member, hand_over(member, mandate), "publier", **{"4": "technical.equipment"})
    chairs = Listing.objects.get(title="Chaises pliantes")
    change_listing(listing_id=chairs.pk, author=mandate.user, opened_at=chairs.modified_at, text="Corrigé.")
    table = TABLE.replace("Chaises pliantes;40", "Chaises en bois;45").replace("35 € par jour", "40 € par jour")
    inventory = hand_over(member, mandate, table)
    said = text_of(member.get(inventory.get_absolute_url()))
    assert "Cochée, la ligne change quantité : 40 → 45, titre." in said
    assert "conditions : 35 € par jour → 40 € par jour" in said
    choose(member, inventory, "publier")
    chairs.refresh_from_db()
    assert (chairs.title, chairs.quantity, chairs.text) == ("Chaises en bois", 45, "Corrigé.")
    assert Listing.objects.get(title="Sono portable").price_cents == 4000
    assert Listing.objects.count() == 3
    undone = member.post(reverse("undo-inventory", args=[inventory.pk]), follow=True)
    assert "0 annonce retirée, 2 annonces remises comme avant." in text_of(undone)
    chairs.refresh_from_db()
    assert (chairs.title, chairs.quantity, chairs.text) == ("Chaises pliantes", 40, "Corrigé.")


def test_an_offer_typed_by_hand_is_recognised_by_its_title(member, mandate):
    ListingFactory(structure=mandate.structure, title="Chaises  PLIANTES", quantity=12)
    ended = ListingFactory(structure=mandate.structure, closed=True, title="Sono portable")
    theirs = ListingFactory(title="Zigouigoui", quantity=3)
    plan = services.make_plan(hand_over(member, mandate))
    assert [planned.outcome for planned in plan] == ["updated", "created", "created", "left_aside"]
    assert {ended.pk, theirs.pk}.isdisjoint({planned.listing.pk for planned in plan if planned.listing})


def test_drafts_are_complete_and_recognised_before_and_after_they_are_published(member, mandate):
    inventory = hand_over(member, mandate)
    choose(member, inventory, "brouillons", **{"4": "technical.equipment"})
    assert not Listing.objects.exists()
    draft = Draft.objects.get(typed__quoi__title=["Sono portable"])
    forms = screens.forms_of(draft, mandate.user)
    assert screens.first_unfinished(draft, forms) is None
    details = {name: value for form in forms.values() for name, value in form.details().items()}
    assert (details["price_cents"], details["price_unit"], details["quantity"]) == (3500, "day", 1)
    assert "3 déjà là" in text_of(member.get(hand_over(member, mandate).get_absolute_url()))
    listing = publish_draft(
        draft_id=draft.pk, author=mandate.user, opened_at=draft.modified_at, descriptions={}, **details
    )
    assert inventory.lines.get(title="Sono portable").listing == listing
    assert "3 déjà là" in text_of(member.get(hand_over(member, mandate).get_absolute_url()))
    undone = member.post(reverse("undo-inventory", args=[inventory.pk]), follow=True)
    assert "2 annonces retirées, 0 annonce remise comme avant ; 1 gardée" in text_of(undone)
    assert not Draft.objects.exists()


def test_too_many_drafts_are_refused_before_any_is_made(member, mandate):
    inventory = hand_over(member, mandate, "Quoi\n" + "\n".join(f"Barnum {n}" for n in range(60)))
    said = text_of(choose(member, inventory, "brouillons"))
    assert "il vous en reste 50, et vous avez coché 60 lignes" in said
    assert not Draft.objects.exists()


def test_undo_keeps_what_was_changed_or_used_since(member, mandate):
    inventory = hand_over(member, mandate)
    choose(member, inventory, "publier", **{"4": "technical.equipment"})
    chairs, sono, _ = Listing.objects.order_by("pk")
    change_listing(listing_id=chairs.pk, author=mandate.user, opened_at=chairs.modified_at, quantity=41)
    borrower = StructureFactory()
    sono.contacts.create(structure=borrower, conversation=ConversationFactory(structures=[borrower, mandate.structure]))
    undone = member.post(reverse("undo-inventory", args=[inventory.pk]), follow=True)
    assert "1 annonce retirée, 0 annonce remise comme avant ; 2 gardées" in text_of(undone)
    assert list(Listing.objects.order_by("pk")) == [chairs, sono]
    again = member.post(reverse("undo-inventory", args=[inventory.pk]), follow=True)
    assert "Cet import" in text_of(again)
    assert Listing.objects.count() == 2


def test_conditions_that_the_file_does_not_tell_are_those_of_the_structure(member, mandate):
    NetworkMembershipFactory(member=mandate.structure)
    usual = {"structure": mandate.structure, "category": "technical.equipment.events.tent"}
    ListingFactory(**usual, conditions="cost_share", visibility="network", radius_km=25)
    ListingFactory(**usual, conditions="cost_share", visibility="network", radius_km=25)
    choose(member, hand_over(member, mandate, "Quoi\nChaises\n"), "publier")
    chairs = Listing.objects.get(title="Chaises")
    assert (chairs.conditions, chairs.visibility, chairs.radius_km) == ("cost_share", "network", 25)


def test_a_file_that_cannot_be_read_is_refused_with_the_way_to_mend_it(member, mandate):
    refused = hand_over(member, mandate, b"\xd0\xcf\x11\xe0old", "vieux.xls")
    assert "Enregistrez-le au format .xlsx sans mot de passe, puis recommencez." in text_of(refused)
    assert not Inventory.objects.exists()


def test_others_neither_see_nor_confirm_an_inventory(client, member, mandate):
    other = make_inventory(StructureFactory(), mandate.user, TABLE)
    for name in ("inventory", "forget-inventory", "undo-inventory"):
        assert member.post(reverse(name, args=[other.pk])).status_code == 404


def test_a_structure_that_ended_publishes_no_inventory(member, mandate):
    inventory = hand_over(member, mandate)
    mandate.structure.state = "dissolved"
    mandate.structure.save()
    assert choose(member, inventory, "publier").status_code == 403
    assert not Listing.objects.exists()


def test_a_new_file_takes_the_place_of_the_one_that_waits_and_a_file_is_forgotten(member, mandate):
    first = hand_over(member, mandate)
    second = hand_over(member, mandate)
    assert not Inventory.objects.filter(pk=first.pk).exists()
    member.post(reverse("forget-inventory", args=[second.pk]))
    assert not Inventory.objects.exists()


def test_an_inventory_that_nobody_confirms_is_forgotten_after_a_month(member, mandate):
    done = hand_over(member, mandate)
    choose(member, done, "publier", **{"4": "technical.equipment"})
    hand_over(member, mandate)
    Inventory.objects.update(asked_at=timezone.now() - timedelta(days=KEPT_DAYS + 1))
    assert services.remove_forgotten_inventories() == 1
    assert list(Inventory.objects.all()) == [done]


@pytest.mark.parametrize("count", [5, 500])
def test_preview_costs_the_same_whatever_the_lines(member, mandate, count, django_assert_max_num_queries):
    ListingFactory.create_batch(3, structure=mandate.structure)
    inventory = hand_over(member, mandate, "Quoi;Combien\n" + "\n".join(f"Barnum {n};{n + 1}" for n in range(count)))
    member.get(inventory.get_absolute_url())
    with django_assert_max_num_queries(16) as queries:
        response = member.get(inventory.get_absolute_url())
    assert len(response.content) < 150_000
    assert f"{count} offres à publier" in text_of(response)
    assert len([one for one in queries if "sharing_inventoryline" in one["sql"]]) == 2


def test_template_is_read_by_the_import(member, mandate):
    content = member.get(reverse("inventory-template", args=["xlsx"])).content
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
    assert book.sheet_names == ["Inventaire", "Mode d’emploi", "Catégories"]
    headings = book.get_sheet_by_index(0).to_python()
    assert headings == [[heading for heading, _, _ in TEMPLATE]]
    assert "aucune ligne" in text_of(hand_over(member, mandate, content, "modele.xlsx"))
    example = member.get(reverse("inventory-template", args=["csv"])).content
    choose(member, hand_over(member, mandate, example), "publier")
    assert offers() == [("Chaises", 40, "technical.equipment.events.tables", "cost_share", 250)]


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("inventory_dates_fit_state", lambda one: Inventory.objects.filter(pk=one.pk).update(state="done")),
        ("inventory_line_once", lambda one: one.lines.create(line_number=2)),
        (
            "inventory_line_with_a_problem_makes_nothing",
            lambda one: one.lines.create(line_number=90, problem="le nom manque", outcome="created"),
        ),
    ],
)
def test_the_database_refuses_what_must_never_be(member, mandate, name, make):
    inventory = hand_over(member, mandate)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make(inventory)


def test_two_people_who_confirm_at_once_publish_once(member, mandate):
    inventory = hand_over(member, mandate, "Quoi\nBarnum\n")
    services.confirm_inventory(inventory_id=inventory.pk, author=mandate.user, as_drafts=False)
    with pytest.raises(InventoryRefused, match="déjà fait"):
        services.confirm_inventory(inventory_id=inventory.pk, author=mandate.user, as_drafts=False)
    assert Listing.objects.count() == 1


def test_an_old_address_of_an_import_that_is_done_changes_nothing(member, mandate):
    inventory = hand_over(member, mandate, "Quoi\nBarnum\n")
    services.confirm_inventory(inventory_id=inventory.pk, author=mandate.user, as_drafts=False)
    assert "Cet import n’est plus à confirmer" in text_of(choose(member, inventory, "publier"))
    assert Listing.objects.count() == 1


def test_a_line_whose_conditions_were_corrected_by_hand_is_updated_whole(member, mandate):
    choose(member, hand_over(member, mandate, "Quoi;Prix\nBarnum;30 €\n"), "publier")
    barnum = Listing.objects.get()
    change_listing(
        listing_id=barnum.pk, author=mandate.user, opened_at=barnum.modified_at, conditions="free", price_cents=None
    )
    assert "1 déjà là" in text_of(member.get(hand_over(member, mandate, "Quoi;Prix\nBarnum;30 €\n").get_absolute_url()))
    choose(member, hand_over(member, mandate, "Quoi;Prix\nBarnum;35 €\n"), "publier")
    barnum.refresh_from_db()
    assert (barnum.conditions, barnum.price_cents) == ("price", 3500)


@pytest.mark.parametrize("count", [2, 40])
def test_publishing_costs_the_same_whatever_the_number_of_lines(member, mandate, count, django_assert_num_queries):
    table = "Quoi;Combien\n" + "".join(f"Barnum n° {number};{number}\n" for number in range(1, count + 1))
    inventory = hand_over(member, mandate, table)
    with django_assert_num_queries(17):
        services.confirm_inventory(inventory_id=inventory.pk, author=mandate.user, as_drafts=False)
    made = Listing.objects.order_by("pk")
    assert [one.title for one in made] == [f"Barnum n° {number}" for number in range(1, count + 1)]
    assert list(inventory.lines.values_list("listing", flat=True)) == [one.pk for one in made]
    assert f"Barnum n° {count}" in text_of(member.get(reverse("search"), {"quoi": f"barnum {count}"}))


def test_a_line_that_the_database_refuses_is_named_and_nothing_is_published(member, mandate):
    inventory = hand_over(member, mandate, "Quoi\nBarnum\nTente\n")
    inventory.lines.filter(title="Tente").update(facts={"title": "Tente", "quantity": 0})
    said = text_of(choose(member, inventory, "publier"))
    assert "« Tente » : La quantité est d’au moins 1." in said
    assert not Listing.objects.exists()
