"""The drawings that pages may use: the names of Lucide (lucide.dev) listed in ``icons.txt``, and no other."""

from pathlib import Path

ICONS = frozenset((Path(__file__).parent / "icons.txt").read_text().split())
