"""What the crews of the tests compute; some of it kills the process that computes it."""

import os
import signal
import time
from pathlib import Path


def square(number):
    return number * number


def square_or_die(number, file):
    """Kills its own process the first time that it computes with this file."""
    if file and not Path(file).exists():
        Path(file).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def always_die(piece):
    os.kill(os.getpid(), signal.SIGKILL)


def fail(piece):
    raise ValueError(f"piece {piece}")


def process_number():
    return os.getpid()


def sleep(seconds):
    time.sleep(seconds)
