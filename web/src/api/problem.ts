import type { components } from "./schema";

/** One refused field of a request; `field` is its path in the body, such as `email`. */
export type FieldProblem = components["schemas"]["ProblemField"];

interface Details {
  status: number;
  code: string;
  title: string;
  detail?: string;
  requestId?: string;
  errors?: FieldProblem[];
  retryAfterMs?: number;
}

/** Every failure of a call: what the server said (RFC 9457), or that it could not be reached. */
export class Problem extends Error {
  /** The HTTP status; 0 when no answer came. */
  readonly status: number;
  /** The stable code of the failure, such as `invalid_credentials`. */
  readonly code: string;
  readonly detail: string | undefined;
  readonly requestId: string | undefined;
  readonly errors: readonly FieldProblem[];
  readonly retryAfterMs: number | undefined;

  constructor(details: Details, options?: ErrorOptions) {
    super(details.detail ?? details.title, options);
    this.name = "Problem";
    this.status = details.status;
    this.code = details.code;
    this.detail = details.detail;
    this.requestId = details.requestId;
    this.errors = details.errors ?? [];
    this.retryAfterMs = details.retryAfterMs;
  }

  /** No answer, or one from a server that is starting, stopping or behind a broken proxy. */
  get isUnreachable(): boolean {
    return this.status === 0 || (this.code === "unknown" && this.status >= 502 && this.status <= 504);
  }

  /** Whether the same call may well succeed a moment later. */
  get isTransient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

function retryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get("retry-after"));
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function isFieldProblem(value: unknown): value is FieldProblem {
  return typeof value === "object" && value !== null && "field" in value && "code" in value;
}

/** Reads a failed answer; one that is no problem+json (a proxy's page) becomes code `unknown`. */
export async function problemFrom(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const said: Record<string, unknown> = typeof body === "object" && body !== null ? { ...body } : {};
  return new Problem({
    status: response.status,
    code: text(said["code"]) ?? "unknown",
    title: text(said["title"]) ?? `HTTP ${response.status}`,
    detail: text(said["detail"]),
    requestId: text(said["requestId"]) ?? response.headers.get("x-request-id") ?? undefined,
    errors: Array.isArray(said["errors"]) ? said["errors"].filter(isFieldProblem) : [],
    retryAfterMs: retryAfter(response),
  });
}

/** The problem of a call that got no answer at all. */
export function unreachable(cause: unknown): Problem {
  return new Problem({ status: 0, code: "network_unreachable", title: "The server cannot be reached." }, { cause });
}

/** Any thrown value as a problem, so that every error is shown in one way. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const title = error instanceof Error ? error.message : String(error);
  return new Problem({ status: -1, code: "page_failed", title }, { cause: error });
}
