"""What journeys share: with scripts and without, and by the keyboard alone."""

import pytest

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
ON = "main form[method=post] button:not([name])"  # the button that goes on


def tab_to(page, selector):
    """Press Tab until what ``selector`` names has the focus; fails when a turn of the page did not reach it."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"The Tab key never reached {selector}.")
