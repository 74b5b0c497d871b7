"""What agreement is worth: the mixture, its priors, its fit, and the model as a document."""

from typing import TYPE_CHECKING

from guiyi.lazily import lazily

if TYPE_CHECKING:
    from dedup.model.pinned_table import PinnedTable
    from dedup.model.saved_model import ForeignFields, SavedModel, levels_of, read_model
    from dedup.model.splink_settings import SplinkSettings, read_splink
else:
    __getattr__ = lazily(
        __name__,
        {
            "ForeignFields": "dedup.model.saved_model",
            "PinnedTable": "dedup.model.pinned_table",
            "SavedModel": "dedup.model.saved_model",
            "SplinkSettings": "dedup.model.splink_settings",
            "levels_of": "dedup.model.saved_model",
            "read_model": "dedup.model.saved_model",
            "read_splink": "dedup.model.splink_settings",
        },
    )

__all__ = [
    "ForeignFields",
    "PinnedTable",
    "SavedModel",
    "SplinkSettings",
    "levels_of",
    "read_model",
    "read_splink",
]
