"""Asar: names the pages, sets language and direction, and hands over. Shows no number."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from observatory.access import may_load
from observatory.errors import NoSnapshot
from observatory.page.frame import open_reader, say_no_snapshot, watch_width
from observatory.queries import instruments
from observatory.queries.gaps import has_gaps
from observatory.queries.stages import stages

HERE = Path(__file__).parent


def _page(path: str, title: str, is_first: bool = False):
    return st.Page(str(HERE / "pages" / f"{path}.py"), title=title, url_path=path.split("/")[1], default=is_first)


def main() -> None:
    """Open the reader's page, or say which command publishes a snapshot."""
    st.set_page_config(page_icon=str(HERE / "static" / "favicon.png"), layout="wide")
    try:
        context = open_reader()
    except NoSnapshot as error:
        say_no_snapshot(error)
        return
    say, dimensions = context.texts.say, context.edition.dimensions
    explore = {
        "region": ("regions", say("Regions")),
        "sector": ("sectors", say("Sectors and sizes")),
        "theme": ("themes", say("Themes")),
    }
    pages = [_page(f"explore/{path}", title) for name, (path, title) in explore.items() if dimensions[name].levels]
    if context.store.snapshot.events_count:
        pages.append(_page("explore/events", say("Meetings and trainings")))
    understand = []
    if stages(context.store):
        understand.append(_page("understand/stage", say("Stage")))
    if has_gaps(context.store, "mirrored"):
        understand.append(_page("understand/sides", say("Three sides")))
    if instruments(context.store):
        understand.append(_page("understand/voices", say("Voices")))
    about = [_page("about/method", say("Data and method"))]
    if may_load():
        about.append(_page("about/load", say("Load files")))
    navigation = st.navigation(
        {
            "": [_page("explore/overview", say("Overview"), is_first=True)],
            say("Explore"): pages,
            **({say("Understand"): understand} if understand else {}),
            say("About"): about,
        },
        position="top",
    )
    watch_width()
    st.logo(str(HERE / "static" / f"logo-{context.look.theme}.svg"), size="large")
    navigation.run()


@asynccontextmanager
async def serving(_app: st.App) -> AsyncIterator[None]:
    """What the server does before the first reader comes and after the last has gone.

    Streamlit lists pages/ by itself until a script names its pages, and so would greet the first reader who follows a
    copied link with "Page not found". At the end the open snapshot is closed.
    """
    PagesManager.uses_pages_directory = False
    yield
    st.cache_resource.clear()


if get_script_run_ctx(suppress_warning=True) is None:
    app = st.App(__file__, lifespan=serving)  # `streamlit run` looks for this
else:
    main()
