"""The compiled inner loops: similarity of texts, levels of pairs, emission of pairs, grouping.

Imported only when records are really matched, because numba is slow to import. All kernels release
the GIL, so chunks of pairs run on several threads. They are compiled once and kept until a source
in this package changes (see `compiled`).

    from dedup import kernels
    bits = kernels.bigram_bits(chars, offsets)
"""

from dedup.kernels.compiled import cached_by_source

with cached_by_source():
    from dedup.kernels.blocks import (
        fold_forms,
        gathered,
        number_patterns,
        pick_pairs,
        rarest_words,
        shortened,
        without,
    )
    from dedup.kernels.classes import class_likelihoods, tally_cells
    from dedup.kernels.companies import CompanyNames, company_levels
    from dedup.kernels.fields import date_levels, part_names, text_levels
    from dedup.kernels.forms import end_forms, number_forms, sound_forms
    from dedup.kernels.groups import average_link, join_components, join_within
    from dedup.kernels.pairs import (
        Outlines,
        glance,
        keep_reachable,
        open_pairs,
        promising_pairs,
        write_levels,
    )
    from dedup.kernels.postings import (
        find_text,
        record_keys,
        rows_of_keys,
    )
    from dedup.kernels.splitting import split_words
    from dedup.kernels.texts import Texts, bigram_bits, jaro_winkler, one_edit
    from dedup.kernels.words import WordSets, token_levels

__all__ = [
    "CompanyNames",
    "Outlines",
    "Texts",
    "WordSets",
    "average_link",
    "bigram_bits",
    "class_likelihoods",
    "company_levels",
    "date_levels",
    "end_forms",
    "find_text",
    "fold_forms",
    "gathered",
    "glance",
    "jaro_winkler",
    "join_components",
    "join_within",
    "keep_reachable",
    "number_forms",
    "number_patterns",
    "one_edit",
    "open_pairs",
    "part_names",
    "pick_pairs",
    "promising_pairs",
    "rarest_words",
    "record_keys",
    "rows_of_keys",
    "shortened",
    "sound_forms",
    "split_words",
    "tally_cells",
    "text_levels",
    "token_levels",
    "without",
    "write_levels",
]
