"""Nothing on a page shuts a reader out: axe finds no violation that is of our making."""

import os
from pathlib import Path

import pytest

from tests.stories.test_every_page import ADDRESSES

AXE = Path(__file__).with_name("axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Streamlit's own markup, which no page can mend: rule, where, why.
STREAMLITS_OWN: tuple[tuple[str, str, str], ...] = ()


def violations(page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES)["violations"]
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:300]}"
        for rule in found
        for node in rule["nodes"]
        if not any(rule["id"] == known and place in node["html"] for known, place, _ in STREAMLITS_OWN)
    ]


SCHEMES = (("en", "light"), ("ar", "dark"))
EVERY_SCHEME = (*SCHEMES, ("en", "dark"), ("ar", "light"))


@pytest.mark.parametrize(("language", "scheme"), EVERY_SCHEME if os.environ.get("ASAR_FULL") else SCHEMES)
@pytest.mark.parametrize("address", ADDRESSES, ids=lambda value: value or "overview")
def test_a_page_is_open_to_every_reader(visit, address, language, scheme):
    assert violations(visit(address, language, scheme=scheme)) == []
