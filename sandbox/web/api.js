// Talking to the sandbox server. Every failure leaves here as a SandboxError whose message can be shown to a person.

import { explain } from "./refusals.js";

const ROOT = "/sandbox";

export class SandboxError extends Error {}

async function call(method, path, body) {
  const isForm = body instanceof FormData;
  const request = { method, cache: "no-store" };
  if (body !== undefined) {
    request.body = isForm ? body : JSON.stringify(body);
    if (!isForm) request.headers = { "Content-Type": "application/json" };
  }
  let response;
  try {
    response = await fetch(ROOT + path, request);
  } catch (cause) {
    throw new SandboxError("Песочница не отвечает. Проверьте, что она запущена.", { cause });
  }
  const text = await response.text();
  const data = parse(text);
  if (!response.ok) throw new SandboxError(explain(response.status, String(data?.error ?? "")));
  return data ?? {};
}

/** The answer as JSON, or null: an answer without a body is normal, and an HTML error page has nothing to show. */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export const get = (path) => call("GET", path);
export const post = (path, body = {}) => call("POST", path, body);
export const remove = (path) => call("DELETE", path);

/** Follows the server's stream for ever: `heard(event)` per event, `linked(bool)` as the line comes and goes. */
export function follow(heard, linked) {
  let pause = 500;
  const connect = () => {
    const stream = new EventSource(`${ROOT}/stream`);
    stream.onopen = () => {
      pause = 500;
      linked(true);
    };
    stream.onmessage = (event) => heard(parse(event.data) ?? {});
    stream.onerror = () => {
      // The browser retries by itself only after some kinds of failure, and at its own pace; ours covers all of them.
      stream.close();
      linked(false);
      setTimeout(connect, pause);
      pause = Math.min(pause * 2, 8000);
    };
  };
  connect();
}
