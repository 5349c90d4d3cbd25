"""Random forms with random answers, for whatever holds for any form and any tool."""

from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import assume
from hypothesis import strategies as st

from etl.demonstration.exports import Filled
from etl.surveys.form import Form, form_of
from etl.surveys.words import survey_words
from observatory.fact_files import folded

WORDS = [
    "food",
    "water",
    "winter",
    "help",
    "region",
    "city",
    "work",
    "team",
    "leader",
    "own",
    "choice",
    "real",
    "need",
    "learned",
    "useful",
    "hours",
    "paid",
    "time",
    "free",
    "қала",
    "өңір",
    "уақыт",
    "көмек",
    "жұмыс",
    "қажет",
    "город",
    "регион",
    "время",
    "помощь",
    "работа",
    "польза",
    "дети",
    "حي",
    "مدينة",
    "وقت",
    "عمل",
    "حاجة",
]
SIGNS = ("", ",", ", ", " / ", " - ", ": ", " (", ";", ".", "; ", "?", " «")
LANGUAGES = {"kk": "Kazakh (kk)", "ru": "Russian (ru)", "en": "English (en)"}


@st.composite
def phrases(draw, token):
    """Words in any script with any signs between them, told from all others by one word of its own."""
    words = draw(st.lists(st.sampled_from(WORDS), min_size=0, max_size=4))
    place = draw(st.integers(0, len(words)))
    words = [*words[:place], token, *words[place:]]
    signs = draw(st.lists(st.sampled_from(SIGNS), min_size=len(words), max_size=len(words)))
    return " ".join(f"{word}{sign}" for word, sign in zip(words, signs, strict=True)).strip(" /-(«").strip()


@st.composite
def labels(draw, token):
    return {f"label::{name}": draw(phrases(f"{token}{language}")) for language, name in LANGUAGES.items()}


@st.composite
def forms(draw) -> Form:
    """Forms of up to seven questions of any kind, in groups, some asked only after an answer to one before."""
    survey, choices = [], []
    count = draw(st.integers(1, 7))
    lists = {}
    for number in range(draw(st.integers(1, 3))):
        codes = draw(st.lists(st.from_regex(r"[a-z][a-z0-9_]{0,6}|[1-9]|-1", fullmatch=True), min_size=2, max_size=6,
                              unique_by=folded))  # fmt: skip
        lists[f"list{number}"] = codes
        choices += [
            {"list_name": f"list{number}", "name": code, **draw(labels(f"o{number}x{place}"))}
            for place, code in enumerate(codes)
        ]
        if draw(st.booleans()):
            spoken = {f"label::{name}": label for name, label in
                      zip(LANGUAGES.values(), ("Білмеймін", "Не знаю", "Don’t know"), strict=True)}  # fmt: skip
            choices.append({"list_name": f"list{number}", "name": "dont_know", **spoken})
    in_group = False
    for number in range(count):
        if draw(st.booleans()):
            survey += [{"type": "end_group"}] if in_group else []
            survey.append({"type": "begin_group", "name": f"g{number}"})
            in_group = True
        kind = draw(st.sampled_from(["select_one", "select_multiple", "integer", "decimal"]))
        of = draw(st.sampled_from(sorted(lists)))
        row = {"type": f"{kind} {of}" if kind.startswith("select") else kind, "name": f"q{number}_{kind[-3:]}",
               **draw(labels(f"q{number}"))}  # fmt: skip
        asked_before = [r for r in survey if r.get("type", "").startswith("select_one")]
        if asked_before and draw(st.booleans()):
            before = draw(st.sampled_from(asked_before))
            code = draw(st.sampled_from(lists[before["type"].split()[1]]))
            row["relevant"] = f"${{{before['name']}}} = '{code}'"
        survey.append(row)
    survey += [{"type": "end_group"}] if in_group else []
    words = survey_words()
    reserved = {*words.states, *words.other, *words.blank, *words.chosen, *words.not_chosen}
    assume(not reserved & {folded(row["name"]) for row in choices if row["name"] != "dont_know"} - {"1"})
    return form_of("random", {"survey": survey, "choices": choices})


@st.composite
def filled_forms(draw, form: Form, most: int = 6) -> list[Filled]:
    """Forms filled in: a question that is not asked is not answered, and of several options one at least is chosen."""
    moment = datetime(2025, 9, 1, 9, 0, 0)
    found = []
    for number in range(draw(st.integers(1, most))):
        answers: dict = {}
        for question in form.questions:
            answers[question.name] = None
            if all(_holds(condition, answers) for condition in question.relevant) and draw(st.integers(0, 4)):
                answers[question.name] = draw(_answer(question))
        began = moment + timedelta(hours=number, minutes=draw(st.integers(0, 50)))
        done = began + timedelta(seconds=draw(st.integers(60, 900)))
        found.append(Filled(f"{number:08d}-4ac0-4d0b", began, done, answers))
    return found


def _holds(condition, answers):
    name, code = condition.removeprefix("${").split("} = ")
    return answers[name] == code.strip("'")


def _answer(question):
    codes = [option.code for option in question.options]
    if question.kind == "one":
        return st.sampled_from(codes)
    if question.kind == "many":
        real = [code for code in codes if code != "dont_know"]
        several = st.lists(st.sampled_from(real), min_size=1, unique=True)
        chosen = several.map(lambda some: tuple(code for code in codes if code in some))
        return st.one_of(chosen, st.just(("dont_know",))) if "dont_know" in codes else chosen
    if question.is_whole:
        return st.integers(0, 99_999).map(Decimal)
    return st.integers(0, 99_999).map(lambda number: Decimal(number) / 100)


def expected(form: Form, filled: Filled) -> dict:
    """What a reader must find: state, codes and number of every question."""
    found = {}
    for question in form.questions:
        given = filled.answers[question.name]
        if not all(_holds(condition, filled.answers) for condition in question.relevant):
            found[question.name] = ("not_asked", (), None)
        elif given is None:
            found[question.name] = ("no_answer", (), None)
        elif given in ("dont_know", ("dont_know",)):
            found[question.name] = ("dont_know", ("dont_know",), None)
        elif isinstance(given, Decimal):
            found[question.name] = ("given", (), given)
        else:
            found[question.name] = ("given", (given,) if isinstance(given, str) else given, None)
    return found
