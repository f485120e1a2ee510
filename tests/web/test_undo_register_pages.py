"""Undoing the import of a register on screen: told before, done in the background, told after."""

import io

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.html import escape
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from maillage.directory.models import RegisterImport, Structure
from maillage.directory.services import import_register
from tests.directory.registers import register, row
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    person = UserFactory(name="Camille Roux", agent=True)
    sign_in(client, person)
    return person


@pytest.fixture
def done():
    register_import = RegisterImport.objects.create(state=RegisterImport.State.RUNNING, file_name="rna <31>.csv")
    rows = [row(id="W313000001", titre="HARMONIE"), row(id="W313000002", titre="CHORALE <b>DE</b> REVEL")]
    import_register(file=io.BytesIO(register(rows)), register_import=register_import)
    register_import.refresh_from_db()
    return register_import


def work():
    """What the worker would do."""
    for job in ProcrastinateJob.objects.filter(task_name="directory.undo_register_import", status="todo"):
        app.tasks[job.task_name](**job.args)


def page_of(done):
    return reverse("register-import", args=[done.pk])


def undo_page_of(done):
    return reverse("undo-register-import", args=[done.pk])


def test_what_would_be_undone_is_told_and_nothing_is_done(client, agent, done):
    MandateFactory(structure=Structure.objects.get(rna_id="W313000002"))
    assert undo_page_of(done) in client.get(page_of(done)).content.decode()
    page = client.get(undo_page_of(done)).content.decode()
    assert "Retirées\u00a0: 1" in page
    assert "Gardées, car elles servent\u00a0: 1" in page
    name = Structure.objects.get(rna_id="W313000002").name
    assert "<" in name
    assert f">{escape(name)}</a>" in page
    assert Structure.objects.count() == 2


def test_the_page_follows_the_work_then_tells_what_was_done(client, agent, done):
    assert client.post(undo_page_of(done)).url == page_of(done)
    page = client.get(page_of(done)).content.decode()
    assert "en train d’être défait" in page
    assert "hx-trigger" in page
    assert Structure.objects.count() == 2
    work()
    page = client.get(page_of(done)).content.decode()
    assert "Import défait" in page
    assert "Camille Roux" in page
    assert "Retirées\u00a0: 2" in page
    assert "hx-trigger" not in page
    assert not Structure.objects.exists()


def test_pressing_twice_undoes_once_and_says_so(client, agent, done):
    client.post(undo_page_of(done))
    answer = client.post(undo_page_of(done), follow=True)
    assert "en train d’être défait" in answer.content.decode()
    assert ProcrastinateJob.objects.filter(task_name="directory.undo_register_import").count() == 1
    work()
    assert "déjà défait" in client.post(undo_page_of(done), follow=True).content.decode()
    assert "déjà défait" in client.get(undo_page_of(done), follow=True).content.decode()


def test_an_import_that_another_leans_on_offers_no_button(client, agent, done):
    RegisterImport.objects.create(state=RegisterImport.State.RUNNING)
    page = client.get(page_of(done)).content.decode()
    assert "défaites d’abord celui-là" in page
    assert undo_page_of(done) not in page


def test_the_list_of_imports_says_which_is_undone(client, agent, done):
    client.post(undo_page_of(done))
    work()
    assert ">défait</td>" in client.get(reverse("register-imports")).content.decode()


def test_the_command_tells_then_undoes_the_last_import(done, capsys):
    call_command("directory_undo_import", "--dry-run")
    assert "Essai à blanc" in capsys.readouterr().out
    assert Structure.objects.count() == 2
    call_command("directory_undo_import")
    said = capsys.readouterr().out
    assert "Import défait" in said
    assert "retirées" in said
    assert not Structure.objects.exists()


@pytest.mark.parametrize(("arguments", "sentence"), [([], "aucun import à défaire"), (["99"], "n’existe pas")])
def test_the_command_refuses_in_words(arguments, sentence, capsys):
    with pytest.raises(SystemExit) as stop:
        call_command("directory_undo_import", *arguments)
    assert stop.value.code == 2
    assert sentence in capsys.readouterr().err


def test_the_command_refuses_what_is_already_undone(done, capsys):
    call_command("directory_undo_import", str(done.pk))
    with pytest.raises(SystemExit):
        call_command("directory_undo_import", str(done.pk))
    assert "déjà défait" in capsys.readouterr().err
