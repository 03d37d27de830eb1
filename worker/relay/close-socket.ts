/** Closes a socket that may be closed already. */
export function closeSocket(socket: WebSocket, code: number, reason: string): void {
  try {
    socket.close(code, reason);
  } catch {
    // It was closed already, which is what was wanted.
  }
}

/** Codes that only report a loss may not be sent (RFC 6455, section 7.4.1). */
export function isSendable(code: number): boolean {
  return code !== 1005 && code !== 1006 && code !== 1015;
}
