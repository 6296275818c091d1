"""`jiangxin serve --venue` as a process: TLS that a client verifies, and the helper page beside it."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser

from tests.admin.test_venue_given_certificate import make
from tests.admin.venue_kit import VenueServer, command

Start = Callable[..., VenueServer]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    servers: list[VenueServer] = []

    def started(*words: str, folder: str = "laptop", **more: str) -> VenueServer:
        servers.append(VenueServer(tmp_path / folder, *words, **more))
        return servers[-1]

    yield started
    for server in servers:
        if server.process.poll() is None:
            server.kill()


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VenueServer]:
    """One laptop for every test that only looks."""
    server = VenueServer(tmp_path_factory.mktemp("venue") / "laptop")
    yield server
    server.kill()


def test_a_client_that_trusts_the_authority_verifies_the_whole_chain(venue: VenueServer) -> None:
    assert venue.health()["status"] == "ok"
    with venue.client() as client:
        answer = client.get("/setup")
    assert answer.status_code == 200
    assert "strict-transport-security" in answer.headers
    chain = peer(venue)
    assert chain["subjectAltName"][0] == ("IP Address", "127.0.0.1")


def test_a_client_that_does_not_trust_it_is_turned_away(venue: VenueServer) -> None:
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(venue.origin)


def test_plain_http_is_not_spoken_on_its_port(venue: VenueServer) -> None:
    with pytest.raises(httpx.TransportError):
        httpx.get(venue.origin.replace("https", "http"))


def test_old_tls_is_refused(venue: VenueServer) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("AES128-SHA")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with (
        socket.create_connection(("127.0.0.1", venue.port), timeout=10) as raw,
        pytest.raises(ssl.SSLError),
    ):
        context.wrap_socket(raw)


def test_the_terminal_says_where_to_go_and_what_to_compare(venue: VenueServer) -> None:
    said = venue.log()

    assert f"{venue.origin}/judging/" in said
    assert f"http://127.0.0.1:{venue.help_port}/" in said
    assert venue.fingerprint() in fingerprint_on(httpx.get(venue.helper).text)


def test_the_helper_page_is_the_only_thing_that_goes_out_by_http(venue: VenueServer) -> None:
    for path in (
        "/healthz",
        "/login",
        "/judging/",
        "/api/v1/me",
        "/../secrets.toml",
        "/ca-key.pem",
    ):
        answer = httpx.get(venue.helper + path)
        assert answer.status_code == 404, path
        assert "secret" not in answer.text.lower()
        assert "PRIVATE KEY" not in answer.text
    assert httpx.post(venue.helper, data={"login": "x"}).status_code == 405


def test_it_sets_no_cookie_runs_no_script_and_is_kept_nowhere(venue: VenueServer) -> None:
    for path in ("/", "/?lang=pt", "/jiangxin-venue.mobileconfig", "/jiangxin-venue.crt"):
        answer = httpx.get(venue.helper + path)
        assert "set-cookie" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"
        assert "<script" not in answer.text if path.startswith("/?") or path == "/" else True
        assert "script-src" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("language", "word"),
    [("zh-Hans", "证书信任设置"), ("zh-Hant", "憑證信任設定"), ("en", "Certificate Trust Settings"),
     ("pt", "Definições de confiança de certificados")],
)  # fmt: skip
def test_the_steps_stand_there_in_four_languages(
    venue: VenueServer, language: str, word: str
) -> None:
    by_address = httpx.get(f"{venue.helper}/?lang={language}").text
    by_browser = httpx.get(venue.helper, headers={"Accept-Language": language}).text

    assert word in by_address
    assert f'lang="{language}"' in by_address[:200]
    assert word in by_browser
    assert by_address.count('<svg class="picture"') >= 6


def test_what_a_tablet_installs_is_the_authority_that_signs(venue: VenueServer) -> None:
    from cryptography import x509

    crt = httpx.get(f"{venue.helper}/jiangxin-venue.crt")
    profile = httpx.get(f"{venue.helper}/jiangxin-venue.mobileconfig")

    installed = x509.load_der_x509_certificate(crt.content)
    assert installed == x509.load_pem_x509_certificate(venue.authority.read_bytes())
    assert crt.headers["content-type"] == "application/x-x509-ca-cert"
    assert profile.headers["content-type"] == "application/x-apple-aspen-config"
    assert b"com.apple.security.root" in profile.content
    der = venue.data / "installed.pem"
    from cryptography.hazmat.primitives.serialization import Encoding

    der.write_bytes(installed.public_bytes(Encoding.PEM))
    with venue.client(der) as client:
        assert client.get("/healthz").status_code == 200


def test_a_restart_keeps_the_authority_and_says_when_the_address_moved(start: Start) -> None:
    venue = start()
    before = venue.authority.read_bytes()
    assert venue.stop() == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(venue.helper)

    again = start(folder="laptop")

    assert again.authority.read_bytes() == before
    assert f"Tablets know this server as {venue.origin}" in again.log()


def test_a_login_link_made_beside_it_leads_to_its_address(venue: VenueServer) -> None:
    done = command(venue.data, "administrator", "zhang.wei")

    assert done.returncode == 0, done.stderr
    link = done.stdout.strip().splitlines()[-1]
    assert link.startswith(f"{venue.origin}/in/")
    with venue.client() as client:
        page = client.get(link)
        entered = client.post(link, headers={"Origin": venue.origin})
    assert page.status_code == 200
    cookie = entered.headers["set-cookie"]
    assert cookie.startswith("__Host-jiangxin=")
    assert "Secure" in cookie


def test_a_certificate_fetched_beforehand_is_served_under_its_name(
    start: Start, tmp_path: Path
) -> None:
    root = make("Hall Root", ca=True, days=900)
    own = make("localhost", root)
    (tmp_path / "full.pem").write_bytes(own.pem + root.pem)
    (tmp_path / "key.pem").write_bytes(own.key_pem)
    (tmp_path / "root.pem").write_bytes(root.pem)

    files = ("--certificate", str(tmp_path / "full.pem"), "--key", str(tmp_path / "key.pem"))
    server = start(*files, name="localhost")

    with server.client(tmp_path / "root.pem") as client:
        assert client.get("/venue/trusted").status_code == 200
    assert "does not know Hall Root" in server.log()
    assert not (server.data / "venue" / "ca-key.pem").exists()
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.helper)


def test_a_wrong_certificate_stops_the_start_with_every_reason(tmp_path: Path) -> None:
    own = make("other.example.org")
    (tmp_path / "c.pem").write_bytes(own.pem)
    (tmp_path / "k.pem").write_bytes(own.key_pem)

    done = command(
        tmp_path / "laptop", "serve", "--venue", "--name", "app.example.org",
        "--certificate", str(tmp_path / "c.pem"), "--key", str(tmp_path / "k.pem"),
    )  # fmt: skip

    assert done.returncode == 2
    assert "not for app.example.org" in done.stderr
    assert "signed by itself alone" in done.stderr


def test_a_taken_helper_port_is_said_before_anything_runs(tmp_path: Path) -> None:
    with socket.create_server(("0.0.0.0", 0)) as taken:
        port = taken.getsockname()[1]
        done = command(tmp_path / "laptop", "serve", "--venue", "--help-port", str(port))

    assert done.returncode == 2
    assert "--help-port" in done.stderr


@pytest.mark.browser
async def test_a_warning_that_was_tapped_away_is_not_taken_for_trust(
    venue: VenueServer, browser: Browser
) -> None:
    context = await browser.new_context(
        ignore_https_errors=True, locale="en-GB", viewport={"width": 820, "height": 1180}
    )
    page = await context.new_page()

    await page.goto(f"{venue.origin}/venue/trusted")

    await page.wait_for_selector("#no:not([hidden])")
    assert await page.locator("#yes").is_hidden()
    await context.close()


@pytest.mark.browser
@pytest.mark.parametrize("size", [(390, 844), (820, 1180)])
async def test_the_helper_page_fits_and_axe_finds_nothing(
    venue: VenueServer, browser: Browser, size: tuple[int, int]
) -> None:
    from axe_playwright_python.async_playwright import Axe

    context = await browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = await context.new_page()
    for language in ("zh-Hans", "zh-Hant", "en", "pt"):
        await page.goto(f"{venue.helper}/?lang={language}")
        assert await page.evaluate("document.documentElement.scrollWidth") <= size[0]
        small = await page.eval_on_selector_all(
            "a",
            "all => all.filter(a => a.getBoundingClientRect().height < 48).map(a => a.innerText)",
        )
        assert small == []
    await context.close()

    # axe puts a script into the page, which its own policy would refuse
    open_context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, bypass_csp=True
    )
    page = await open_context.new_page()
    await page.goto(f"{venue.helper}/?lang=en")
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    await open_context.close()


def peer(venue: VenueServer) -> dict[str, list[tuple[str, str]]]:
    context = ssl.create_default_context(cafile=str(venue.authority))
    with (
        socket.create_connection(("127.0.0.1", venue.port), timeout=10) as raw,
        context.wrap_socket(raw, server_hostname="127.0.0.1") as wrapped,
    ):
        return wrapped.getpeercert() or {}  # type: ignore[return-value]


def fingerprint_on(page: str) -> str:
    found = re.search(r'<p class="print">(.*?)</p>', page, re.S)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())
