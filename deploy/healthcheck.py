"""Does this container's web server answer? Asked as the proxy would: in the site's name, and over TLS."""

import http.client
import os
import sys

host = os.environ["ALLOWED_HOSTS"].split(",")[0].lstrip(".")
line = http.client.HTTPConnection("127.0.0.1", 8000, timeout=5)
line.request("GET", "/healthz", headers={"Host": host, "X-Forwarded-Proto": "https"})
sys.exit(0 if line.getresponse().status == 200 else 1)
