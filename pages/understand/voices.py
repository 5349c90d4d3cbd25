"""Voices: what volunteers, leaders, companies and NGOs answered, question by question, by group and wave."""

from observatory.figures import HowAsked, VoicesAgreeing, VoicesLead, VoicesShown
from observatory.page import Page, Row, show
from observatory.page.asking import asking
from observatory.texts import mark

PAGE = Page(
    id="voices",
    title=mark("Voices"),
    lead=VoicesLead(),
    filters=(),
    workplace=asking,
    is_apart=True,
    rows=(Row((VoicesShown(), VoicesAgreeing()), HowAsked(), widths=(1.75, 1)),),
)

if __name__ == "__main__":
    show(PAGE)
