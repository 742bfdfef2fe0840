"""What may be written as a web address: one way of reading it, and none that leads inside."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum.reach import Reason, Refused, host_of, parse
from curriculum.reach.web_addresses import join

LONG = "https://example.org/" + "a" * 2000
REFUSED = {
    Reason.SCHEME: [
        "", "example.org", "//example.org/", "ftp://example.org/", "file:///etc/passwd",
        "javascript:alert(1)", "data:text/html,x", "gopher://example.org:70/_x", "http:example.org",
        "https:/example.org", "ws://example.org/", "http+unix://%2Fvar%2Frun%2Fx/", "dict://a.org:1",
        "jar:http://example.org!/", "view-source:http://example.org", "ldap://example.org/",
    ],
    Reason.CREDENTIALS: [
        "https://ada@example.org/", "https://ada:secret@example.org/", "https://@example.org/",
        "https://example.org@10.0.0.1/", "https://example.org:80@10.0.0.1/",
        "https://10.0.0.1@example.org/", "https://a%40b@example.org/", "https://:@example.org/",
    ],
    Reason.PORT: [
        "https://example.org:8080/", "https://example.org:22/", "https://example.org:0/",
        "https://example.org:65536/", "https://example.org:-1/", "https://example.org:080/",
        "https://example.org:8_0/", "https://example.org:+80/", "https://example.org:٨٠/",
        "https://example.org:８０/", "https://example.org:80:22/", "https://example.org:x/",
        "http://example.org:6379/", "http://[2606:4700::1]:11211/", "http://8.8.8.8:25/",
        "https://example.org:99999999999999999999/", "http://::1/", "http://[::1]example.org/",
        "http://[::1/",
    ],
    Reason.HOST: [
        "https:///example.org", "https://", "https://?x", "https://.example.org/",
        "https://example..org/", "https://-example.org/", "https://example-.org/",
        "https://ex%61mple.org/", "https://example%2eorg/", "https://example.org./",
        "https://localhost./", "https://127.0.0.1./", "https://exa$mple.org/", "https://a,b.org/",
        f"https://{'a' * 64}.org/", f"https://{'a.' * 130}org/", "https://*.example.org/",
        "https://①②⑦.0.0.1/", "https://ｅｘａｍｐｌｅ.org/", "https://☃.☃☃/", "https://xn--.org/",
        "https://1.2.3.256/", "https://08.8.8.8/", "http://[v1.x]/", "http://0177.0.0.01/",
        "https://127%2e0%2e0%2e1/", "https://%6cocalhost/", "https://example.org%00.a.org/",
    ],
    Reason.NUMBER: [
        "http://2130706433/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0x7f.1/",
        "http://017700000001/", "http://127.1/", "http://127.0.1/",
        "http://0/", "http://0x/", "http://1.2.3.4.5/", "http://169.254.43518/", "http://3232235521/",
        "http://0xA9FEA9FE/", "http://example.1/", "http://4294967296/", "http://00000000177.1/",
        "http://127.0.0.0x1/", "http://1.1.1.0x1/",
    ],
    Reason.LOCAL_NAME: [
        "http://localhost/", "http://LOCALHOST/", "http://a.localhost/", "http://intranet/",
        "http://printer.local/", "http://router.lan/", "http://metadata.google.internal/",
        "http://kubernetes.default.svc.cluster.local/", "http://redis/", "http://postgres:80/",
        "http://localhost.localdomain/", "http://nas.home.arpa/", "http://wiki.corp/",
        "http://1.0.0.127.in-addr.arpa/", "http://a.test/", "http://a.example/", "http://x.onion/",
        "http://a.invalid/", "http://localhost:80/", "http://a.home/",
    ],
    Reason.PRIVATE: [
        "http://127.0.0.1/", "http://127.255.255.254/", "http://10.0.0.1/", "http://0.0.0.0/",
        "http://192.168.0.1:80/", "http://172.16.0.1/", "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/", "http://224.0.0.1/", "http://255.255.255.255/", "http://192.0.2.1/",
        "http://127。0。0。1/", "http://127．0．0．1/", "http://127｡0｡0｡1/", "http://[::1]/",
        "http://[::]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/", "http://[64:ff9b::127.0.0.1]/",
        "http://[2002:7f00:1::]/", "http://[2001:0:808:808:0:0:80ff:fffe]/", "http://[fe80::1]/",
        "http://[fe80::1%25eth0]/", "http://[fe80::1%eth0]/", "http://[fd00:ec2::254]/",
        "http://[ff02::1]/", "http://[2001:db8::1]/", "http://[::ffff:8.8.8.8]/",
    ],
    Reason.UNSEEN: [
        " https://example.org/", "https://example.org/ ", "https://exam ple.org/",
        "https://example.org/a b", "https://example.org/\r\nHost: 10.0.0.1", "https://example.org\t/",
        "https://example.org/\n", "https://example.org\x00/", "https://example.org\\@10.0.0.1/",
        "https:\\\\example.org", "https://example\u200b.org/", "https://example\u00ad.org/",
        "https://\u202egro.elpmaxe/", "https://example.org/\u2028", "https://example.org/\ud800",
        "https://example.org/\x7f", "https://example\u3000.org/", "https://example.org/\ufeff",
    ],
    Reason.TOO_LONG: [LONG, "https://" + "a" * 100_000 + ".org/", "x" * 1_000_000],
}  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "text"), [(reason, text) for reason in REFUSED for text in REFUSED[reason]]
)
def test_what_leads_inside_or_can_be_read_in_two_ways_is_refused(reason, text):
    with pytest.raises(Refused) as refused:
        parse(text)

    assert refused.value.reason == reason
    assert host_of(text) == ""


def test_every_reason_is_played_here():
    assert set(REFUSED) == set(Reason)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("https://example.org", "https://example.org"),
        ("HTTPS://Example.ORG/A", "https://example.org/A"),
        ("http://example.org:80/", "http://example.org/"),
        ("https://example.org:443/", "https://example.org/"),
        ("http://example.org:/", "http://example.org/"),
        ("http://example.org:443/", "http://example.org:443/"),
        ("https://münchen.example.org/ä", "https://xn--mnchen-3ya.example.org/%C3%A4"),
        ("https://xn--mnchen-3ya.example.org/", "https://xn--mnchen-3ya.example.org/"),
        ("https://example。org/", "https://example.org/"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("https://[2606:4700:0::1]/", "https://[2606:4700:0::1]/"),
        ("https://a_b.example.org/", "https://a_b.example.org/"),
        ("https://example.org/?q=a@b#top", "https://example.org/?q=a@b"),
        ("https://example.org/a/../b", "https://example.org/b"),
        ("https://localhost.example.org/", "https://localhost.example.org/"),
        ("https://127.0.0.1.nip.io/", "https://127.0.0.1.nip.io/"),  # where it leads is seen later
    ],
)
def test_what_a_browser_opens_is_read_as_it_reads_it(text, canonical):
    assert str(parse(text)) == canonical


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/b", "https://example.org/b"),
        ("b?c=d", "https://example.org/a/b?c=d"),
        ("//other.org/x", "https://other.org/x"),
        ("http://other.org", "http://other.org"),
        ("/two words", "https://example.org/two%20words"),
        ("/\u00e4#there", "https://example.org/%C3%A4"),
    ],
)
def test_a_redirect_is_read_from_where_it_stands(location, target):
    assert str(join(parse("https://example.org/a/"), location)) == target


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://10.0.0.1/", Reason.PRIVATE),
        ("//127.0.0.1/", Reason.PRIVATE),
        ("http://[::1]/", Reason.PRIVATE),
        ("http://[", Reason.HOST),
        ("http://a:b", Reason.HOST),
        ("file:///etc/passwd", Reason.SCHEME),
        ("javascript:alert(1)", Reason.SCHEME),
        ("http://ada@example.org/", Reason.CREDENTIALS),
        ("//localhost/", Reason.LOCAL_NAME),
        ("http://example.org:22/", Reason.PORT),
        ("http://0x7f.1/", Reason.NUMBER),
        ("\\\\10.0.0.1\\x", Reason.UNSEEN),
        ("/\\10.0.0.1", Reason.UNSEEN),
        ("http:/10.0.0.1", Reason.SCHEME),
        ("/" + "a" * 3000, Reason.TOO_LONG),
    ],
)
def test_a_redirect_is_refused_for_the_same_reasons(location, reason):
    with pytest.raises(Refused) as refused:
        join(parse("https://example.org/a/"), location)

    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "location", ["///10.0.0.1/", "https:10.0.0.1", "https:/10.0.0.1/", "", "#x"]
)
def test_a_redirect_that_names_no_host_stays_where_it_is(location):
    assert join(parse("https://example.org/a/"), location).raw_host == b"example.org"


@given(st.text(max_size=80) | st.from_regex(r"https?://[^/\s]{0,40}(/.{0,20})?", fullmatch=True))
def test_no_text_makes_the_reader_stumble(text):
    try:
        url = parse(text)
    except Refused:
        return
    assert parse(str(url)) == url
    assert isinstance(url, httpx.URL)
    assert url.scheme in ("http", "https")
    assert url.userinfo == b""
    assert url.port in (None, 80, 443)


@given(st.ip_addresses(v=4))
def test_a_number_in_any_notation_is_refused_unless_it_is_public_and_plain(address):
    number = int(address)
    notations = [
        str(number), hex(number), f"0{number:o}", f"{number >> 24}.{number & 0xFFFFFF}",
        ".".join(f"0x{part:x}" for part in address.packed),
        ".".join(f"0{part:o}" for part in address.packed),
    ]  # fmt: skip
    for notation in notations:
        with pytest.raises(Refused):
            parse(f"http://{notation}/")
