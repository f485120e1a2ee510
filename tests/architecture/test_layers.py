"""The house stands as drawn: imports and foreign keys go down, files stay small, migrations are written."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
SOURCE_SUFFIXES = {".py", ".html", ".css", ".js"}


def layer_ranks():
    """{"directory": 3, …}: a higher rank may depend on a lower one only."""
    with open(ROOT / "pyproject.toml", "rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    layers = contracts[0]["layers"]
    return {
        name.strip("() "): len(layers) - position for position, layer in enumerate(layers) for name in layer.split("|")
    }


def test_imports_go_down():
    script = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([script, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_foreign_keys_go_down():
    ranks = layer_ranks()
    ours = [config for config in apps.get_app_configs() if config.name.startswith("maillage.")]
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for config in ours
        for model in config.get_models()
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model
        and field.related_model._meta.app_label in ranks
        and field.related_model._meta.app_label != config.label
        and ranks[field.related_model._meta.app_label] >= ranks[config.label]
    ]
    assert upward == []


@pytest.mark.parametrize("folder", ["src", "tests", "benchmarks"])
def test_no_file_is_over_400_lines(folder):
    long_files = [
        f"{path.relative_to(ROOT)}: {count}"
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in SOURCE_SUFFIXES
        and "migrations" not in path.parts
        and (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    ]
    assert long_files == []


@pytest.mark.django_db
def test_every_model_change_has_its_migration():
    call_command("makemigrations", "--check", "--dry-run")


def test_no_signal_handlers_of_our_own():
    receivers = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "src").rglob("*.py")
        if "post_save" in (text := path.read_text(encoding="utf-8")) or "pre_save" in text or "@receiver" in text
    ]
    assert receivers == []
