"""The eye of these stories sees: each fault it looks for, drawn on purpose, is found."""

from tests.stories.screen import read_screen, untranslated
from tests.stories.test_accessible import violations

FAULTY = """
<html lang="ru" dir="ltr"><body><main data-testid="stMain" style="width: 300px; overflow: auto">
  <h2 style="width: 60px; overflow: hidden; white-space: nowrap">A title that is far too long</h2>
  <div style="width: 900px">wide</div>
  <div data-testid="stException">ValueError</div>
  <div class="js-plotly-plot" style="width: 200px; height: 50px" role="figure" aria-label="Nothing drawn">
    <svg class="main-svg" width="200" height="50" overflow="visible">
      <text x="180" y="20">A label cut at the edge</text>
      <text x="10" y="40">Карағанды</text><text x="30" y="42">Ұлытау</text>
    </svg>
  </div>
  <button aria-label="Show all activities">+</button><p style="display: none">Not on screen</p><p>Регионы</p>
</main></body></html>
"""


def test_every_fault_is_seen(new_reader):
    page = new_reader()
    page.set_content(FAULTY)
    screen = read_screen(page)
    assert screen.errors == ["ValueError"]
    assert [text.split(" (")[0] for text in screen.clipped] == [
        "A title that is far too long",
        "A label cut at the edge",
    ]
    assert screen.overlapping == ["Карағанды / Ұлытау"]
    assert [text.split(":")[0] for text in screen.sideways] == ["stMain"]
    assert screen.empty_charts == ["Nothing drawn"]
    assert (screen.language, screen.direction) == ("ru", "ltr")
    assert "Регионы" in screen.texts
    assert "Not on screen" not in screen.texts
    assert untranslated(screen.texts, "ru") == [
        "A title that is far too long", "A label cut at the edge", "Nothing drawn", "Show all activities",
    ]  # fmt: skip


def test_axe_sees_what_shuts_readers_out(new_reader):
    page = new_reader()
    page.set_content(
        '<html lang="en"><main><h1>Map</h1><img src="data:," style="width: 20px; height: 20px"></main></html>'
    )
    assert [text.split(":")[0] for text in violations(page)] == ["document-title", "image-alt"]
