/** What the tests need of a client, whichever it is. */
export interface AnyClient {
  listTools(): Promise<string[]>;
  call(name: string, args: Record<string, unknown>): Promise<ToolResult>;
  close(): Promise<void>;
}

export interface ToolResult {
  readonly isError?: boolean | undefined;
  readonly structuredContent?: unknown;
}

/** The Disco that clients connect to. */
export interface Service {
  readonly origin: string;
  readonly mcp: string;
}

/** What a client sends with each request, once it may come in. */
export interface Credentials {
  readonly authorization: string;
}

/**
 * How a client gets its credentials; the one step that differs from door to door.
 *
 * @param client by which name it asks
 */
export type SignIn = (client: string) => Promise<Credentials>;

/** A kind of client. */
export interface ClientKind {
  readonly name: string;
  connect(service: Service, signIn: SignIn): Promise<AnyClient>;
}

/** Signs in with a token that was given to the person. */
export const withToken =
  (token: string): SignIn =>
  () =>
    Promise.resolve({ authorization: `Bearer ${token}` });
