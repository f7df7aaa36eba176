/** A refusal as RFC 9457 describes it, with the fields that this API adds. */
export interface ProblemBody {
  type?: string;
  title?: string;
  detail?: string;
  status?: number;
  /** The kind of problem, for programs: the same in every language. */
  code?: string;
  /** The request field that is at fault, as a name or a JSON pointer. */
  field?: string;
  /** What to do about it, in the reader's language where the server knows it. */
  remedy?: string;
  errors?: { field?: string; code?: string; pointer?: string; detail?: string; message?: string }[];
}

/** Why a request did not work, ready to be shown where it belongs. */
export class Problem extends Error {
  readonly status: number;
  readonly body: ProblemBody;
  /** Seconds after which the server invites another try. */
  readonly retryAfter: number | undefined;

  constructor(status: number, body: ProblemBody, retryAfter?: number) {
    super(body.detail ?? body.title ?? `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.body = body;
    this.retryAfter = retryAfter;
  }

  /** The request field at fault, without a pointer's slashes; undefined when the whole request is. */
  get field(): string | undefined {
    const first = this.body.errors?.[0];
    const named = this.body.field ?? first?.field ?? first?.pointer;
    return named?.replace(/^#?\//, "").split(/[/.[]/)[0];
  }

  /** The problem of a response that is not a success; never throws, whatever the body holds. */
  static async of(response: Response): Promise<Problem> {
    const wait = Number(response.headers.get("Retry-After") ?? Number.NaN);
    let body: ProblemBody = {};
    try {
      const read: unknown = await response.json();
      if (read !== null && typeof read === "object") body = read;
    } catch {
      body = { title: response.statusText };
    }
    return new Problem(response.status, body, Number.isFinite(wait) ? wait : undefined);
  }

  /** What stands for a server that did not answer at all. */
  static network(): Problem {
    return new Problem(0, { title: "network" });
  }
}
