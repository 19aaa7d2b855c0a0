/**
 * Signatures of webhook requests: how senders make them, and whether one is right. Every scheme is HMAC-SHA256 over the
 * raw bytes of the body; see docs/webhooks.md.
 */

export type Scheme = "gorax" | "github" | "stripe" | "standard";

/** Raw bytes, or a text that stands for its UTF-8. */
export type Body = string | Uint8Array;

export interface Signed {
  /** Of scheme `standard`: names the message, so that a repeated one is recognised. */
  messageId?: string;
  /** Seconds since 1970; now, if left out. */
  now?: number;
}

/** The request is not signed as it should be. */
export class SignatureError extends Error {
  override readonly name = "SignatureError";
}

/** Seconds that a signed time may differ from ours, in the schemes that sign one. */
const TOLERANCE = 300;
/** Signatures of one header that are looked at; senders send one for each of their current keys. */
const MAX_SIGNATURES = 20;
const SECRET_PREFIX = "whsec_";

const text = new TextEncoder();

/** The headers with which a sender signs a body. */
export async function sign(
  scheme: Scheme,
  secret: string,
  body: Body,
  { messageId = crypto.randomUUID(), now = seconds() }: Signed = {},
): Promise<Record<string, string>> {
  const time = String(Math.trunc(now));
  switch (scheme) {
    case "gorax":
    case "github":
      return { [PREFIXED[scheme]]: `sha256=${hex(await digest(text.encode(secret), bytes(body)))}` };
    case "stripe":
      return { "stripe-signature": `t=${time},v1=${hex(await digest(text.encode(secret), joined(`${time}.`, body)))}` };
    case "standard":
      return {
        "webhook-id": messageId,
        "webhook-timestamp": time,
        "webhook-signature": `v1,${base64(await digest(standardKey(secret), joined(`${messageId}.${time}.`, body)))}`,
      };
  }
}

/**
 * Checks a request against a secret, or several of which one must fit. `headers` are those of the request, whatever the case of
 * their names. Throws `SignatureError`, whose message says what is wrong and never what would be right.
 */
export async function verify(
  scheme: Scheme,
  secrets: string | readonly string[],
  headers: Headers | Record<string, string | string[] | undefined>,
  body: Body,
  { now = seconds() }: Pick<Signed, "now"> = {},
): Promise<void> {
  const keys = typeof secrets === "string" ? [secrets] : secrets;
  switch (scheme) {
    case "gorax":
    case "github": {
      const name = PREFIXED[scheme];
      const given = header(headers, name);
      const signature = given.startsWith("sha256=") ? fromHex(given.slice("sha256=".length)) : undefined;
      return mustFit(name, [signature], keys.map((key) => text.encode(key)), bytes(body));
    }
    case "stripe": {
      const name = "stripe-signature";
      const parts = header(headers, name).split(",").map((part) => part.trim().split("="));
      const times = parts.filter(([key]) => key === "t").map(([, value]) => value ?? "");
      const given = parts.filter(([key]) => key === "v1").map(([, value]) => fromHex(value ?? ""));
      if (times.length !== 1 || given.length === 0) {
        throw new SignatureError(`${name} must have one t and at least one v1`);
      }
      const time = checkTime(times[0] ?? "", now);
      return mustFit(name, given, keys.map((key) => text.encode(key)), joined(`${time}.`, body));
    }
    case "standard": {
      const name = "webhook-signature";
      const messageId = header(headers, "webhook-id");
      const time = checkTime(header(headers, "webhook-timestamp"), now);
      const given = header(headers, name)
        .split(" ")
        .map((part) => (part.startsWith("v1,") ? fromBase64(part.slice("v1,".length)) : undefined));
      return mustFit(name, given, keys.map(standardKey), joined(`${messageId}.${time}.`, body));
    }
  }
}

const PREFIXED = { gorax: "x-webhook-signature", github: "x-hub-signature-256" } as const;

function seconds(): number {
  return Date.now() / 1000;
}

function header(headers: Headers | Record<string, string | string[] | undefined>, name: string): string {
  const found =
    headers instanceof Headers
      ? headers.get(name)
      : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  if (typeof found !== "string" || found === "") {
    throw new SignatureError(`the header ${name} is missing, or there several times`);
  }
  return found;
}

function checkTime(time: string, now: number): string {
  if (!/^[0-9]{1,12}$/.test(time)) throw new SignatureError("the signed time is not a number of seconds");
  if (Math.abs(now - Number(time)) > TOLERANCE) {
    throw new SignatureError(`the signed time is more than ${TOLERANCE} seconds off`);
  }
  return time;
}

async function mustFit(
  name: string,
  given: readonly (Bytes | undefined)[],
  keys: readonly Bytes[],
  signed: Bytes,
): Promise<void> {
  const checks = given
    .slice(0, MAX_SIGNATURES)
    .flatMap((one) => (one === undefined ? [] : keys.map((key) => fits(key, one, signed))));
  if (!(await Promise.all(checks)).includes(true)) {
    throw new SignatureError(`the signature in ${name} does not fit the body`);
  }
}

type Bytes = Uint8Array<ArrayBuffer>;

const HMAC = { name: "HMAC", hash: "SHA-256" };

async function digest(key: Bytes, message: Bytes): Promise<Bytes> {
  const imported = await crypto.subtle.importKey("raw", key, HMAC, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign(HMAC.name, imported, message));
}

// `verify` takes as long whatever is wrong.
async function fits(key: Bytes, signature: Bytes, message: Bytes): Promise<boolean> {
  const imported = await crypto.subtle.importKey("raw", key, HMAC, false, ["verify"]);
  return crypto.subtle.verify(HMAC.name, imported, signature, message);
}

function bytes(body: Body): Bytes {
  return typeof body === "string" ? text.encode(body) : new Uint8Array(body);
}

function joined(before: string, body: Body): Bytes {
  const parts = [text.encode(before), bytes(body)] as const;
  const whole = new Uint8Array(parts[0].length + parts[1].length);
  whole.set(parts[0]);
  whole.set(parts[1], parts[0].length);
  return whole;
}

/** The bytes that a secret of scheme `standard` stands for; as the text it is, where it is no base64. */
function standardKey(secret: string): Bytes {
  const encoded = secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret;
  return fromBase64(encoded) ?? text.encode(secret);
}

function hex(value: Bytes): string {
  return Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(value: string): Bytes | undefined {
  if (!/^([0-9a-f]{2})+$/.test(value)) return undefined;
  return Uint8Array.from(value.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function base64(value: Bytes): string {
  return btoa(String.fromCharCode(...value));
}

function fromBase64(value: string): Bytes | undefined {
  if (!/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)) return undefined;
  return Uint8Array.from(atob(value), (character) => character.charCodeAt(0));
}
