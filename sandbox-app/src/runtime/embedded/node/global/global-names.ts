/** Globals of Node 24 beyond those of the language; everything else of a worker is taken away. */
export const nodeGlobals: readonly string[] = (
  "process global Buffer queueMicrotask structuredClone atob btoa performance fetch navigator crypto " +
  "console setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate URL " +
  "URLSearchParams TextEncoder TextDecoder AbortController AbortSignal Event EventTarget MessageChannel " +
  "MessagePort MessageEvent DOMException Blob File FormData Headers Request Response BroadcastChannel " +
  "WebSocket CloseEvent CustomEvent EventSource Storage localStorage sessionStorage Crypto CryptoKey " +
  "SubtleCrypto Navigator URLPattern Performance PerformanceEntry PerformanceMark PerformanceMeasure " +
  "PerformanceObserver PerformanceObserverEntryList PerformanceResourceTiming ReadableStream " +
  "ReadableStreamDefaultReader ReadableStreamBYOBReader ReadableStreamBYOBRequest " +
  "ReadableByteStreamController ReadableStreamDefaultController TransformStream " +
  "TransformStreamDefaultController WritableStream WritableStreamDefaultController " +
  "WritableStreamDefaultWriter ByteLengthQueuingStrategy CountQueuingStrategy TextEncoderStream " +
  "TextDecoderStream CompressionStream DecompressionStream WebAssembly"
).split(" ");

/** Globals of the language (ECMA-262, 19), and what V8 adds to them. */
export const languageGlobals: readonly string[] = (
  "Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date " +
  "Promise RegExp Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError " +
  "URIError SuppressedError DisposableStack AsyncDisposableStack globalThis JSON Math Intl ArrayBuffer " +
  "Atomics Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array BigUint64Array " +
  "BigInt64Array Uint8ClampedArray Float32Array Float64Array Float16Array DataView Map BigInt Set Iterator " +
  "WeakMap WeakSet WeakRef Proxy Reflect FinalizationRegistry decodeURI decodeURIComponent encodeURI " +
  "encodeURIComponent escape unescape eval isFinite isNaN SharedArrayBuffer Temporal"
).split(" ");
