"""Words typed where nobody knew anything: cells that say nothing, and names of nobody.

`NOTHING` is missing in every kind but codes and free text. `STAND_IN` also fills a field and says
nothing of the world, but somebody may be called so; it is kept, and anything else beats it.
"""

_NOTHING = (
    r"[-—_/\\.·*?#x×无]+"
    r"|n/a|n\.a\.?|#n/a|(?-i:NA|na|NaN|nan|NAN)|none|nil|tb[ad]|undefined"
    r"|[(<\[]?(?:null|unknown|blank|empty)[)>\]]?"
    r"|not? (?:available|applicable|provided|known|given|specified|data|value)"
    r"|暂无|暂缺|不详|不明|不知道|未知|未填写?|未提供|空|没有|待补充|待定|无资料|无数据"
)
_STAND_IN = (
    r"unk|unspecified|no ?name|anonymous|dummy|default|test(?:er|ing|user)?"
    r"|z{3,}|asdf\w*|qwerty\w*|测试\w*|匿名|某某"
)
NOTHING = rf"(?i)^(?:{_NOTHING})?$"
"""What people type where there is nothing. Na and Nan are people's names."""
NULL = "Null"
"""Also a surname, so written; systems write null and NULL."""
TELLING = r"^[0-9A-Za-z\u4e00-\u9fff&&[^NnXxUuTtBbEe无暂不未空没待]]"
"""How a cell begins that says something: no typed nothing begins so."""
PLACEHOLDER = rf"(?i)^(?:{_NOTHING}|{_STAND_IN})$"
"""What any other value of the same field beats."""
