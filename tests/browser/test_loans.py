"""A loan on the telephone: handed over with a photo, agreed with, given back; with and without JavaScript."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from maillage.handovers.models import ConditionReport, Incident
from tests.browser.journeys import SCRIPTS
from tests.browser.test_publishing import picture_file


@SCRIPTS
def test_a_van_is_handed_over_agreed_with_and_given_back(open_page, town, scripts, tmp_path):
    lender = open_page(town.outsider, 390, java_script_enabled=scripts)
    lender.goto(f"/reservations/{town.to_hand.pk}/pret/")
    lender.get_by_role("link", name="Noter la remise").click()
    lender.wait_for_url("**/remettre/")
    expect(lender.locator("[name=gave]")).to_have_value("Noé Benali")
    lender.locator("[name=known_defects]").fill("Une sangle est usée.")
    lender.get_by_label("Ces défauts ont été montrés").check()
    lender.get_by_label("Bon état").check()
    lender.set_input_files("[name=camera]", picture_file(tmp_path))
    lender.locator("[name=received]").fill("Alix Martin")
    lender.get_by_role("button", name="Noter la remise").click()
    lender.wait_for_url("**/pret/**")
    expect(lender.locator(".report__photos img")).to_have_count(1)

    borrower = open_page(town.member, 390, java_script_enabled=scripts)
    borrower.goto(f"/reservations/{town.to_hand.pk}/pret/")
    expect(borrower.get_by_text("Une sangle est usée.")).to_be_visible()
    borrower.get_by_role("button", name="Oui, c’est bien cela").click()
    expect(borrower.get_by_text("Harmonie de Revel est d’accord.")).to_be_visible()
    borrower.get_by_role("link", name="Noter le retour").click()
    borrower.wait_for_url("**/rendre/")
    borrower.get_by_label("Usure normale").check()
    borrower.locator("[name=received]").fill("Noé Benali")
    borrower.get_by_role("button", name="Noter le retour").click()
    expect(borrower.get_by_text("Tout est rendu")).to_be_visible()
    assert [one.condition for one in ConditionReport.objects.filter(booking=town.to_hand)] == ["good", "worn"]


@SCRIPTS
def test_a_van_comes_back_damaged_and_both_agree_on_the_end(open_page, town, scripts, tmp_path):
    borrower = open_page(town.member, 390, java_script_enabled=scripts)
    borrower.goto(f"/reservations/{town.loan.pk}/rendre/")
    borrower.get_by_label("Abîmé", exact=True).check()
    borrower.locator("[name=words]").fill("Le hayon ne ferme plus.")
    borrower.set_input_files("[name=camera]", picture_file(tmp_path))
    borrower.locator("[name=received]").fill("Noé Benali")
    borrower.get_by_role("button", name="Noter le retour").click()
    borrower.wait_for_url("**/pret/**")
    borrower.get_by_role("link", name="Le hayon ne ferme plus.").click()
    borrower.wait_for_url("**/incidents/**")
    borrower.get_by_label("Votre réponse").fill("Notre garagiste le répare lundi.")
    borrower.get_by_label("Réparé ou remplacé").check()
    borrower.get_by_role("button", name="Envoyer", exact=True).click()
    expect(borrower.get_by_text("Votre réponse est envoyée.")).to_be_visible()

    lender = open_page(town.outsider, 390, java_script_enabled=scripts)
    lender.goto(borrower.url)
    lender.get_by_text("Mettre le bien hors service").click()
    day = timezone.localdate() + timedelta(days=9)
    lender.locator("[name=retirer-until]").fill(f"{day:%d/%m/%Y}")
    lender.get_by_role("button", name="Mettre hors service").click()
    expect(lender.get_by_text("Hors service pour réparation.")).to_be_visible()
    lender.get_by_role("button", name="Accepter cette issue").click()
    expect(lender.locator("main")).to_contain_text("Les deux associations sont d’accord.")
    assert Incident.objects.get(pk=int(lender.url.rstrip("/").split("/")[-1])).state == "repaired"
