"""Administrative divisions of China by name and by code, provinces to villages (as of 2023-06-30).

``gazetteer()`` gives the one :class:`Gazetteer`; data are read when first needed.
"""

from functools import cache

from kg.gazetteer.find import Finder, Found
from kg.gazetteer.home import home
from kg.gazetteer.store import Division

__all__ = ["Division", "Found", "Gazetteer", "gazetteer"]


class Gazetteer(Finder):
    """Lookups, choice among namesakes, search in texts and the guess of an article's own area."""

    def home(self, text: str) -> tuple[Division, ...]:
        """The most specific areas that an article is about, best first; see :func:`kg.gazetteer.home.home`."""
        return home(self, text)


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer, shared by all callers in the process."""
    return Gazetteer()
