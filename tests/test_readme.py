"""The README of each add-on is that of its fragments, and is read without a warning."""

import pytest
from docutils.core import publish_doctree
from docutils.utils import SystemMessage

from dev import paths, readme


@pytest.mark.parametrize("addon", readme.ADDONS)
class TestReadme:
    def test_it_is_what_the_fragments_say(self, addon):
        """Red when a fragment was changed and `make readme` was not run."""
        written = (paths.ROOT / addon / "README.rst").read_text()
        assert written == readme.compose(addon)

    def test_every_fragment_has_its_section(self, addon):
        names = {file.stem for file in (paths.ROOT / addon / "readme").iterdir()}
        assert names <= set(readme.SECTIONS)

    def test_it_is_read_without_a_warning(self, addon):
        publish_doctree(readme.compose(addon), settings_overrides={"halt_level": 2})


def test_a_broken_text_is_found():
    with pytest.raises(SystemMessage):
        publish_doctree("*open", settings_overrides={"halt_level": 2})
