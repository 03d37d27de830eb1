declare module "workerd" {
  /** A CommonJS module: what it exports by default is a member here. */
  const workerd: {
    /** Path of the program for this machine. */
    readonly default: string;
  };
  export default workerd;
}
