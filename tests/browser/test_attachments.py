"""Sending a file from a telephone, with scripts and without."""

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_member_sends_a_file_and_chooses_again_when_it_is_refused(open_page, town, scripts):
    page = open_page(town.member, width=390, java_script_enabled=scripts)
    page.goto(f"/conversations/{town.conversation.pk}/")
    page.get_by_label("Votre message").fill("Voici notre budget.")
    page.get_by_label("Joindre des fichiers").set_input_files(
        {"name": "page.html", "mimeType": "text/html", "buffer": b"<p>"}
    )
    page.get_by_role("button", name="Envoyer le message").click()
    expect(page.get_by_text("ne peut pas être envoyé").first).to_be_visible()
    expect(page.get_by_label("Votre message")).to_have_value("Voici notre budget.")
    page.get_by_label("Joindre des fichiers").set_input_files(
        {"name": "Budget 2027.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7" + b" " * 240_000}
    )
    page.get_by_role("button", name="Envoyer le message").click()
    sent = page.locator(".message").last
    expect(sent).to_contain_text("Budget 2027.pdf (PDF, 240\u00a0ko)")
    with page.expect_download() as download:
        sent.get_by_role("link", name="Budget 2027.pdf").click()
    assert download.value.suggested_filename == "Budget 2027.pdf"
