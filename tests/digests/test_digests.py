import logging
import socket
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest
import trustme

from proeftuin import BadArgument
from proeftuin.digests import Digests, Recipient
from proeftuin.sinks.email import Mailer, NotSent
from tests.digests.posts import Office, office
from tests.sinks.servers import Rough, rough
from tests.unit.agendas import SELLER, Play, day
from tests.unit.engines import REF

SENDER = "pilots@city.example"
PEOPLE = {
    "lead-1": Recipient("Anna.Lead@city.example", "en"),
    "boss-1": Recipient("boss@city.example"),
    "buyer-1": Recipient("buyer@city.example"),
}
ROLES = {"boss": Recipient("board@city.example")}
LINK = "https://hr.city.example/pilots/{pilot}?from=mail"


@pytest.fixture
def post() -> Iterator[Office]:
    """A mail server without TLS."""
    with office() as made:
        yield made


def lived(title: str = "Catering", pilot: str = "p") -> Play:
    """Two pilots: one of which day 21 has three reminders for a person, and one that nobody looks after."""
    play = Play()
    play.start(pilot, title)
    play.start("quiet", "Green")
    play.assign("coordinator", "lead-1", pilot=pilot)
    play.do("aim", kind="short", text="Two met", due=day(28), owner="lead-1", pilot=pilot)
    play.on(7)
    play.do("invite", track="acme", pilot=pilot)
    play.on(21).tick()
    return play


def digests(play: Play, **options: Any) -> Digests:
    given = {"sender": SENDER, "of_person": PEOPLE.get, "of_role": ROLES.get, **options}
    return Digests(play.engine, **given)


def plain_mailer(post: Office) -> Mailer:
    return Mailer.at(f"smtp+plain://127.0.0.1:{post.port}")


def parts(message: EmailMessage) -> tuple[str, str]:
    """The plain text and the HTML of a message."""
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    return str(text.get_content()).replace("\r\n", "\n"), str(html.get_content())


def test_each_person_gets_one_message_in_their_language(post: Office) -> None:
    """What a day has to tell goes out as one message a person, in English or Dutch, and to a role that nobody has."""
    came = digests(lived(), link=LINK).send(day(21), plain_mailer(post))
    assert (("lead-1", "@boss"), ("@coordinator",), ()) == (came.sent, came.unaddressed, came.failed)
    lead, boss = post.messages
    assert ("Anna.Lead@city.example", SENDER, "en") == (lead["To"], lead["From"], lead["Content-Language"])
    assert "3 messages about your pilots, 23 March 2026" == lead["Subject"]
    assert "1 bericht over uw proeftuinen, 23 maart 2026" == boss["Subject"]
    assert (
        "Hello,\n"
        "\n"
        "This was due on 23 March 2026.\n"
        "\n"
        "Catering\n"
        "- Invitation (acme), since 9 March 2026. Reminder.\n"
        "- Sign of life, since 9 March 2026. Reminder.\n"
        "- Dated goal, on 30 March 2026. Reminder.\n"
        "  https://hr.city.example/pilots/p?from=mail\n"
        "\n"
        "This message was made automatically. You get one a day at most.\n"
    ) == parts(lead)[0]
    assert "- Levensteken, sinds 2 maart 2026. Aan u doorgegeven, omdat het niet op tijd is gedaan.\n" in parts(boss)[0]
    assert "U krijgt dit omdat niemand is aangewezen als: Opdrachtgever.\n" in parts(boss)[0]


def test_a_letter_is_what_a_mail_reader_expects(post: Office) -> None:
    """A message has a date and an id, says that nobody wrote it, and asks for no answer."""
    digests(lived()).send(day(21), plain_mailer(post))
    message = post.messages[0]
    assert "auto-generated" == message["Auto-Submitted"]
    assert message["Date"].datetime is not None
    assert message["Message-ID"].endswith(".digest@city.example>")
    assert "multipart/alternative" == message.get_content_type()


