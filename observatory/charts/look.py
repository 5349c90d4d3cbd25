"""Look: every colour, size and mark of a chart. No other Python file names a colour; the page's are in style.css."""

from __future__ import annotations

import html
from dataclasses import dataclass

from observatory.charts.text_width import text_width

FONT = "NotoUI, 'Noto Sans', 'Noto Sans Arabic', sans-serif"
PLOTLY_CONFIG = {
    "displayModeBar": False,
    "displaylogo": False,
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
    "showSendToCloud": False,
    "topojsonURL": "app/static/topojson/",
}
"""What every chart is shown with. The base layer of maps is our own empty file: no chart asks another machine."""

REST = ("_rest", "_U")
"""Part codes that stand for what is left over: grey, whatever the chart."""


@dataclass(frozen=True)
class Tokens:
    """The colours of one theme. classes: from little to much; on_classes: the label colour on each of them."""

    page: str
    card: str
    ink: str
    muted: str
    rule: str
    edge: str
    accent: str
    peers: str
    shade: str
    band: str
    demonstration: str
    demonstration_ground: str
    classes: tuple[str, ...]
    on_classes: tuple[str, ...]
    diverging: tuple[str, ...]
    on_diverging: tuple[str, ...]
    social: str
    emergency: str
    ecology: str


LIGHT = Tokens(
    page="#F7F8FA",
    card="#FFFFFF",
    ink="#13202E",
    muted="#4C5A69",
    rule="#D5DBE2",
    edge="#7C8896",
    accent="#0B62A8",
    peers="#BCC7D2",
    shade="#E3E8ED",
    band="#86B6DC",
    demonstration="#7A4E00",
    demonstration_ground="#FFF5DC",
    classes=("#D3E5F4", "#9CC6E6", "#5B9FD0", "#2170AE", "#0C3F6E"),
    on_classes=("#13202E", "#13202E", "#13202E", "#FFFFFF", "#FFFFFF"),
    diverging=("#8A4B08", "#D9A566", "#D6DBE0", "#86B6DC", "#0B5796"),
    on_diverging=("#FFFFFF", "#13202E", "#13202E", "#13202E", "#FFFFFF"),
    social="#62266C",
    emergency="#B93A17",
    ecology="#2B9C80",
)
DARK = Tokens(
    page="#0E1620",
    card="#16212E",
    ink="#EAF0F6",
    muted="#A9B7C6",
    rule="#2C3A4A",
    edge="#73869A",
    accent="#6DB9F2",
    peers="#3B4E62",
    shade="#223040",
    band="#35709F",
    demonstration="#F5D48A",
    demonstration_ground="#2E2612",
    classes=("#2B4A68", "#356F9F", "#569FD6", "#8CC5EF", "#D6ECFC"),
    on_classes=("#FFFFFF", "#FFFFFF", "#0B1520", "#0B1520", "#0B1520"),
    diverging=("#E0A050", "#8A6236", "#4A5663", "#35709F", "#86C5F4"),
    on_diverging=("#0B1520", "#FFFFFF", "#FFFFFF", "#FFFFFF", "#0B1520"),
    social="#A860C4",
    emergency="#F0764A",
    ecology="#7ADCBD",
)
STAGE = Tokens(
    page="#081521",
    card="#10222F",
    ink="#FFFFFF",
    muted="#C3D0DC",
    rule="#38495A",
    edge="#8195A9",
    accent="#7CCBFF",
    peers="#3B5570",
    shade="#1B3144",
    band="#35709F",
    demonstration="#FFD98A",
    demonstration_ground="#2E2612",
    classes=DARK.classes,
    on_classes=DARK.on_classes,
    diverging=DARK.diverging,
    on_diverging=DARK.on_diverging,
    social="#B873DA",
    emergency="#FF8A5C",
    ecology="#9CF0D4",
)
THEMES = {"light": LIGHT, "dark": DARK, "stage": STAGE}

AXIS_GAP = 6
"""Pixels that plotly leaves between an axis and its names, besides what it is asked for."""

THEME_STYLE = {"social": "square", "emergency": "triangle-up", "ecology": "circle"}
"""Marker of each theme of volunteering; its colour is the token of the same name."""
TRIANGLE = 1.35
"""How much larger a triangle is drawn than the other markers."""


@dataclass(frozen=True)
class Sizes:
    """Sizes in pixels. width: what a chart is laid out for when the page does not say; row: the height of a bar row."""

    width: int
    text: int
    small: int
    line: float
    marker: int
    row: int
    bar: float
    gap: int
    name_share: float


SIZES = {
    "page": Sizes(width=590, text=13, small=12, line=2.5, marker=9, row=34, bar=0.5, gap=7, name_share=0.40),
    "phone": Sizes(width=326, text=12, small=12, line=2.5, marker=9, row=36, bar=0.5, gap=6, name_share=0.46),
    "stage": Sizes(width=1776, text=30, small=25, line=5, marker=24, row=66, bar=0.6, gap=14, name_share=0.32),
}


