"""The lines in which people say who they are: under a letter, on a card, Chinese and others.

Owns finding a signature in a text, and telling name, title, department, company, numbers and
address apart. Knows nothing of mailboxes and pictures.

    parse_signature("谢谢\\n张三 销售总监\\n甲科技有限公司\\n手机：13800138000")
    {"name": "张三", "title": "销售总监", "company": "甲科技有限公司", "mobile": "13800138000"}
"""

from connectors.sources.signature import tokens
from connectors.sources.signature.block import parse_signature
from connectors.sources.signature.labels import labelled
from connectors.sources.signature.reading import Part, parts, together_by_field
from connectors.sources.signature.tokens import HAN

__all__ = ["HAN", "Part", "labelled", "parse_signature", "parts", "together_by_field", "tokens"]
