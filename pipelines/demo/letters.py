"""What a sales department writes and is written to in three years, before it is wrapped as mail."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from random import Random

from pipelines.demo.firms import Firm, FirmScript
from pipelines.demo.people import ContactPerson
from pipelines.demo.quotes import forwarded, quoted
from pipelines.demo.signatures import Signature, sign
from pipelines.demo.truth import Scope, TruthNotes
from pipelines.demo.vocabulary import words
from pipelines.demo.world import World

BEIJING = timezone(timedelta(hours=8))
FIRST = datetime(2023, 7, 3, 8, 30, tzinfo=BEIJING)
DAYS = 1090


@dataclass(frozen=True)
class DemoMessage:
    """One message before it is wrapped up."""

    when: datetime
    sender: tuple[str, str]
    to: tuple[str, str]
    subject: str
    text: str
    quoted: str
    """The earlier mail below it."""
    charset: str
    html: bool
    headers: tuple[tuple[str, str], ...] = ()
    cc: tuple[tuple[str, str], ...] = ()


@dataclass
class Office:
    """Our own sales people and everybody they write with."""

    rng: Random
    world: World
    truth: TruthNotes

    def us(self, english: bool) -> Signature:
        """One of us, signing."""
        ours = words("mail")["us"]
        name, title, box, mobile = self.rng.choice(ours["people"][2 if english else 0 :])
        company = ours["english" if english else "company"]
        lines = (name, title, company, f"Tel: {ours['phone']}", f"Mobile: {mobile}")
        return Signature(name, f"{box}@{ours['domain']}", lines)

    def letters(self) -> Iterator[DemoMessage]:
        """All the mail, in no order yet."""
        for firm in self.world.firms:
            if self.rng.random() < 0.36:
                staff = self.world.staff[firm.id]
                for person in self.rng.sample(staff, min(len(staff), self.rng.choice((1, 1, 2)))):
                    yield from self._thread(firm, person)
        yield from self._bulk()

    def _thread(self, firm: Firm, person: ContactPerson) -> Iterator[DemoMessage]:
        rng = self.rng
        email = person.email
        if person.private_email is not None and rng.random() < 0.4:
            email = person.private_email
        signature = sign(rng, person, firm, self.world, email)
        self._know(signature.email, person, firm)
        if rng.random() < 0.05:  # somebody who only ever wrote to a colleague of ours
            yield self._forward(firm, signature)
            return
        for _ in range(rng.choice((1, 1, 2, 3))):
            yield self._letter(firm, signature)
        if rng.random() < 0.3:
            yield self._answer(firm, signature)
        if rng.random() < 0.15:
            yield self._forward(firm, signature)
        if person.private_email is not None and email == person.email and rng.random() < 0.3:
            private = sign(rng, person, firm, self.world, person.private_email)
            self._know(private.email, person, firm)
            yield self._letter(firm, private)

    def _know(self, email: str, person: ContactPerson, firm: Firm) -> None:
        self.truth.add(("contacts", email), "person", person.id, belongs_to=person.firm)
        self.truth.add(("contacts", email), "company", firm.id)

    def _when(self) -> datetime:
        return FIRST + timedelta(
            days=self.rng.randrange(DAYS), minutes=self.rng.randrange(540), seconds=7
        )

    def _letter(self, firm: Firm, signature: Signature) -> DemoMessage:
        """A customer writes, half of the time in reply to one of us."""
        rng, when = self.rng, self._when()
        english = firm.script is FirmScript.LATIN
        us = self.us(english)
        subject, body = self._words(firm)
        ending = rng.choice(("Best regards,", "Kind regards,", "Thanks,"))
        if not english:
            ending = rng.choice(("顺祝商祺！", "谢谢！", "此致\n敬礼"))
        greeting = f"Hi {us.name.split()[0]}," if english else f"{us.name}，您好！"
        mark = rng.choice(("-- \n", "--\n", "", "————————\n"))
        text = f"{greeting}\n\n{body}\n\n{ending}\n\n{mark}{signature.text}\n"
        earlier = ""
        if rng.random() < 0.45:
            subject = rng.choice(("Re: ", "回复：" if not english else "RE: ")) + subject
            earlier = quoted(rng, when, us, signature, self._reply_text(us, english), english)
        return DemoMessage(
            when,
            (signature.name, signature.email),
            (us.name, us.email),
            subject,
            text,
            earlier,
            self._charset(firm),
            rng.random() < 0.35,
            cc=self._copied(firm, signature),
        )

    def _copied(self, firm: Firm, signature: Signature) -> tuple[tuple[str, str], ...]:
        """A colleague in copy, of whom the mail says no more than name and address."""
        colleague = self.rng.choice(self.world.staff[firm.id])
        if self.rng.random() > 0.06 or colleague.name == signature.name:
            return ()
        self._know(colleague.email, colleague, firm)
        return ((colleague.name, colleague.email),)

    def _answer(self, firm: Firm, signature: Signature) -> DemoMessage:
        """One of us answers a customer, whose mail and signature stand quoted below."""
        english = firm.script is FirmScript.LATIN
        us = self.us(english)
        subject, body = self._words(firm)
        theirs, when = f"{body}\n\n{signature.text}", self._when()
        return DemoMessage(
            when,
            (us.name, us.email),
            (signature.name, signature.email),
            f"Re: {subject}",
            self._reply_text(us, english),
            quoted(self.rng, when, signature, us, theirs, english),
            self._charset(firm),
            self.rng.random() < 0.35,
        )

    def _forward(self, firm: Firm, signature: Signature) -> DemoMessage:
        """One of us passes a customer's mail on to a colleague."""
        english = firm.script is FirmScript.LATIN
        us, colleague = self.us(english), self.us(english)
        subject, body = self._words(firm)
        prefix = "Fwd: " if english else "转发："
        text = f"{'FYI, please take this over.' if english else '请跟进一下。'}\n\n{us.text}\n"
        return DemoMessage(
            self._when(),
            (us.name, us.email),
            (colleague.name, colleague.email),
            prefix + subject,
            text,
            forwarded(signature, us, subject, f"{body}\n\n{signature.text}", english),
            self._charset(firm),
            False,
        )

    def _words(self, firm: Firm) -> tuple[str, str]:
        mail = words("mail")
        if firm.script is FirmScript.LATIN:
            return self.rng.choice(mail["subjects_en"]), self.rng.choice(mail["bodies_en"])
        traditional = firm.script is FirmScript.TRADITIONAL
        bodies = mail["traditional" if traditional else "bodies_zh"]
        return self.rng.choice(mail["subjects_zh"]), self.rng.choice(bodies)

    def _reply_text(self, us: Signature, english: bool) -> str:
        body = "Thank you, we will come back to you tomorrow." if english else "收到，明天回复您。"
        return f"{body}\n\n{us.text}\n"

    def _charset(self, firm: Firm) -> str:
        if firm.script is FirmScript.LATIN:
            return self.rng.choice(("us-ascii", "utf-8", "iso-8859-1"))
        if firm.script is FirmScript.TRADITIONAL:
            return self.rng.choice(("big5", "utf-8"))
        return self.rng.choice(("gb2312", "gbk", "gb18030", "utf-8", "utf-8"))

    def _bulk(self) -> Iterator[DemoMessage]:
        """What nobody wrote to us in person."""
        us = self.us(False)
        for name, email, subject, text in words("mail")["newsletters"]:
            marks: tuple[tuple[str, str], ...] = (("Auto-Submitted", "auto-generated"),)
            if email.startswith("news"):
                marks = (
                    ("List-Unsubscribe", f"<mailto:leave@{email.split('@')[1]}>"),
                    ("Precedence", "bulk"),
                )
            for _ in range(6):
                yield DemoMessage(
                    self._when(),
                    (name, email),
                    (us.name, us.email),
                    subject,
                    text,
                    "",
                    "utf-8",
                    email.startswith("news"),
                    marks,
                )

    def know_us(self) -> None:
        """Note that we ourselves are no customers."""
        ours = words("mail")["us"]
        for _, _, box, _ in ours["people"]:
            place = ("contacts", f"{box}@{ours['domain']}")
            self.truth.add(place, "person", f"us/{box}", belongs_to="us", flaw=Scope.OURS)
            self.truth.add(place, "company", "us", flaw=Scope.OURS)
