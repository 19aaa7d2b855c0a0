import assert from "node:assert/strict";
import { test } from "node:test";

import { type Scheme, sign, SignatureError, verify } from "../src/signatures.js";
import { BASE_URL, client, workflow } from "./api.js";

const SCHEMES: Scheme[] = ["gorax", "github", "stripe", "standard"];
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const BODY = '{"name": "Grüße"}';

for (const scheme of SCHEMES) {
  test(`${scheme}: what we sign, a webhook takes`, async () => {
    const gorax = client();
    const workflow_id = await workflow(gorax, [{ id: "note", type: "log", config: { message: "hello" } }]);
    const { data, error } = await gorax.POST("/api/v1/webhooks", {
      body: { name: scheme, workflow_id, auth_type: "signature", scheme },
    });
    assert.ok(data, error?.error);
    const { url, secret } = data.data;
    assert.ok(secret);
    const send = async (body: string): Promise<number> => {
      const headers = { ...(await sign(scheme, secret, BODY)), "Content-Type": "application/json" };
      const answer = await fetch(new URL(new URL(url).pathname, BASE_URL), { method: "POST", headers, body });
      return answer.status;
    };
    assert.equal(await send(BODY), 202);
    assert.equal(await send(`${BODY} `), 401);
  });

  test(`${scheme}: what we sign, we know again, and nothing else`, async () => {
    const headers = await sign(scheme, SECRET, BODY);
    await verify(scheme, SECRET, headers, new TextEncoder().encode(BODY));
    await verify(scheme, ["another secret", SECRET], new Headers(headers), BODY);
    const shouted = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
    await verify(scheme, SECRET, shouted, BODY);
    await assert.rejects(verify(scheme, SECRET, headers, `${BODY} `), SignatureError);
    await assert.rejects(verify(scheme, "another secret", headers, BODY), SignatureError);
    await assert.rejects(verify(scheme, [], headers, BODY), SignatureError);
    await assert.rejects(verify(scheme, SECRET, {}, BODY), /missing/);
    for (const name of Object.keys(headers)) {
      for (const value of ["sha256=", "sha256=zz", "t=1", "v1,", "v1,???", ",", "é"]) {
        await assert.rejects(verify(scheme, SECRET, { ...headers, [name]: value }, BODY), SignatureError);
      }
    }
  });
}

test("signed times are looked at", async () => {
  for (const scheme of ["stripe", "standard"] as const) {
    const headers = await sign(scheme, SECRET, BODY, { now: 1_000_000 });
    await verify(scheme, SECRET, headers, BODY, { now: 1_000_300 });
    await assert.rejects(verify(scheme, SECRET, headers, BODY, { now: 1_000_301 }), /seconds off/);
  }
});

test("the example that GitHub publishes", async () => {
  const signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
  await verify("github", "It's a Secret to Everybody", { "x-hub-signature-256": signature }, "Hello, World!");
});

test("the example that Standard Webhooks publishes", async () => {
  const headers = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  };
  await verify("standard", SECRET, headers, '{"test": 2432232314}', { now: 1_614_265_330 });
});
