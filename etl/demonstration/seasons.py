"""What is done when: the mix of sub-themes and forms in every month, with seasons, growth and events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from etl.demonstration.settings import Settings
from observatory.editions import Edition


class Seasons:
    """The weights from which activities are drawn, and how large activities of each kind are.

    Attributes:
        theme_codes, form_codes, years: what the positions below stand for.
        year_of: position of each month's year.
        weights: expected activities (in proportion), months x sub-themes.
        year_share: share of all activities in each year.
        form_weights: how often each form is chosen, (months x sub-themes) x forms; `line` gives the row.
        days_least, days_most, skilled_share: by form. beneficiaries_each: per volunteer, by sub-theme.
        event_of: the event that pulls work into its regions, months x sub-themes, -1 = none.
        event_region_weights: where that work goes, events x regions; event_region_pull: which share of it.
    """

    def __init__(self, settings: Settings, edition: Edition):
        themes, forms = settings.themes, settings.forms
        self.theme_codes, self.form_codes = tuple(themes), tuple(forms)
        self.years = settings.all_years
        months = settings.months
        self.year_of = months.astype("datetime64[Y]").astype(int) + 1970 - self.years[0]
        self.days_least, self.days_most = (np.array([f["days"][side] for f in forms.values()]) for side in (0, 1))
        self.skilled_share = np.array([form.get("skilled", 0.0) for form in forms.values()])
        self.beneficiaries_each = np.array([theme["beneficiaries"] for theme in themes.values()], dtype=float)
        self._hours = np.log(np.array([form["hours"] for form in forms.values()], dtype=float))
        self._theme_hours = np.array([theme.get("hours", 1.0) for theme in themes.values()])
        self._people_by_form = np.array([form["people"] for form in forms.values()])
        self._people_by_theme = np.array([theme.get("people", 1.0) for theme in themes.values()])

        self.weights = self._usual_weights(settings)
        by_form = self._usual_forms(settings)
        self._leave_people_as_they_are(by_form)
        shape = self.weights.shape
        self._event_people, self._event_hours = np.ones(shape), np.ones(shape)
        self.event_of = np.full(shape, -1)
        self.event_region_pull = np.array([event.get("region_pull", 0.0) for event in settings.events])
        self.event_region_weights = np.array(
            [[event.get("regions", {}).get(code, 0) for code in settings.regions] for event in settings.events], float
        )
        for number, event in enumerate(settings.events):
            self._happen(number, event, by_form, edition, months)
        self.form_weights = by_form.reshape(-1, len(forms))
        by_year = np.bincount(self.year_of, self.weights.sum(axis=1), len(self.years))
        self.year_share = by_year / by_year.sum()

    def line(self, month: np.ndarray, theme: np.ndarray) -> np.ndarray:
        """Return the row of `form_weights` for each month and sub-theme."""
        return month * len(self.theme_codes) + theme

    def people_factor(self, month: np.ndarray, theme: np.ndarray, form: np.ndarray) -> np.ndarray:
        """Return how large each activity is beside an average one of its company and year."""
        return self._people_by_form[form] * self._people_by_theme[theme] * self._event_people[month, theme]

    def hours_each(
        self, month: np.ndarray, theme: np.ndarray, form: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        """Return hours per volunteer of each activity, between the bounds of its form and skewed towards the lower."""
        low, high = self._hours[form].T
        each = np.exp(low + (high - low) * rng.beta(2.0, 2.6, len(form)))
        return each * self._theme_hours[theme] * self._event_hours[month, theme]

    def _usual_weights(self, settings: Settings) -> np.ndarray:
        themes = settings.themes.values()
        season = np.array([theme["season"] for theme in themes], dtype=float)  # sub-themes x 12
        season = season / season.mean(axis=1, keepdims=True)
        growth = 1 + np.array([theme.get("growth_pct", 0) for theme in themes]) / 100
        share = np.array([theme["share"] for theme in themes]) * growth ** np.arange(len(self.years))[:, None]
        level = np.array([settings.years[int(year)]["activities"] for year in self.years], dtype=float)
        mix = share / share.sum(axis=1, keepdims=True) * level[:, None]  # years x sub-themes
        month_of_year = settings.months.astype(int) % 12
        return mix[self.year_of] * season.T[month_of_year] / 12

    def _usual_forms(self, settings: Settings) -> np.ndarray:
        usual = np.array(
            [[theme["forms"].get(form, 0) for form in self.form_codes] for theme in settings.themes.values()], float
        )
        growth = 1 + np.array([form.get("growth_pct", 0) for form in settings.forms.values()]) / 100
        yearly = usual[None] * (growth ** np.arange(len(self.years))[:, None])[:, None, :]
        return yearly[self.year_of]

    def _leave_people_as_they_are(self, by_form: np.ndarray) -> None:
        """Scale the factors so that an ordinary activity has the factor 1 on average."""
        form_share = by_form / by_form.sum(axis=2, keepdims=True)
        factor = (form_share * self._people_by_form).sum(axis=2) * self._people_by_theme
        self._people_by_form = self._people_by_form / np.average(factor, weights=self.weights)

    def _happen(
        self, number: int, event: Mapping[str, Any], by_form: np.ndarray, edition: Edition, months: np.ndarray
    ) -> None:
        span = (months >= np.datetime64(event["from"], "M")) & (months <= np.datetime64(event["to"], "M"))
        when = np.flatnonzero(span)[:, None]
        what = np.array([self.theme_codes.index(code) for code in self._sub_themes(event["of"], edition)])
        self.weights[when, what] *= event.get("activities", 1.0)
        self._event_people[when, what] *= event.get("people", 1.0)
        self._event_hours[when, what] *= event.get("hours", 1.0)
        for form, factor in event.get("forms", {}).items():
            by_form[when, what, self.form_codes.index(form)] *= factor
        if event.get("regions"):
            self.event_of[when, what] = number

    def _sub_themes(self, codes: list[str], edition: Edition) -> Iterator[str]:
        """Give the sub-themes meant by codes of sub-themes or themes."""
        for sub_theme in self.theme_codes:
            if not set(edition.dimensions["theme"].ancestors(sub_theme)).isdisjoint(codes):
                yield sub_theme