def test_a_repeat_can_be_known(post: Office) -> None:
    """The same day sent again is the same message but for its date; another day, person or content is another."""
    play = lived()
    for _ in range(2):
        digests(play).send(day(21), plain_mailer(post))
    first, second = ((one.original_content or b"").split(b"\r\n") for one in (post.got[0], post.got[2]))
    assert [line for line in first if not line.startswith(b"Date:")] == [
        line for line in second if not line.startswith(b"Date:")
    ]
    assert 2 == len({one["Message-ID"] for one in post.messages})

    play.start("b", "Green")
    play.assign("coordinator", "lead-1", pilot="b")
    play.do("aim", kind="short", text="Two met", due=day(28), owner="lead-1", pilot="b")
    play.on(21).tick()
    digests(play).send(day(21), plain_mailer(post))
    assert 3 == len({one["Message-ID"] for one in post.messages})


def test_two_tenants_with_pilots_of_the_same_ids_tell_apart(post: Office) -> None:
    """Letters of two tenants are never one message to a mail server, also where all that they say is the same."""
    play = lived()
    there = play.engine.for_tenant("elsewhere")
    there.import_pilots(list(play.engine.export_pilots()))
    for engine in (play.engine, there):
        Digests(engine, sender=SENDER, of_person=PEOPLE.get).send(day(21), plain_mailer(post))
    one, other = post.messages
    assert (one["To"], parts(one)) == (other["To"], parts(other))
    assert one["Message-ID"] != other["Message-ID"]


def test_who_has_no_address_is_told(post: Office) -> None:
    """A person or role without an address gets nothing, and that is told."""
    came = digests(lived(), of_person=lambda _: None, of_role=None).send(day(21), plain_mailer(post))
    assert ((), ("lead-1", "@boss", "@coordinator"), ()) == (came.sent, came.unaddressed, came.failed)
    assert [] == post.got


def test_a_day_without_news_sends_nothing() -> None:
    """Where there is nothing to tell no mail server is asked."""
    came = digests(lived()).send(day(22), Mailer.at("smtp+plain://127.0.0.1:9"))
    assert ((), (), ()) == (came.sent, came.unaddressed, came.failed)


def test_no_participant_is_in_a_letter(post: Office) -> None:
    """A term on a placement is told without the participant's ref, or the subject that stands for it."""
    play = lived()
    play.do("agree", SELLER, track="acme")
    play.do("place", SELLER, track="acme", participant=REF, start=day(21))
    play.assign("coach", "buyer-1")
    play.on(21 + 98).tick()
    came = digests(play).send(day(21 + 98), plain_mailer(post))
    assert "buyer-1" in came.sent
    for one in post.got:
        assert REF.encode() not in (one.original_content or b"")
        assert b"s1" not in (one.original_content or b"")


HOSTILE = 'A <script>alert(1)</script> & "b" \x1b[31m\r\nBcc: x@evil.example\r\n\r\n=?utf-8?q?x?= {count} %s é\u202e'


class Tags(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))


def tags(html: str) -> list[tuple[str, tuple[str, ...]]]:
    parser = Tags()
    parser.feed(html)
    return parser.found


def test_hostile_text_changes_neither_headers_nor_page(post: Office) -> None:
    """A title full of markup, line ends and templates gives the headers and the tags that a plain one gives."""
    digests(lived(), link=LINK).send(day(21), plain_mailer(post))
    digests(lived(HOSTILE), link=LINK).send(day(21), plain_mailer(post))
    tame, hostile = post.messages[0], post.messages[2]
    assert tame.keys() == hostile.keys()
    assert tags(parts(tame)[1]) == tags(parts(hostile)[1])
    assert "&lt;script&gt;" in parts(hostile)[1]
    assert "\nA <script>alert(1)</script> & " in parts(hostile)[0]
    assert [["Anna.Lead@city.example"], ["board@city.example"]] * 2 == [one.rcpt_tos for one in post.got]


