"""Each kind leaves signs in its values: a function a kind, named by its `KindType`.

Owns the evidence by which `cleansing.inference` guesses, and asks the cleaners that can prove a
value. Decides nothing: the guess is made where the signs of all kinds are compared.

    score, why = signs()[Kind.EMAIL](take_sample(distinct_of(values), "contact"))
"""

from collections.abc import Callable, Mapping
from typing import cast

from cleansing.column_sample import Sample
from cleansing.kind_type import KindType, Sign
from cleansing.registry import kind_types
from cleansing.signs.declared import declared
from cleansing.signs.evidence import NO_SIGN, header_says
from guiyi.kinds import Kind
from guiyi.plugins import KINDS, Plugin, at, left_out, plugins

__all__ = ["declared", "header_says", "signs"]


def signs() -> Mapping[Kind, Callable[[Sample], Sign]]:
    """How each kind is recognised, in the order in which ties are decided."""
    known = plugins(KINDS)
    return {kind: _sign(known[kind.value], found) for kind, found in kind_types() if found.sign}


def _sign(plugin: Plugin, found: KindType) -> Callable[[Sample], Sign]:
    """The function of a kind; another package's that fails is reported and sees nothing."""

    def cautious(sample: Sample) -> Sign:
        try:
            score, why = _function(found)(sample)
            return float(score), str(why)
        except Exception as error:
            left_out(plugin, error)
            return NO_SIGN

    return _function(found) if plugin.package is None else cautious


def _function(found: KindType) -> Callable[[Sample], Sign]:
    sign = at(found.sign) if isinstance(found.sign, str) else found.sign
    return cast("Callable[[Sample], Sign]", sign)
