"""Three sides: companies, volunteers and NGOs on the same questions; what NGOs need and what they get."""

from observatory.figures import NeedAndSupply, SidesLead, ThreeSides
from observatory.page import Page, Row, show
from observatory.texts import mark

PAGE = Page(
    id="sides",
    title=mark("Three sides"),
    lead=SidesLead(),
    filters=(),
    rows=(Row(ThreeSides(), NeedAndSupply()),),
)

if __name__ == "__main__":
    show(PAGE)
