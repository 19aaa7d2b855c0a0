// The public API, in the name of one tenant.

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export class Api {
  constructor(tenant) {
    this.tenant = tenant;
  }

  /** What the API answers to a GET; parameters without a value are left out. */
  async get(path, parameters = {}, signal = undefined) {
    return (await this.#ask("GET", path, parameters, { signal })).json();
  }

  async post(path) {
    return (await this.#ask("POST", path, {}, {})).json();
  }

  /** A picture, as an address that an image can have; revoke it when it is not shown any more. */
  async picture(path, signal) {
    const answer = await this.#ask("GET", path, {}, { signal, headers: { Accept: "image/svg+xml" } });
    return URL.createObjectURL(await answer.blob());
  }

  async #ask(method, path, parameters, { signal, headers = {} }) {
    const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
    const address = `/api/v1${path}${query.size ? `?${query}` : ""}`;
    let answer;
    try {
      answer = await fetch(address, { method, signal, headers: { "X-Tenant-ID": this.tenant, ...headers } });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new ApiError(0, "The API cannot be reached.");
    }
    if (answer.ok) return answer;
    const body = await answer.json().catch(() => ({}));
    throw new ApiError(answer.status, body.error ?? `The API answered ${answer.status}.`);
  }
}