def test_a_link_holds_any_id_safely(post: Office) -> None:
    """A pilot's id is escaped in its link, whatever it holds."""
    digests(lived(pilot='a/b "c" é'), link=LINK).send(day(21), plain_mailer(post))
    text, html = parts(post.messages[0])
    assert "https://hr.city.example/pilots/a%2Fb%20%22c%22%20%C3%A9?from=mail" in text
    assert ["lang"] == [name for tag, names in tags(html) for name in names if tag == "html"]


@pytest.mark.parametrize(
    "link",
    ["http://x.example/{pilot}", "https://x.example/", "javascript:{pilot}", "https://{pilot}\n", "https://[x/{pilot}"],
)
def test_what_is_no_link_is_refused(link: str) -> None:
    """A link is https, and has one place for the pilot."""
    with pytest.raises(BadArgument, match="link: write https"):
        digests(Play(), link=link)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "anna",
        "anna@",
        "@city.example",
        "a@b@c",
        "a b@c.example",
        "a@c.example\r\nBcc: x@y.example",
        "é@c.example",
        "<a@c.example>",
        "A <a@c.example>",
        "a@c.example, b@c.example",
    ],
)
def test_what_is_no_address_is_refused_without_being_shown(address: str) -> None:
    """Whatever is not one address makes no recipient and no sender, and is not in the message."""
    for make in (lambda: Recipient(address), lambda: digests(Play(), sender=address)):
        with pytest.raises(BadArgument, match="is no address") as caught:
            make()
        assert not address or address not in str(caught.value)


def test_there_are_two_languages() -> None:
    """Another language than Dutch and English is refused when it is given."""
    with pytest.raises(BadArgument, match="lang: there is en and nl"):
        Recipient("a@city.example", "fr")  # type: ignore[arg-type]  # the mistake that is tested


# -- servers ---------------------------------------------------------------------------------------------------------


def test_a_refused_address_does_not_stop_the_others(post: Office, caplog: pytest.LogCaptureFixture) -> None:
    """Whom the server does not know is told with its code, the others get their mail, and no address is logged."""
    post.unknown = {"Anna.Lead@city.example"}
    with caplog.at_level(logging.DEBUG, "proeftuin"):
        came = digests(lived()).send(day(21), plain_mailer(post))
    problem = f"127.0.0.1:{post.port} does not take the address (550)"
    assert (("@boss",), (("lead-1", problem),)) == (came.sent, came.failed)
    assert "not-sent" == caplog.records[-1].getMessage()
    assert not [one for one in caplog.records if "city.example" in str(vars(one)) or "MARKER" in str(vars(one))]


def test_a_server_that_is_not_there_fails_all() -> None:
    """Without a server nobody gets mail, and each is told why."""
    with socket.create_server(("127.0.0.1", 0)) as once:
        port = once.getsockname()[1]
    came = digests(lived()).send(day(21), Mailer.at(f"smtp+plain://127.0.0.1:{port}"))
    problem = f"127.0.0.1:{port} cannot be reached (ConnectionRefusedError)"
    assert ((), (("lead-1", problem), ("@boss", problem))) == (came.sent, came.failed)


def test_a_name_that_no_server_can_have_fails_all() -> None:
    """A host with an empty part, for which Python raises an error of text and not of the network, is told too."""
    came = digests(lived()).send(day(21), Mailer.at("smtp+plain://mail..example:25"))
    problem = "mail..example:25: its name, the user or the password has a character that cannot be sent"
    assert ((), (("lead-1", problem), ("@boss", problem))) == (came.sent, came.failed)


