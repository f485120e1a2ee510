"""``./maillage test``: what the tests need, then pytest, whose last line is the last."""

import os
import shutil
import subprocess
import sys

from maillage.config.environment import PROJECT_FOLDER, Refusal
from maillage.config.installation import database, prepare

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def run(arguments):
    folder = prepare()
    _find_browser()
    with database(folder, for_tests=True):
        from maillage.web import assets

        assets.build()
        import pytest

        os.chdir(PROJECT_FOLDER)
        everything = ["--numprocesses=2", "--dist=loadfile"]
        return int(pytest.main(arguments or everything))


def _find_browser():
    if any(map(shutil.which, BROWSERS)):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Refusal("The tests drive a Chromium and there is none: install it (on Debian: apt install chromium).")
    print("Installing Chromium for the browser tests...", file=sys.stderr)
    for command in (["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]):
        result = subprocess.run(
            [*command, "--quiet"],
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise Refusal(f"Chromium could not be installed ({' '.join(command)}): {result.stderr.strip()}")
