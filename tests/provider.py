"""A small OpenID provider on loopback: whoever asks is the person that the test says, with a signed token."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "desk", "between us"


@dataclass
class Provider:
    """Where it is, and what it says of whoever comes."""

    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    refuses: bool = False
    codes: dict[str, str] = field(default_factory=dict)
    verifiers: list[str] = field(default_factory=list)


@contextmanager
def provided() -> Iterator[Provider]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    about = Provider()

    class Answers(BaseHTTPRequestHandler):
        def log_message(self, *_given: Any) -> None:
            pass

        def told(self, body: Any) -> None:
            data = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            where = urlsplit(self.path)
            if where.path.endswith("openid-configuration"):
                ends = {f"{name}_endpoint": f"{about.url}/{name}" for name in ("authorization", "token", "userinfo")}
                self.told({"issuer": about.url, "jwks_uri": f"{about.url}/keys", **ends})
            elif where.path == "/authorization":
                asked = {name: values[0] for name, values in parse_qs(where.query).items()}
                about.codes["c1"] = asked.get("code_challenge", "")
                back = {"error": "access_denied"} if about.refuses else {"code": "c1"}
                self.send_response(302)
                self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(back | {'state': asked['state']})}")
                self.end_headers()
            elif where.path == "/userinfo":
                self.told({"sub": "u1", **about.claims})
            else:
                public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
                self.told({"keys": [public | {"kid": "k1"}]})

        def do_POST(self) -> None:
            sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            about.verifiers += sent.get("code_verifier", [])
            now = int(time.time())
            token = {"iss": about.url, "aud": CLIENT, "sub": "u1", "iat": now, "exp": now + 60, **about.claims}
            signed = jwt.encode(token, key, algorithm="RS256", headers={"kid": "k1"})
            self.told({"access_token": "a", "token_type": "Bearer", "id_token": signed})

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    about.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield about
    finally:
        server.shutdown()
        server.server_close()
