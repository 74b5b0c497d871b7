"""Our own kinds, each with all its facets; data/kind_evidence.yaml has their headers."""

from cleansing.kind_type import KindType

EMAIL = KindType(
    cleaner="cleansing.email",
    sign="cleansing.signs.contacts:email",
    group="mail",
    comparison="contact",
    similarity="levenshtein",
    judge="dedup.value_pairs.keys:judge_mails",
    mask="governance.masking:email",
    personal=True,
    separator="; ",
    field="email",
)
URL = KindType(
    cleaner="cleansing.url",
    sign="cleansing.signs.contacts:url",
    group="mail",
    similarity="levenshtein",
    field="website",
)
USCC = KindType(
    cleaner="cleansing.uscc",
    sign="cleansing.signs.identifiers:uscc",
    group="identifier",
    comparison="identifier",
    similarity="damerau_levenshtein",
    exact=True,
    judge="dedup.value_pairs.keys:judge_identifiers",
    mask=(3, 2),
    field="uscc",
)
ID_CARD = KindType(
    cleaner="cleansing.id_card",
    sign="cleansing.signs.identifiers:id_card",
    group="identifier",
    comparison="identifier",
    similarity="damerau_levenshtein",
    exact=True,
    judge="dedup.value_pairs.keys:judge_identifiers",
    mask=(3, 2),
    personal=True,
    field="id_card",
)
DATE = KindType(
    cleaner="cleansing.date",
    sign="cleansing.signs.numbers:date",
    comparison="date",
    similarity="damerau_levenshtein",
    judge="dedup.value_pairs.keys:judge_dates",
    mask="governance.masking:date",
)
PHONE = KindType(
    cleaner="cleansing.phone",
    sign="cleansing.signs.contacts:phone",
    group="contact",
    comparison="contact",
    similarity="levenshtein",
    exact=True,
    mask="governance.masking:phone",
    personal=True,
    separator="; ",
    field="phone",
)
POSTCODE = KindType(
    cleaner="cleansing.postcode",
    sign="cleansing.signs.numbers:postcode",
    group="place",
    comparison="digits",
    similarity="damerau_levenshtein",
    exact=True,
    mask=(2, 0),
    field="postcode",
)
REGION = KindType(
    cleaner="cleansing.region",
    sign="cleansing.signs.places:region",
    group="place",
    judge="dedup.value_pairs.keys:judge_regions",
)
INDUSTRY = KindType(
    cleaner="cleansing.industry",
    sign="cleansing.signs.places:industry",
    comparison="digits",
    exact=True,
)
ADDRESS = KindType(
    cleaner="cleansing.address",
    sign="cleansing.signs.places:address",
    group="place",
    comparison="words",
    similarity="qgram",
    judge="dedup.value_pairs.address:judge_addresses",
    mask="governance.masking:address",
    personal=True,
    field="address",
)
COMPANY_NAME = KindType(
    cleaner="cleansing.company_name",
    sign="cleansing.signs.names:company_name",
    group="organisation",
    comparison="company",
    similarity="qgram",
    judge="dedup.value_pairs.company:judge_companies",
    mask=(2, 2),
    field="name",
)
PERSON_NAME = KindType(
    cleaner="cleansing.person_name",
    sign="cleansing.signs.names:person_name",
    similarity="jarowinkler",
    judge="dedup.value_pairs.person:judge_people",
    mask="governance.masking:person",
    personal=True,
    field="name",
)
AMOUNT = KindType(
    cleaner="cleansing.amount",
    sign="cleansing.signs.numbers:amount",
    comparison="digits",
    exact=True,
)
KEY = KindType(
    cleaner="cleansing.key",
    sign="cleansing.signs.numbers:key",
    mask=(3, 2),
)
CODE = KindType(
    cleaner="cleansing.code",
    sign="cleansing.signs.numbers:code",
    group="identifier",
    comparison="code",
    exact=True,
    mask=(3, 2),
)
TEXT = KindType(
    cleaner="cleansing.free_text",
    sign="cleansing.signs.names:text",
    similarity="qgram",
    judge="dedup.value_pairs.keys:judge_texts",
    separator="; ",
)
