"""Telephone numbers and e-mail addresses in a text that everyone will read."""

import re

_PHONE = r"(?<![\d+])(?:(?:\+|00)\s?33[\s.]?(?:\(0\)\s?)?|0)[1-9](?:[\s./-]?\d{2}){4}(?!\d)"
_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_EITHER = re.compile(f"{_PHONE}|{_MAIL}")
_LEFT_BEHIND = re.compile(r"[ \t]{2,}")


def reachable_in(text):
    """The numbers and addresses that ``text`` gives, as they are written there."""
    return _EITHER.findall(text)


def without_reachable(text):
    """``text`` without its numbers and addresses; its lines stay."""
    return "\n".join(_LEFT_BEHIND.sub(" ", _EITHER.sub("", line)).strip() for line in text.split("\n")).strip()
