"""The comparison that a kind brings along."""

from cleansing.registry import kind_type, plugin_of
from dedup.comparison.base import Comparison
from dedup.comparison.kinds import DateComparison, TextComparison, WordsComparison
from guiyi.kinds import Kind
from guiyi.plugins import at


def comparison_of(kind: Kind) -> type[Comparison]:
    """The class that compares a kind, where it brings one. Raises PluginError for any other."""
    own = kind_type(kind).comparison
    found = at(own) if isinstance(own, str) and ":" in own else own
    usual = (TextComparison, WordsComparison, DateComparison)
    if not isinstance(found, type) or not issubclass(found, usual):
        raise plugin_of(kind).fault("its `comparison` is not derived from any of Guiyi's")
    return found
