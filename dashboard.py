"""Asar: names the pages, sets language and direction, and hands over. Shows no number."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from observatory.errors import NoSnapshot
from observatory.page.frame import open_reader, say_no_snapshot

HERE = Path(__file__).parent


def main() -> None:
    """Open the reader's page, or say which command publishes a snapshot."""
    st.set_page_config(page_icon=str(HERE / "static" / "favicon.png"), layout="wide")
    try:
        context = open_reader()
    except NoSnapshot as error:
        say_no_snapshot(error)
        return
    say, page = context.texts.say, lambda path: str(HERE / "pages" / path)
    navigation = st.navigation(
        {
            "": [st.Page(page("explore/overview.py"), title=say("Overview"), url_path="overview", default=True)],
            say("Explore"): [
                st.Page(page("explore/regions.py"), title=say("Regions"), url_path="regions"),
                st.Page(page("explore/sectors.py"), title=say("Sectors and sizes"), url_path="sectors"),
                st.Page(page("explore/themes.py"), title=say("Themes"), url_path="themes"),
            ],
            say("About"): [st.Page(page("about/method.py"), title=say("Data and method"), url_path="method")],
        },
        position="top",
    )
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
