"""Meetings and trainings: conferences, meetings, field visits and trainings that were held, and who came."""

from observatory.figures import EventList, EventsHeld, MostEvents
from observatory.page import Page, Row, show
from observatory.texts import mark

PAGE = Page(
    id="events",
    title=mark("Meetings and trainings"),
    lead=MostEvents(),
    filters=("years", "region", "theme"),
    rows=(Row(EventsHeld()), Row(EventList())),
)

if __name__ == "__main__":
    show(PAGE)
