"""Files joined to messages: sent, read, refused, erased; hostile ones among them."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from PIL import Image

from maillage.conversations import files, services
from maillage.conversations.models import Attachment, Message
from maillage.conversations.services import decide_report
from tests.factories.town import make_town
from tests.letters import deliver
from tests.sessions import sign_in

IPHONE = (Path(__file__).parents[1] / "sharing" / "photo.heic").read_bytes()
pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF"
SCRIPT = b"<script>alert(1)</script>"
ODT = files.OPEN_DOCUMENTS["odt"]


@pytest.fixture
def town():
    town = make_town()
    Attachment.objects.all().delete()
    return town


@pytest.fixture
def member(client, town):
    sign_in(client, town.member)
    return client


def archive(**parts):
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(name.replace("__", "/").replace("TYPES", "[Content_Types].xml"), part)
    return content.getvalue()


def damaged(content):
    """The archive with its table of contents whole, and what it compressed not."""
    begins = content.index(b"mimetype") + len(b"mimetype")
    return content[:begins] + b"\xff" * 8 + content[begins + 8 :]


def picture(kind="PNG", size=(40, 30)):
    content = BytesIO()
    Image.new("RGB", size, "#1c6c92").save(content, kind)
    return content.getvalue()


DOCX = {"TYPES": "<Types/>", "word__document.xml": "<w/>"}


def send(client, town, *named, text="Voici le budget."):
    uploads = [SimpleUploadedFile(name, content) for name, content in named]
    return client.post(reverse("conversation", args=[town.conversation.pk]), {"text": text, "files": uploads})


def kept(town):
    return [(one.name, one.kind) for one in Attachment.objects.order_by("pk")]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("budget.pdf", PDF, ("budget.pdf", "pdf")),
        ("Salle.PNG", picture(), ("Salle.webp", "webp")),
        ("salle.jpeg", picture("JPEG"), ("salle.webp", "webp")),
        ("IMG_0042.HEIC", IPHONE, ("IMG_0042.webp", "webp")),
        ("lettre.odt", archive(mimetype=ODT), ("lettre.odt", "odt")),
        ("lettre.docx", archive(**DOCX), ("lettre.docx", "docx")),
        ("budget.xlsx", archive(**{"TYPES": "<Types/>", "xl__workbook.xml": "<x/>"}), ("budget.xlsx", "xlsx")),
        ("membres.csv", "nom;ville\nÉlodie;Revel".encode("cp1252"), ("membres.csv", "csv")),
        ("../../etc/passwd.txt", b"bonjour", ("passwd.txt", "txt")),
        ("C:\\temp\\note.txt", b"bonjour", ("note.txt", "txt")),
        ("facture\u202efdp.txt", b"bonjour", ("facturefdp.txt", "txt")),
        ("é" * 200 + ".txt", b"bonjour", ("é" * 80 + ".txt", "txt")),
        (".txt", b"bonjour", ("fichier.txt", "txt")),
        ("page.html", SCRIPT, None),
        ("image.svg", b"<svg onload='alert(1)'/>", None),
        ("page.pdf", SCRIPT + PDF, None),
        ("image.png", b"GIF89a" + SCRIPT, None),
        ("vide.pdf", b"", None),
        ("programme.txt", b"MZ\0\0", None),
        ("faux.docx", PDF, None),
        ("page.odt", archive(mimetype="text/html"), None),
        ("coupe.odt", archive(mimetype=ODT)[:-8], None),
        ("abime.odt", damaged(archive(mimetype=ODT)), None),
        ("macro.docx", archive(**DOCX, word__vbaProject=""), ("macro.docx", "docx")),
        ("macro.docx", archive(**DOCX, **{"word__vbaProject.bin": "x"}), None),
        ("macro.odt", archive(mimetype=ODT, Basic__Standard__Module1=""), None),
        ("macro.odt", archive(mimetype=ODT, Scripts__python__a=""), None),
        ("sans-point", PDF, None),
        ("image.gif", picture("GIF"), None),
    ],
)
def test_a_file_is_kept_under_a_safe_name_or_refused(member, town, name, content, expected):
    response = send(member, town, (name, content))
    if expected is None:
        assert response.status_code == 422
        assert list(response.context["form"].errors) == ["files"]
        assert Message.objects.filter(text="Voici le budget.").count() == 0
    else:
        assert response.status_code == 302
    assert kept(town) == ([expected] if expected else [])


def test_an_archive_that_would_fill_the_disk_is_refused_without_being_unpacked(member, town):
    bomb = archive(mimetype=ODT, content=b"\0" * (files.MOST_UNPACKED + 1))
    assert len(bomb) < files.MOST_BYTES
    assert send(member, town, ("bombe.odt", bomb)).status_code == 422


def test_a_file_that_weighs_too_much_is_refused_and_the_text_stays(member, town):
    response = send(member, town, ("lourd.pdf", PDF + b" " * files.MOST_BYTES), text="Mon texte reste.")
    assert response.status_code == 422
    page = response.content.decode().replace("\u00a0", " ")
    assert "« lourd » pèse plus de 10 Mo. Choisissez un fichier plus léger." in page
    assert "Mon texte reste.</textarea>" in page
    assert "Choisissez à nouveau vos fichiers" in page


def test_a_wrong_text_asks_to_choose_the_file_again(member, town):
    response = send(member, town, ("budget.pdf", PDF), text="x" * 4001)
    assert response.status_code == 422
    assert "Choisissez à nouveau vos fichiers" in response.content.decode()


def test_four_files_are_one_too_many(member, town):
    response = send(member, town, *[(f"{number}.pdf", PDF) for number in range(4)])
    assert "choisissez-en 3 au plus" in response.content.decode()
    assert kept(town) == []


def test_files_are_shown_with_their_kind_and_weight_and_saved_never_opened(member, town):
    send(member, town, ("budget.pdf", PDF + b" " * 240_000), ("mot.txt", SCRIPT))
    page = member.get(reverse("conversation", args=[town.conversation.pk])).content.decode().replace("\u00a0", " ")
    assert "(PDF, 240 ko)" in page
    assert "(texte, 1 ko)" in page
    for file, served in zip(Attachment.objects.order_by("pk"), ("application/pdf", "text/plain"), strict=True):
        answer = member.get(file.get_absolute_url())
        assert answer["Content-Type"] == served
        assert answer["Content-Disposition"] == f'attachment; filename="{file.name}"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "private, no-store"
    assert b"".join(answer.streaming_content) == SCRIPT


def test_a_picture_loses_all_but_its_pixels(member, town):
    hidden = picture("JPEG") + SCRIPT
    send(member, town, ("photo.jpg", hidden))
    content = Attachment.objects.get().file.read()
    assert content[:4] == b"RIFF"
    assert SCRIPT not in content


def test_the_same_form_sent_twice_keeps_its_files_once(member, town):
    key = "5f0c1a76-2d4b-4c55-9a54-2f36a0a3a001"
    for _ in range(2):
        upload = SimpleUploadedFile("budget.pdf", PDF)
        data = {"text": "Voici.", "key": key, "files": [upload]}
        member.post(reverse("conversation", args=[town.conversation.pk]), data)
    assert len(kept(town)) == 1


def test_a_first_message_carries_files_too(member, town):
    data = {"text": "Bonjour.", "files": [SimpleUploadedFile("budget.pdf", PDF)]}
    assert member.post(reverse("write-about-listing", args=[town.neighbour_offer.pk]), data).status_code == 302
    assert kept(town) == [("budget.pdf", "pdf")]


def test_only_those_of_the_conversation_read_a_file(member, town):
    send(member, town, ("budget.pdf", PDF))
    file = Attachment.objects.get()
    for person, status in ((town.outsider, 404), (town.agent, 404), (town.member, 200)):
        client = Client()
        sign_in(client, person)
        assert client.get(file.get_absolute_url()).status_code == status


def test_the_team_reads_the_files_of_a_reported_message_until_it_is_withdrawn(
    client, town, django_capture_on_commit_callbacks
):
    file = town.message.attachments.create(
        position=1, name="budget.pdf", kind="pdf", size=9, file=SimpleUploadedFile("budget.pdf", PDF)
    )
    storage, path = file.file.storage, file.file.name
    sign_in(client, town.agent)
    assert "budget.pdf" in client.get(reverse("reports")).content.decode()
    assert client.get(file.get_absolute_url()).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        decide_report(report_id=town.report.pk, agent=town.agent, withdraw=True)
    assert client.get(file.get_absolute_url()).status_code == 404
    assert (Attachment.objects.count(), storage.exists(path)) == (0, False)


def test_the_letter_says_that_there_is_a_file_and_does_not_carry_it(member, town):
    data = {"text": "Bonjour.", "files": [SimpleUploadedFile("budget.pdf", PDF)]}
    member.post(reverse("write-about-listing", args=[town.neighbour_offer.pk]), data)
    (letter,) = [one for one in deliver() if one.to == [town.outsider.email]]
    assert "Avec ce message\u00a0: 1\u00a0fichier, à ouvrir sur Maillage." in letter.body
    assert letter.attachments == []


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"position": 1}, "attachment_position_once"),
        ({"position": 4}, "attachment_three_at_most"),
        ({"position": 2, "size": 0}, "attachment_weight"),
        ({"position": 2, "size": 10 * 2**20 + 1}, "attachment_weight"),
    ],
)
def test_the_database_refuses(town, facts, constraint):
    fine = {"position": 1, "name": "a.pdf", "kind": "pdf", "size": 9, "file": "a"}
    town.message.attachments.create(**fine)
    with pytest.raises(IntegrityError, match=constraint):
        town.message.attachments.create(**(fine | facts))


def test_a_file_alone_is_a_message_that_names_it(member, town):
    assert send(member, town, ("budget.pdf", PDF), text=" ").status_code == 302
    assert Message.objects.filter(text="Fichier joint\u00a0: budget.pdf").count() == 1


def test_a_structure_sends_so_much_a_day(member, town, monkeypatch):
    monkeypatch.setattr(services, "MOST_BYTES_A_DAY", 2 * len(PDF))
    known = town.conversation.messages.filter(structure=town.structure).first()
    known.attachments.create(position=1, name="film.pdf", kind="pdf", size=len(PDF) + 1, file="a")
    response = send(member, town, ("budget.pdf", PDF))
    assert "100\u00a0Mo au plus par jour" in str(response.context["form"].errors)
    known.sent_at -= timedelta(days=1)
    known.save()
    assert send(member, town, ("budget.pdf", PDF)).status_code == 302


def test_nothing_at_all_is_no_message(member, town):
    response = send(member, town, text="")
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["text"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("faux.docx", PDF, "semble abîmé"),
        ("faux.pdf", SCRIPT, "semble abîmé"),
        ("coupe.odt", archive(mimetype=ODT)[:-8], "semble abîmé"),
        ("macro.odt", archive(mimetype=ODT, Basic__Standard__Module1=""), "des macros"),
        ("page.html", SCRIPT, "ne peut pas être envoyé"),
    ],
)
def test_a_refused_file_says_what_is_wrong_with_it(member, town, name, content, said):
    response = send(member, town, (name, content))
    assert said in str(response.context["form"].errors["files"])
