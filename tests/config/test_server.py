"""What ``up`` decides before it serves."""

import pytest

from maillage.config import server


@pytest.mark.parametrize(
    ("variable", "value", "wanted"),
    [
        ("MAILLAGE_PORT", "8080", True),
        ("MAILLAGE_BIND", "0.0.0.0", False),
        ("MAILLAGE_HTTPS", "yes", False),
        ("MAILLAGE_BEHIND_PROXY", "yes", False),
    ],
)
def test_demonstration_is_not_loaded_by_default_on_a_site_that_others_reach(monkeypatch, variable, value, wanted):
    for name in ("MAILLAGE_DEMONSTRATION", "MAILLAGE_BIND", "MAILLAGE_HTTPS", "MAILLAGE_BEHIND_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, value)
    assert server._wants_demonstration() is wanted
    monkeypatch.setenv("MAILLAGE_DEMONSTRATION", "yes")
    assert server._wants_demonstration()
