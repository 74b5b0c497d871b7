"""How mail programs repeat an earlier mail: below an answer, or passed on."""

from datetime import datetime, timedelta
from random import Random

from pipelines.demo.signatures import Signature


def quoted(
    rng: Random, when: datetime, by: Signature, to: Signature, text: str, english: bool
) -> str:
    """An earlier mail, the way mail programs put it below an answer."""
    earlier = when - timedelta(hours=rng.randint(2, 70))
    lines = text.rstrip().split("\n")
    if english:
        if rng.random() < 0.5:
            head = f"On {earlier:%a, %d %b %Y at %H:%M}, {by.name} <{by.email}> wrote:"
            return "\n".join([head, "", *(f"> {line}" for line in lines)])
        head = "-----Original Message-----"
        return f"{head}\nFrom: {by.name} <{by.email}>\nTo: {to.name}\n\n" + "\n".join(lines)
    if rng.random() < 0.5:
        head = f"在 {earlier:%Y-%m-%d %H:%M:%S}，{by.name} <{by.email}> 写道："
        return "\n".join([head, "", *(f"> {line}" for line in lines)])
    parts = ["------------------ 原始邮件 ------------------", f"发件人: {by.name} <{by.email}>"]
    parts += [f"收件人: {to.name} <{to.email}>", "主题: 回复", "", *lines]
    return "\n".join(parts)


def forwarded(by: Signature, to: Signature, subject: str, text: str, english: bool) -> str:
    """A mail as it stands below the note of whoever passes it on."""
    if english:
        head = ["---------- Forwarded message ---------", f"From: {by.name} <{by.email}>"]
        head += [f"Subject: {subject}", f"To: {to.name} <{to.email}>", ""]
    else:
        head = ["-------- 转发邮件信息 --------", f"发件人：{by.name} <{by.email}>"]
        head += [f"收件人：{to.name} <{to.email}>", f"主题：{subject}", ""]
    return "\n".join([*head, text])
