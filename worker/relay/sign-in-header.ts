/** Says over the upgrade, from the worker to the relay, which sign-in the tab's ticket came from. */
export const SIGN_IN_HEADER = "Disco-Sign-In";
