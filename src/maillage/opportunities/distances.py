"""How far a partner is, said so that nobody is found by it: rounded up to a few steps."""

STEPS = (5, 15, 30, 50)
BEYOND = 100


def rounded_up(kilometres):
    """The step that holds a distance: 9.3 -> 15; BEYOND for what is over the last step."""
    return next((step for step in STEPS if kilometres <= step), BEYOND)
