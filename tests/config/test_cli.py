import os
import re
import shutil
import subprocess
import sys

import pytest

from maillage.config import cli
from maillage.config.environment import PROJECT_FOLDER


def maillage(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-P", "-m", "maillage.config.cli", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        (["territory", "load", "31", "09"], ["territory_load", "31", "09"]),
        (["directory", "import-rna", "rna.csv", "--json"], ["directory_import_rna", "rna.csv", "--json"]),
        (["migrate", "directory"], ["migrate", "directory"]),
        (["django"], ["help"]),
    ],
)
def test_command_in_two_words_is_found(written, understood):
    assert cli.management_command(written) == understood


def test_help_names_every_command_of_ours():
    ours = {path.stem for path in cli.PACKAGE_FOLDER.glob("*/management/commands/[a-z]*.py")}
    listed = {re.sub(r"[ -]", "_", words) for words in re.findall(r"^  (\w+(?: [a-z-]+)?)", cli.HELP, re.MULTILINE)}
    assert ours - listed == set()


@pytest.mark.parametrize("arguments", [[], ["help"], ["--help"]])
def test_help_is_said_without_a_database(arguments):
    result = maillage(*arguments, DATABASE_URL="postgresql://nowhere.invalid/x")
    assert (result.returncode, result.stdout) == (0, cli.HELP)


def test_engine_needs_no_database_and_keeps_its_exit_code(tmp_path):
    result = maillage("engine", "nothing", DATABASE_URL="postgresql://nowhere.invalid/x", MAILLAGE_DATA=str(tmp_path))
    assert result.returncode == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"DATABASE_URL": "mysql://localhost/x"}, "PostgreSQL only"),
        ({"DATABASE_URL": "postgresql://jean:secret@127.0.0.1:1/x"}, "127.0.0.1, database 'x'. does not answer"),
        ({"MAILLAGE_DEBUG": "maybe"}, "MAILLAGE_DEBUG takes yes or no"),
        ({"MAILLAGE_DATA": "/proc/maillage"}, "The data folder /proc/maillage cannot be used"),
    ],
)
def test_ordinary_error_is_one_sentence(tmp_path, environment, sentence):
    result = maillage("migrate", **{"MAILLAGE_DATA": str(tmp_path), **environment})
    assert result.returncode == 1
    assert re.fullmatch(rf"maillage: .*{sentence}.*\n", result.stderr), result.stderr
    assert "secret" not in result.stderr


def test_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    from maillage.config.installation import _secret_key

    first = _secret_key(tmp_path)
    assert _secret_key(tmp_path) == first
    assert len(first) >= 50
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_launcher_is_plain_posix_shell():
    subprocess.run(["sh", "-n", PROJECT_FOLDER / "maillage"], check=True)


def test_two_first_runs_make_the_environment_once(tmp_path):
    """With a real shell, real locks, and programs in the place of uv and Python, which a test cannot download."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tmp_path / "uv.lock").write_text("")
    shutil.copy(PROJECT_FOLDER / "maillage", tmp_path / "maillage")
    (tools / "uv").write_text(f"""#!/bin/sh
        cd {tmp_path}
        case $1 in
            venv) mkdir -p .venv/bin; cp tools/python .venv/bin/python ;;
            sync) echo begins >>log; sleep 1; echo ends >>log ;;
        esac
    """)
    (tools / "python").write_text("#!/bin/sh\necho started\n")
    (tools / "python").chmod(0o755)
    (tools / "uv").chmod(0o755)
    environment = os.environ | {"PATH": f"{tools}:{os.environ['PATH']}"}
    runs = [
        subprocess.Popen(
            [tmp_path / "maillage", "help"], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(3)
    ]
    told = [run.communicate(timeout=60) for run in runs]
    assert [output for output, _ in told] == ["started\n"] * 3
    assert (tmp_path / "log").read_text() == "begins\nends\n"
    assert sum("this one waits for it" in errors for _, errors in told) == 2