def test_a_connection_that_breaks_fails_the_rest() -> None:
    """A server that goes away in the middle has what it took, and the rest is told as failed."""

    def serve(_: Rough, connection: socket.socket) -> None:
        connection.sendall(b"220 x\r\n")
        file = connection.makefile("rb")
        for line in file:
            if line.lower().startswith(b"data"):
                return
            connection.sendall(b"250 x\r\n")

    with rough(serve) as server:
        came = digests(lived()).send(day(21), Mailer.at(f"smtp+plain://127.0.0.1:{server.port}"))
    assert [("lead-1", True), ("@boss", True)] == [(name, "broke the connection" in told) for name, told in came.failed]


@pytest.mark.parametrize("answer", [b"554 MARKER\r\n", b"nonsense MARKER\r\n", b"4"])
def test_a_server_that_does_not_want_us_is_told_in_our_words(answer: bytes) -> None:
    """What a server writes is in no error."""

    def serve(_: Rough, connection: socket.socket) -> None:
        connection.sendall(answer)

    with rough(serve) as server:
        with pytest.raises(NotSent) as caught, Mailer.at(f"smtp+plain://127.0.0.1:{server.port}").connected():
            raise AssertionError
        assert f"127.0.0.1:{server.port}" in caught.value.problem
    assert caught.value.all
    assert "MARKER" not in caught.value.problem


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Who signs the certificates of these tests."""
    return trustme.CA()


def served(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


LOGIN = "us%40er:p%40ss%3Aword%2F"


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_mail_goes_over_tls_with_a_password(authority: trustme.CA, scheme: str) -> None:
    """By STARTTLS or TLS from the start we log in with a percent-encoded user and password, and send."""
    context = served(authority, "127.0.0.1")
    with office(**{"starttls" if scheme == "smtp" else "tls": context}) as post:
        mailer = Mailer.at(f"{scheme}://{LOGIN}@127.0.0.1:{post.port}", tls=trusting(authority))
        assert ("lead-1", "@boss") == digests(lived()).send(day(21), mailer).sent
        assert [b"us@er"] == post.logins
        wrong = Mailer.at(f"{scheme}://us:wrong@127.0.0.1:{post.port}", tls=trusting(authority))
        came = digests(lived()).send(day(21), wrong)
    assert {f"127.0.0.1:{post.port} does not take the user and the password"} == {told for _, told in came.failed}


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_of_another_name_ends_it(authority: trustme.CA, scheme: str) -> None:
    """Where the server's certificate is not for its name nothing is sent, no password either."""
    context = served(authority, "other.example")
    with office(**{"starttls" if scheme == "smtp" else "tls": context}) as post:
        mailer = Mailer.at(f"{scheme}://{LOGIN}@127.0.0.1:{post.port}", tls=trusting(authority))
        came = digests(lived()).send(day(21), mailer)
        assert ([], []) == (post.logins, post.got)
    assert "has no valid certificate" in came.failed[0][1]


def test_nothing_is_sent_where_tls_is_not_offered(post: Office) -> None:
    """A server that does not offer STARTTLS gets neither password nor mail."""
    came = digests(lived()).send(day(21), Mailer.at(f"smtp://{LOGIN}@127.0.0.1:{post.port}"))
    assert "does not offer what is asked of it" in came.failed[0][1]
    assert [] == post.got


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://mail.example:x",
        "smtp://mail.example/path",
        "smtp://mail.example?x=y",
        "smtp://MARKER@mail.example",
        "smtp+plain://us:MARKER@mail.example",
    ],
)
def test_what_is_no_mail_server_is_refused_without_being_shown(url: str) -> None:
    """A URL of another kind, or a password that would go without TLS, is refused, and nothing of it is said."""
    with pytest.raises(BadArgument, match="smtp: ") as caught:
        Mailer.at(url)
    assert "MARKER" not in str(caught.value)


def test_a_mail_server_shows_no_password() -> None:
    """Neither user nor password is in the representation of a server; its port is the usual one."""
    made = Mailer.at("smtps://us:MARKER@mail.example")
    assert "Mailer(scheme='smtps', host='mail.example', port=465)" == repr(made)
