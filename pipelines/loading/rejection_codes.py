"""Why a target rejects a row, as a code for programs, and what to do about it."""

from guiyi.messages import Message

OTHER = "refused"
NOT_SENT = "not_sent"
CODES: tuple[tuple[str, str, str], ...] = (
    ("a value is required", "value_required", "map a value to the column, or give it a default"),
    (
        "the row it points to is not in the target",
        "dangling_reference",
        "load the row it points to first, then retry",
    ),
    (
        "its {entity} was rejected",
        "parent_rejected",
        "mend what that one lacks, then retry: this row goes in after it",
    ),
    (
        "another row already has this value",
        "duplicate_value",
        "merge the two in the CRM, or correct the value in the source",
    ),
    ("a check of the table does not hold", "check_failed", "correct the value in the source"),
    (
        "a duplicate rule of the CRM",
        "duplicate_value",
        "merge the two in the CRM, or let the rule allow the login to save",
    ),
    (
        "a validation rule of the CRM",
        "check_failed",
        "ask whoever looks after the CRM what the rule wants",
    ),
    ("another process holds the row", "locked", "retry when it has ended"),
    (
        "a constraint of the table does not hold",
        "check_failed",
        "correct the value in the source",
    ),
    (
        "it conflicts with another row",
        "check_failed",
        "merge the two in the CRM, or correct the value in the source",
    ),
    (
        "a trigger of the table refused it",
        "trigger_refused",
        "ask whoever looks after the CRM what the trigger wants",
    ),
    ("a value is too long", "too_long", "widen the column, or shorten the value by an expression"),
    ("too long:", "too_long", "widen the column, or shorten the value by an expression"),
    ("a number is outside", "out_of_range", "correct the value in the source"),
    ("outside the range", "out_of_range", "correct the value in the source"),
    ("more digits than", "out_of_range", "correct the value in the source"),
    ("more than {n} digits", "out_of_range", "round the value by an expression"),
    ("a value is not one the column takes", "not_a_choice", "map the value by a code list"),
    ("not one of the values", "not_a_choice", "map the value by a code list"),
    ("a value has a character", "bad_character", "correct the value in the source"),
    ("a value holds something", "bad_character", "correct the value in the source"),
    ("changed in the CRM since", "changed_meanwhile", "retry: it is compared with the CRM anew"),
    ("not written when the load", "cut_off", "retry"),
    ("a value is not of its column's type", "wrong_type", "correct the mapping of the column"),
    ("not a ", "wrong_type", "correct the mapping of the column"),
    ("neither yes nor no", "wrong_type", "correct the mapping of the column"),
    ("a date with a time of day", "wrong_type", "correct the mapping of the column"),
)
"""How reasons begin, and the code and the hint of each."""


def code_of(reason: str) -> tuple[str, str]:
    """The code of a reason, and what to do."""
    template = reason.id if isinstance(reason, Message) else reason
    for begin, code, hint in CODES:
        if template.startswith(begin):
            return code, hint
    return OTHER, "correct the cause, then retry"