@dataclass(frozen=True)
class Look:
    """How a figure is to look: theme (light, dark, stage), direction (ltr, rtl), size (page, phone, stage).

    width: pixels the chart will be given, 0 for the usual of its size; charts stretch, words are wrapped for it.
    """

    theme: str = "light"
    direction: str = "ltr"
    size: str = "page"
    width: int = 0

    @property
    def tokens(self) -> Tokens:
        return THEMES[self.theme]

    @property
    def sizes(self) -> Sizes:
        return SIZES[self.size]

    @property
    def pixels(self) -> int:
        return self.width or self.sizes.width

    @property
    def is_mirrored(self) -> bool:
        return self.direction == "rtl"

    def font(self, colour: str = "", size: float = 0) -> dict:
        return {"family": FONT, "size": size or self.sizes.text, "color": colour or self.tokens.ink}

    def haloed(self, colour: str = "", size: float = 0) -> dict:
        """Return a font with a halo in card colour: for words that may cross a line or a border."""
        return {**self.font(colour, size), "shadow": halo(self.tokens.card)}

    def theme_colour(self, code: str) -> str:
        """Return the colour of a theme of volunteering; a sub-theme is drawn as its theme by the caller."""
        return getattr(self.tokens, code)

    def on(self, colour: str) -> str:
        """Return the label colour, dark or light, that stands out more from a ground of `colour`."""
        dark, light = (self.tokens.ink, "#FFFFFF") if self.theme == "light" else ("#0B1520", "#FFFFFF")
        return max(dark, light, key=lambda ink: contrast(ink, colour))

    def side_margins(self, names: float, values: float) -> dict[str, int]:
        """Return left and right margins for names before the bars and values after them, mirrored where asked."""
        before, after = round(names), round(values)
        return {"l": after, "r": before} if self.is_mirrored else {"l": before, "r": after}

    def value_range(self, start: float, end: float) -> list[float]:
        return [end, start] if self.is_mirrored else [start, end]

    @property
    def start(self) -> str:
        """The side where a line of text begins; `end` is where it ends. Words plotly understands."""
        return "right" if self.is_mirrored else "left"

    @property
    def end(self) -> str:
        return "left" if self.is_mirrored else "right"

    @property
    def forward(self) -> int:
        """1 where reading goes to the right, -1 where it goes to the left: the sign of every sideways shift."""
        return -1 if self.is_mirrored else 1


STEADY = {"selected": {"marker": {"opacity": 1}}, "unselected": {"marker": {"opacity": 1}}}
"""For every trace that can be clicked: a click is an event, plotly shall not fade the other marks."""


def plain(text: object) -> str:
    """Return words for plotly, which reads a few tags: whatever the words hold is shown as it is.

    Plotly lays every line out from left to right; words with Arabic letters are therefore isolated as right to left.
    """
    return right_to_left(html.escape(str(text), quote=False))


def halo(colour: str) -> str:
    """Return a text shadow that parts words from what lies beneath."""
    return ", ".join([f"0 0 3px {colour}"] * 4)


def right_to_left(line: str) -> str:
    """Return a line that reads from right to left where it holds Arabic letters; other lines as they are."""
    return f"\u2067{line}\u2069" if any("\u0600" <= letter <= "\u06ff" for letter in line) else line


def bold(text: object) -> str:
    return f"<b>{plain(text)}</b>" if str(text) else ""


def coloured(text: object, colour: str) -> str:
    return f'<span style="color:{colour}">{plain(text)}</span>'


def widest(texts: object, size: float, is_bold: bool = False) -> float:
    """Return the pixels of the longest of some texts, 0 where there is none."""
    return max((text_width(str(text), size, is_bold) for text in texts), default=0.0)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours "#RRGGBB" as WCAG 2 defines it, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@dataclass
class Chart:
    """A chart in the terms of plotly's schema, as plain data that nobody checks again when it is shown.

    plotly's own classes check every property of every mark each time one is made; here the tests do that, with
    `go.Figure(chart.spec)`.
    """

    data: list[dict]
    layout: dict

    @property
    def spec(self) -> dict:
        return {"data": self.data, "layout": self.layout}


def bare_chart(look: Look, height: float, margin: dict[str, int]) -> Chart:
    """Return a chart with our font and no ground, grid, legend or axis of plotly's own; charts add what they need."""
    axis = {"visible": False, "fixedrange": True, "zeroline": False, "showgrid": False}
    layout = {
        "height": round(height),
        "margin": {"t": 0, "b": 0, "pad": 0, **margin},
        "font": look.font(),
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "xaxis": axis,
        "yaxis": dict(axis),
        "barmode": "overlay",
        "bargap": 0,
        "uniformtext": {"mode": False},
        "separators": ".,",
    }
    return Chart([], layout)


def trace(kind: str, **properties: object) -> dict:
    """Return the marks of one kind ("bar", "scatter", "choropleth" ...)."""
    return {"type": kind, **properties}


def note(text: str, **place: object) -> dict:
    """Return an annotation without an arrow."""
    return {"text": text, "showarrow": False, "borderpad": 0, **place}
