"""Refuse a token or a way back that somebody tampered with, by the client that Streamlit uses."""

import asyncio
import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from authlib.integrations.starlette_client import OAuth, OAuthError
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.errors import JoseError
from starlette.requests import Request

from dashboard.server import oidc
from tests.support.web.providers import ENTRA

SECRET = "s3cret"
HEADER = {"alg": "RS256", "kid": "k-1"}
KEY, OTHER_KEY = (rsa.generate_private_key(65537, 2048) for _ in range(2))
Sign = Callable[[bytes], bytes]


def encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def sign_with(key: rsa.RSAPrivateKey) -> Sign:
    return lambda text: key.sign(text, padding.PKCS1v15(), SHA256())


def authenticate_with(secret: bytes) -> Sign:
    return lambda text: hmac.digest(secret, text, "sha256")


_SIGN = sign_with(KEY)


def build_token(sign: Sign = _SIGN, header: dict[str, str] | None = None, **changed: Any) -> str:
    """Return a token of the teacher's; None takes a claim away."""
    now = int(time.time())
    claims = {"iss": ENTRA.issuer, "aud": "app-1", "iat": now, "exp": now + 3600, "nonce": "n-1",
              "sub": "t-1"} | changed  # fmt: skip
    kept = {name: value for name, value in claims.items() if value is not None}
    parts = ".".join(encode(json.dumps(each).encode()) for each in (header or HEADER, kept))
    return f"{parts}.{encode(sign(parts.encode()))}"


def put_under_the_signature_of_another() -> str:
    claims = build_token(sub="d-1").split(".")[1]
    header, _, signature = build_token().split(".")
    return f"{header}.{claims}.{signature}"


@pytest.fixture
def client() -> Any:
    """The client by our settings, which knows the provider's key."""
    auth = oidc.build_streamlit_secrets(ENTRA, SECRET, "http://127.0.0.1:8501")["auth"]
    made = OAuth().register("school", **auth["school"])
    numbers = KEY.public_key().public_numbers()
    key = {
        "kty": "RSA",
        "kid": "k-1",
        "alg": "RS256",
        "use": "sig",
        "n": encode(numbers.n.to_bytes(256, "big")),
        "e": encode(numbers.e.to_bytes(3, "big")),
    }
    made.server_metadata = {
        "issuer": ENTRA.issuer, "jwks": {"keys": [key]}, "_loaded_at": time.time()
    }  # fmt: skip
    return made


def read_token(client: Any, token: str) -> str:
    """Return whom a token names, for the trip with the nonce n-1."""
    claims = asyncio.run(client.parse_id_token({"id_token": token}, nonce="n-1"))
    return str(claims["sub"])


_PEM = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(build_token(lambda _: b"", {"alg": "none"}), id="no algorithm"),
        pytest.param(build_token(lambda _: b"", {"alg": "NONE"}), id="none in capitals"),
        pytest.param(build_token(lambda _: b""), id="no signature"),
        pytest.param(
            build_token(authenticate_with(SECRET.encode()), {**HEADER, "alg": "HS256"}),
            id="symmetric, by the client's secret",
        ),
        pytest.param(
            build_token(authenticate_with(_PEM), {**HEADER, "alg": "HS256"}),
            id="symmetric, by the public key",
        ),
        pytest.param(build_token(header={**HEADER, "alg": "RS512"}), id="another algorithm"),
        pytest.param(build_token(sign_with(OTHER_KEY)), id="another key"),
        pytest.param(put_under_the_signature_of_another(), id="another person"),
        pytest.param(build_token(nonce="n-2"), id="another nonce"),
        pytest.param(build_token(nonce=None), id="no nonce"),
        pytest.param(build_token(iss="https://evil.test"), id="another issuer"),
        pytest.param(build_token(aud="app-9"), id="another audience"),
        pytest.param(build_token(exp=1_000_000_000), id="expired"),
    ],
)
def test_a_token_that_was_tampered_with_is_refused(client: Any, token: str) -> None:
    """And the right one is read before."""
    assert read_token(client, build_token()) == "t-1"
    with pytest.raises(JoseError):
        read_token(client, token)


@pytest.mark.parametrize("query", [b"code=c-1&state=AAAA", b"code=c-1", b"state=AAAA"])
def test_a_way_back_without_the_state_of_a_trip_is_refused(client: Any, query: bytes) -> None:
    """Before the provider is asked for anything."""
    scope = {"type": "http", "query_string": query, "headers": [], "session": {}}
    with pytest.raises(OAuthError, match="mismatching_state"):
        asyncio.run(client.authorize_access_token(Request(scope)))
