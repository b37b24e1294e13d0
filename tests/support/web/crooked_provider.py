"""A provider whose answers somebody has tampered with, in a way that a test chooses.

It is oidc-provider-mock, and demands PKCE besides.  `PUT /crooked` takes the way, `GET` tells
the ways, and how many codes were given out for a request without a challenge.  Run with the port.
"""

import base64
import hashlib
import hmac
import json
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flask
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from oidc_provider_mock import _app as mock
from werkzeug.serving import make_server

Part = dict[str, Any]
#: What the program is known by at the provider.
CLIENT_SECRET = b"a secret of the client"


def encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def get_key() -> rsa.RSAPrivateKey:
    key: rsa.RSAPrivateKey = mock.storage.jwk.get_private_key()
    return key


def build(header: Part, claims: Part, sign: Callable[[bytes], bytes]) -> str:
    parts = ".".join(encode(json.dumps(each).encode()) for each in (header, claims))
    return f"{parts}.{encode(sign(parts.encode()))}"


def sign_rs256(key: rsa.RSAPrivateKey) -> Callable[[bytes], bytes]:
    return lambda text: key.sign(text, padding.PKCS1v15(), SHA256())


def sign_hs256(key: bytes) -> Callable[[bytes], bytes]:
    return lambda text: hmac.digest(key, text, "sha256")


def get_public_pem() -> bytes:
    return get_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def with_claims(**changed: Any) -> Callable[[Part, Part, str], str]:
    """The right key under other claims; None takes one away."""

    def tamper(header: Part, claims: Part, _: str) -> str:
        both = {**claims, **changed}
        kept = {name: value for name, value in both.items() if value is not None}
        return build(header, kept, sign_rs256(get_key()))

    return tamper


def edit(header: Part, claims: Part, token: str) -> str:
    """Another person under the signature of the first."""
    signature = decode(token.rpartition(".")[2])
    return build(header, {**claims, "sub": "d-1", "roles": ["dsl"]}, lambda _: signature)


#: The ways, each from a header, claims and the whole token to another token.
WAYS: dict[str, Callable[[Part, Part, str], str]] = {
    "honest": lambda _header, _claims, token: token,
    "honest, signed by the test": with_claims(),
    "no algorithm": lambda h, c, _: build({**h, "alg": "none"}, c, lambda _: b""),
    "no algorithm, in capitals": lambda h, c, _: build({**h, "alg": "NONE"}, c, lambda _: b""),
    "no signature": lambda h, c, _: build(h, c, lambda _: b""),
    "a symmetric algorithm, by the client's secret": lambda h, c, _: build(
        {**h, "alg": "HS256"}, c, sign_hs256(CLIENT_SECRET)
    ),
    "a symmetric algorithm, by the public key": lambda h, c, _: build(
        {**h, "alg": "HS256"}, c, sign_hs256(get_public_pem())
    ),
    "another algorithm in the header": lambda h, c, _: build(
        {**h, "alg": "RS512"}, c, sign_rs256(get_key())
    ),
    "another key": lambda h, c, _: build(h, c, sign_rs256(rsa.generate_private_key(65537, 2048))),
    "another person under the signature": edit,
    "another nonce": with_claims(nonce="of another trip"),
    "no nonce": with_claims(nonce=None),
    "another issuer": with_claims(iss="http://localhost:1"),
    "another audience": with_claims(aud="app-9"),
    "expired": with_claims(exp=1_000_000_000),
}


def make_app() -> Any:
    app: Any = mock.app(require_nonce=True)
    state: dict[str, Any] = {"way": "honest", "codes_without_challenge": 0}
    challenges: dict[str, str | None] = {}

    def crooked() -> Part:
        if flask.request.method == "PUT":
            state["way"] = flask.request.get_data(as_text=True)
        return {**state, "ways": list(WAYS)}

    def demand_verifier() -> tuple[Part, int] | None:
        if flask.request.path != "/oauth2/token":
            return None
        form = flask.request.form
        digest = encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        is_right = challenges.get(form.get("code", "")) == digest
        return None if is_right else ({"error": "invalid_grant"}, 400)

    def tamper(answer: flask.Response) -> flask.Response:
        if flask.request.path == "/oauth2/authorize" and "code=" in (answer.location or ""):
            (code,) = parse_qs(urlsplit(answer.location or "").query)["code"]
            asked = flask.request.args
            is_s256 = asked.get("code_challenge_method") == "S256"
            challenges[code] = asked.get("code_challenge") if is_s256 else None
            state["codes_without_challenge"] += challenges[code] is None
        if flask.request.path == "/oauth2/token" and answer.status_code == 200:
            body = json.loads(answer.get_data())
            token = body["id_token"]
            header, claims, _ = token.split(".")
            way = WAYS[state["way"]]
            body["id_token"] = way(json.loads(decode(header)), json.loads(decode(claims)), token)
            answer.set_data(json.dumps(body))
        return answer

    app.add_url_rule("/crooked", view_func=crooked, methods=["GET", "PUT"])
    app.before_request(demand_verifier)
    app.after_request(tamper)
    return app


if __name__ == "__main__":
    make_server("localhost", int(sys.argv[1]), make_app(), threaded=True).serve_forever()
