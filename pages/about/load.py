"""Load files: the data steward receives, checks, publishes and goes back; and what became of every delivery."""

from observatory.figures import Corrections, Deliveries, Latest, Refused
from observatory.page import Page, Row, show
from observatory.page.desk import desk
from observatory.texts import mark

PAGE = Page(
    id="load",
    title=mark("Load files"),
    lead=Latest(),
    filters=(),
    workplace=desk,
    rows=(Row(Deliveries()), Row(Corrections()), Row(Refused())),
)

if __name__ == "__main__":
    show(PAGE)
