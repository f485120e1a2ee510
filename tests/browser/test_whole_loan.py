"""A loan from the search to the incident that ends it, on a telephone, with scripts and without (photos aside)."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from maillage.agreements.models import Agreement
from maillage.handovers.models import Incident
from maillage.sharing.models import Booking
from tests.browser.journeys import SCRIPTS
from tests.browser.test_agreements import fill, sign, well_made
from tests.browser.test_publishing import picture_file
from tests.factories.agreements import loan, signer
from tests.factories.sharing import ListingFactory, next_saturday
from tests.factories.territory import CommuneFactory
from tests.letters import deliver

pytestmark = pytest.mark.django_db(transaction=True)


@SCRIPTS
def test_a_marquee_is_found_asked_signed_handed_over_and_comes_back_damaged(open_page, scripts, tmp_path):
    revel = CommuneFactory(revel=True)
    lender, borrower = signer(name="Foyer rural", commune=revel), signer(name="Harmonie de Revel", commune=revel)
    ListingFactory(structure=lender.structure, title="Barnum blanc", category="technical.equipment.events.tent")
    asks, lends = (open_page(one.user, 390, java_script_enabled=scripts) for one in (borrower, lender))

    _find_and_ask(asks)
    booking = Booking.objects.get()
    lends.goto("/mes-affaires/")
    lends.get_by_role("link", name="Répondre à la demande d’Harmonie de Revel").click()
    expect(lends.get_by_text("C’est libre à ces heures.")).to_be_visible()
    well_made(lends)
    lends.get_by_role("button", name="Accepter").click()
    expect(lends.get_by_role("status")).to_contain_text("C’est réservé.")
    deliver()

    _write_agreement(asks, booking)
    agreement = Agreement.objects.get(booking=booking)
    for page in (asks, lends):
        sign(page, agreement)
    expect(lends.get_by_role("status")).to_contain_text("Les deux associations ont signé")

    _hand_over(lends, booking, scripts and picture_file(tmp_path))
    _bring_back_damaged(asks, booking, scripts and picture_file(tmp_path))
    lends.goto(Incident.objects.get().get_absolute_url())
    lends.get_by_role("button", name="Accepter cette issue").click()
    expect(lends.locator("main")).to_contain_text("Les deux associations sont d’accord.")
    booking.refresh_from_db()
    assert booking.returned_at is not None
    assert Incident.objects.get().state == Incident.State.REPAIRED


def _find_and_ask(page):
    page.goto("/")
    page.locator("#quoi").fill("barnum")
    page.keyboard.press("Enter")
    page.wait_for_url("**/chercher/**")
    page.get_by_role("link", name="Barnum blanc").first.click()
    page.get_by_role("link", name="Demander une réservation").click()
    page.locator("[name=first_day]").fill(f"{next_saturday(timezone.localdate()):%d/%m/%Y}")
    page.locator("[name=purpose]").fill("La fête de l’école, dans la cour.")
    well_made(page)
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_role("status")).to_contain_text("Votre demande est partie.")
    well_made(page)


def _write_agreement(page, booking):
    page.goto(booking.get_absolute_url())
    page.get_by_role("link", name="L’accord écrit").click()
    page.get_by_role("link", name="Du matériel ou un véhicule").click()
    page.get_by_role("link", name="Non, c’est gratuit").click()
    page.get_by_role("button", name="Répondre aux questions").click()
    expect(page.locator("[name=things]")).to_have_value("Barnum blanc")
    fill(page, loan())
    page.get_by_role("button", name="Voir l’accord").click()
    page.get_by_role("button", name="Proposer cet accord").click()
    expect(page.get_by_role("status")).to_contain_text("Nous avons écrit à Foyer rural")
    deliver()


def _hand_over(page, booking, photo):
    page.goto(booking.get_absolute_url())
    page.get_by_role("link", name="Noter la remise").click()
    page.wait_for_url("**/pret/")
    page.get_by_role("link", name="Noter la remise").click()
    page.wait_for_url("**/remettre/")
    page.get_by_label("Bon état").check()
    if photo:
        page.set_input_files("[name=camera]", photo)
    page.locator("[name=received]").fill("Alix Martin")
    well_made(page)
    page.get_by_role("button", name="Noter la remise").click()
    page.wait_for_url("**/pret/**")
    expect(page.locator(".report__photos img")).to_have_count(1 if photo else 0)


def _bring_back_damaged(page, booking, photo):
    page.goto(f"/reservations/{booking.pk}/rendre/")
    page.get_by_label("Abîmé", exact=True).check()
    page.locator("[name=words]").fill("Un pied est tordu.")
    if photo:
        page.set_input_files("[name=camera]", photo)
    page.locator("[name=received]").fill("Noé Benali")
    page.get_by_role("button", name="Noter le retour").click()
    page.wait_for_url("**/pret/**")
    page.get_by_role("link", name="Un pied est tordu.").click()
    page.wait_for_url("**/incidents/**")
    page.get_by_label("Votre réponse").fill("Nous le remplaçons.")
    page.get_by_label("Réparé ou remplacé").check()
    page.get_by_role("button", name="Envoyer", exact=True).click()
    expect(page.get_by_text("Votre réponse est envoyée.")).to_be_visible()
