"""The two commands: the report, its last line for scripts, refusals with exit code 2."""

import json

import pytest
from django.core.management import call_command

from maillage.directory.models import RegisterImport, Structure
from tests.directory.registers import register, trapped_waldec

pytestmark = pytest.mark.django_db


@pytest.fixture
def rna(tmp_path):
    path = tmp_path / "rna_waldec.csv"
    path.write_bytes(register(trapped_waldec()))
    return path


def test_json_is_the_last_line(rna, capsys):
    call_command("directory_import_rna", rna, "--json")
    lines = capsys.readouterr().out.splitlines()
    summary = json.loads(lines[-1])
    assert list(summary) == ["read", "created", "updated", "unchanged", "skipped", "skipped_reasons"]
    assert [summary[name] for name in list(summary)[:5]] == [27, 20, 0, 0, 7]
    assert "  créées               20" in lines


def test_dry_run_leaves_no_trace(rna):
    call_command("directory_import_rna", rna, "--dry-run")
    assert not Structure.objects.exists()
    assert not RegisterImport.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("vide.csv", b"", "Le fichier est vide."),
        ("autre.csv", b"nom;ville\nUn;Revel\n", "Ligne 1\u00a0: ce fichier n’est pas un registre RNA."),
        ("coupe.csv", register(trapped_waldec())[:-9], "Ligne 29\u00a0: "),
    ],
)
def test_refusal_is_a_sentence_and_exit_code_2(tmp_path, capsys, name, data, sentence):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(SystemExit) as stopped:
        call_command("directory_import_rna", path)
    said = capsys.readouterr()
    assert (stopped.value.code, said.out) == (2, "")
    assert said.err.startswith(sentence)
    assert not Structure.objects.exists()


def test_missing_file_is_said(tmp_path, capsys):
    with pytest.raises(SystemExit):
        call_command("directory_import_rna", tmp_path / "absent.csv")
    assert capsys.readouterr().err.startswith("Impossible de lire ")


def test_any_csv_by_its_columns(tmp_path, capsys):
    path = tmp_path / "lieux.csv"
    path.write_text("Lieu,Ville\nLe Triporteur,Auzeville-Tolosane\n", encoding="utf-8")
    call_command("directory_import_csv", path, "--map", "name=Lieu", "commune=Ville", "--json")
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["created"] == 1
    assert Structure.objects.get().commune.name == "Auzeville-Tolosane"


def test_map_without_column_is_refused(tmp_path, capsys):
    path = tmp_path / "lieux.csv"
    path.write_text("Lieu,Ville\n", encoding="utf-8")
    with pytest.raises(SystemExit) as stopped:
        call_command("directory_import_csv", path, "--map", "name")
    assert stopped.value.code == 2
    assert capsys.readouterr().err.startswith("Écrivez chaque correspondance")
