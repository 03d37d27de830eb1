/** Before the names of programs' channels. */
const OWN = "disco.program.";

/**
 * The browser's class for programs, whose channels have names of their own: on channels of the same
 * origin the kernels agree on which of them has a container.
 */
export function ownBroadcastChannel(Native: typeof BroadcastChannel): typeof BroadcastChannel {
  const { prototype } = Native;
  const name = Object.getOwnPropertyDescriptor(prototype, "name");
  const own: typeof BroadcastChannel = new Proxy(Native, {
    construct(target, args: readonly unknown[], newTarget) {
      const given = args.length === 0 ? [] : [OWN + String(args[0])];
      return Reflect.construct(target, given, newTarget === own ? target : newTarget) as object;
    },
  });
  Object.defineProperties(prototype, {
    constructor: { value: own },
    name: {
      ...name,
      get(this: BroadcastChannel) {
        return String(name?.get?.call(this)).slice(OWN.length);
      },
    },
  });
  return own;
}
