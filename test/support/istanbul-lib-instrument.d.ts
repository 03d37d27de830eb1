/** The part of the package that worker-coverage.ts uses; it has no types of its own. */
declare module "istanbul-lib-instrument" {
  export interface InstrumenterOptions {
    /** Name of the global that holds the counters. */
    readonly coverageVariable: string;
    /** Expression of the global object. */
    readonly coverageGlobalScope: string;
    /** Whether that expression is evaluated by `new Function`, which workerd forbids. */
    readonly coverageGlobalScopeFunc: boolean;
    readonly esModules: boolean;
    readonly compact: boolean;
  }
  export interface Instrumenter {
    instrumentSync(code: string, filename: string, inputSourceMap?: object): string;
  }
  export function createInstrumenter(options: InstrumenterOptions): Instrumenter;
}
