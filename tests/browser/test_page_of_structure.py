"""The page of a structure changed on a telephone: a picture, its words, a presentation; with the keyboard alone."""

from io import BytesIO

from PIL import Image
from playwright.sync_api import expect

from maillage.directory.models import Picture
from tests.browser.journeys import SCRIPTS, tab_to


def photo():
    content = BytesIO()
    Image.new("RGB", (1200, 900), "#1c6c92").save(content, "JPEG")
    return {"name": "fete.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}


@SCRIPTS
def test_a_page_is_made_on_a_telephone_with_the_keyboard_alone(open_page, town, scripts):
    page = open_page(town.member, 390, java_script_enabled=scripts)
    start = f"/structures/{town.structure.pk}/"
    page.goto(start)
    tab_to(page, f"a[href='{start}modifier/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/modifier/")
    tab_to(page, "a[href$='/photos/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/photos/")
    tab_to(page, "[name=file]")
    page.set_input_files("[name=file]", photo())
    tab_to(page, "main form[enctype] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/decrire/")
    tab_to(page, "textarea[name=description]")
    page.keyboard.type("Le public danse sur la place.")
    tab_to(page, "main form button:not([name])")
    page.keyboard.press("Enter")
    page.wait_for_url("**/photos/")
    added = Picture.objects.latest("pk")
    tab_to(page, f"form[action$='/{added.pk}/ranger/'] [value=cover]")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    expect(page.get_by_role("status").filter(has_text="maintenant en couverture")).to_be_visible()
    tab_to(page, f"form[action$='/{added.pk}/ranger/'] [value=up]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="avancé d’un rang")).to_be_visible()
    page.goto(f"{start}modifier/presentation/")
    tab_to(page, "[name=summary]")
    page.keyboard.type("Nous jouons dehors tout l’été.")
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/modifier/")
    page.goto(start)
    expect(page.locator(".own-page__cover img")).to_have_attribute("alt", "Le public danse sur la place.")
    expect(page.locator(".own-page__summary")).to_have_text("Nous jouons dehors tout l’été.")
    assert page.evaluate("document.querySelector('.own-page__cover img').naturalWidth") > 0
    assert list(town.structure.pictures.values_list("pk", "place")) == [(added.pk, 1), (town.page_picture.pk, 2)]
