"""The key is made once, for its owner alone; signs and shares come back as they were kept; a lost key is said."""

import stat
from dataclasses import replace

import pytest

from etl.protect.keys import PUBLIC_KEY
from etl.protect.noise import Kept
from etl.protect.state import KEY, NOISE, State, state_of
from observatory import LANGUAGES
from observatory.editions import load_edition
from observatory.errors import Refused
from observatory.texts import texts

EDITION = load_edition("kazakhstan")
KEPT = {
    "hours": Kept({"company A": 1, "holding B": -1}, {"company|A|2024": 0.1 + 0.02}),
    "cost": Kept({"ngo N": -1}, {}),
}


@pytest.fixture
def state(tmp_path, monkeypatch) -> State:
    monkeypatch.setenv("ASAR_STATE", str(tmp_path))
    return state_of(EDITION, is_demonstration=False)


def test_the_key_is_made_once_for_its_owner_alone(state):
    assert state_of(EDITION, is_demonstration=False).key == state.key != PUBLIC_KEY
    assert stat.S_IMODE((state.folder / KEY).stat().st_mode) == 0o600
    assert [path.name for path in state.folder.iterdir()] == [KEY]


def test_two_folders_have_two_keys(state, tmp_path, monkeypatch):
    monkeypatch.setenv("ASAR_STATE", str(tmp_path / "other"))
    assert state_of(EDITION, is_demonstration=False).key != state.key


def test_what_is_kept_comes_back_to_the_last_bit(state):
    assert state.kept() == {}
    state.keep(KEPT)
    assert state.kept() == KEPT
    assert stat.S_IMODE((state.folder / NOISE).stat().st_mode) == 0o600


def test_demonstration_data_have_a_public_key_and_keep_nothing(monkeypatch):
    monkeypatch.delenv("ASAR_STATE")
    state = state_of(EDITION, is_demonstration=True)
    state.keep(KEPT)
    assert (state.key, state.kept()) == (PUBLIC_KEY, {})


@pytest.mark.parametrize("language", LANGUAGES)
def test_real_data_without_a_folder_for_the_key_are_refused_in_every_language(language, monkeypatch):
    monkeypatch.delenv("ASAR_STATE")
    with pytest.raises(Refused) as refused:
        state_of(EDITION, is_demonstration=False)
    assert "ASAR_STATE" in refused.value.say(texts(language))


def test_a_key_that_is_gone_is_not_made_anew(state):
    state.keep(KEPT)
    (state.folder / KEY).unlink()
    with pytest.raises(Refused):
        state_of(EDITION, is_demonstration=False)


def test_a_key_that_was_cut_short_is_refused(state):
    (state.folder / KEY).write_bytes(state.key[:-1])
    with pytest.raises(Refused):
        state_of(EDITION, is_demonstration=False)


def test_a_file_of_noise_that_is_damaged_is_refused(state):
    (state.folder / NOISE).write_bytes(b"PAR1")
    with pytest.raises(Refused):
        state.kept()


def test_another_edition_has_a_key_of_its_own(state):
    assert state_of(replace(EDITION, id="other"), is_demonstration=False).key != state.key
